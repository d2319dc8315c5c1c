"""Upscalers and filters of every architecture that spandrel knows, as .pth or .safetensors."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from curator.core.errors import UserError
from curator.ml.weights import read_weights

_SMALLEST = 16  # pixels; what some networks add at the edges is mirrored from inside
# Of tiles, by the free memory they want at half precision, in bytes: want of main memory ends
# programs, and of a card's makes drivers take main memory, before smaller tiles could help.
_SIDES = {1024: 12 << 30, 512: 3 << 30, 256: 0, 128: 0, 64: 0}
_WHOLE_SIDES = (4096, 2048, 1024, 512)  # of networks that should see all at once


class SpandrelNetwork:
    """A network that is ready; it loses no border."""

    border = 0
    shift = 0

    def __init__(self, path: Path, *, use_card: bool = True) -> None:
        """Open the network in a file. Raises UserError for one that is no upscaler."""
        weights = read_weights(path)
        import torch

        self.model = _descriptor(path, weights)
        on_card = use_card and torch.cuda.is_available()
        half = on_card and self.model.supports_half
        self.model.to(
            torch.device("cuda" if on_card else "cpu"), torch.float16 if half else torch.float32
        )
        self.model.eval()
        self.scale = int(self.model.scale)
        self.on_card = on_card
        self.runs_on = f"It runs on the {'NVIDIA card' if on_card else 'processor'}."
        is_tiled = self.model.tiling.name == "SUPPORTED"
        free = torch.cuda.mem_get_info()[0] if on_card else psutil.virtual_memory().available
        tiles = tuple(side for side, it in _SIDES.items() if free >= (it if half else 2 * it))
        self.sides: tuple[int, ...] = tiles if is_tiled else _WHOLE_SIDES

    def grown(self, side: int) -> int:
        """The nearest number of pixels that the network takes which is not smaller."""
        wanted = self.model.size_requirements
        multiple = int(wanted.multiple_of)
        return -(-max(side, int(wanted.minimum), _SMALLEST) // multiple) * multiple

    def run(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(height, width, 3) enlarged. Raises RuntimeError, as for want of memory."""
        import torch

        model = self.model
        given = torch.from_numpy(pixels.copy()).to(model.device).permute(2, 0, 1)
        given = given.to(model.dtype) / 255
        # A network of one channel sees red, green and blue as three pictures.
        given = given[:, None] if model.input_channels == 1 else given[None]
        with torch.inference_mode():
            made = model(given).float()
            if model.dtype == torch.float16 and not torch.isfinite(made).all():
                model.float()  # some weights overflow at half precision
                made = model(given.float())
            made = made[:, 0] if model.input_channels == 1 else made[0]
            levels = (made.clamp(0, 1) * 255 + 0.5).to(torch.uint8)
            levels = levels.permute(1, 2, 0).contiguous()  # rearranged by the card
        found: NDArray[np.uint8] = levels.cpu().numpy()
        return found


def _descriptor(path: Path, weights: dict[str, Any]) -> Any:
    import spandrel

    another = "Choose an upscaler such as an ESRGAN, SwinIR or DAT, or an ONNX one."
    try:
        state = spandrel.canonicalize_state_dict(weights)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of what is old in their authors' code
            model = spandrel.ModelLoader().load_from_state_dict(state)
    # What its readers raise where a file is of another kind, or spoilt.
    except (
        spandrel.UnsupportedModelError,
        *(RuntimeError, ValueError, KeyError, TypeError, AttributeError, IndexError),
    ) as error:
        raise UserError(f"{path.name} is no upscaler of a known kind.", another) from error
    if not isinstance(model, spandrel.ImageModelDescriptor):
        raise UserError(f"{path.name} fills in what is masked; it enlarges nothing.", another)
    if model.purpose == "FaceSR":
        raise UserError(f"{path.name} restores single faces; it enlarges no pictures.", another)
    if model.input_channels != model.output_channels or model.input_channels not in (1, 3):
        raise UserError(f"{path.name} takes no pictures in colour.", another)
    return model
