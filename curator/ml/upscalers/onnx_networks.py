"""Upscalers as ONNX files, waifu2x among them; scale and lost border are read from what they give.

nagadomi/nunif's networks give `scale * n - 2 * offset` pixels for n; its Swin networks take n = 16
+ 48 k and others multiples of 64, so what is free is given 64, 256 or 448 pixels.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curator.core.errors import UserError
from curator.ml.onnx_sessions import OnnxModel, open_model

_FREE_SIDES = (448, 256, 64)
_TRIED = ((64, 112), (64, 128))  # sizes that tell scale and border of a network
_MOST_SCALE = 16


class OnnxNetwork:
    """A network that is ready. `border`: pixels of what it is given that it shows nothing of."""

    def __init__(self, path: Path, threads: int = 0, *, use_card: bool = True) -> None:
        """Open the network in a file. Raises UserError for one that is no upscaler."""
        self._model = open_model(path, threads, use_card=use_card)
        if self._model.channels not in (1, 3, None):
            raise _no_upscaler(path, "it takes no pictures in red, green and blue")
        self.on_card, self.runs_on = self._model.on_card, self._model.runs_on
        self.scale, lost = _measured(self._model, self._fixed())
        self.border = -(-lost // self.scale)
        self.shift = self.border * self.scale - lost  # pixels given beyond what is wanted
        side = self._fixed()
        self.sides: tuple[int, ...] = (side,) if side else _FREE_SIDES

    def _fixed(self) -> int | None:
        """The one size that it takes. Raises UserError where width and height differ."""
        if self._model.width != self._model.height:
            raise _no_upscaler(self._model.path, "it takes pictures of one shape alone")
        return self._model.width

    def grown(self, side: int) -> int:
        """The nearest number of pixels that the network takes which is not smaller."""
        return min((one for one in self.sides if one >= side), default=self.sides[0])

    def run(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(height, width, 3) enlarged, without the border. Raises UserError."""
        return _run(self._model, pixels)


def _run(model: OnnxModel, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    levels = pixels if model.dtype == "uint8" else pixels.astype(np.float32) / np.float32(255)
    # A network of one channel sees red, green and blue as three pictures.
    given = levels.transpose(2, 0, 1)[..., None] if model.channels == 1 else levels[None]
    if not model.channels_last:
        given = given.transpose(0, 3, 1, 2)
    made = np.asarray(model.run(given, model.outputs[:1])[0])
    if made.ndim != 4:
        raise _no_upscaler(model.path, "it gives no picture")
    if not model.channels_last:
        made = made.transpose(0, 2, 3, 1)
    made = made[..., 0].transpose(1, 2, 0) if model.channels == 1 else made[0]
    if made.shape[2] != 3:
        raise _no_upscaler(model.path, "it gives no picture")
    if made.dtype == np.uint8:
        return made
    return np.asarray(np.clip(made, 0, 1) * np.float32(255) + np.float32(0.5), np.uint8)


def _measured(model: OnnxModel, fixed: int | None) -> tuple[int, int]:
    """(scale, pixels of what it gives that are lost at each side)."""
    if fixed:
        made = _given(model, fixed)
        scale = -(-made // fixed)
        return _checked(model, scale, scale * fixed - made)
    try:
        small, large = _TRIED[0]
        first, second = _given(model, small), _given(model, large)
    except UserError:  # some take nothing but multiples of a power of two
        small, large = _TRIED[1]
        first, second = _given(model, small), _given(model, large)
    scale = (second - first) // (large - small)
    return _checked(model, scale, scale * small - first)


def _given(model: OnnxModel, side: int) -> int:
    return len(_run(model, np.full((side, side, 3), 128, np.uint8)))


def _checked(model: OnnxModel, scale: int, lost: int) -> tuple[int, int]:
    if not 1 <= scale <= _MOST_SCALE or lost < 0 or lost % 2:
        raise _no_upscaler(model.path, "what it gives is no multiple of what it gets")
    return scale, lost // 2


def _no_upscaler(path: Path, why: str) -> UserError:
    return UserError(f"{path.name} is no upscaler: {why}.", "Choose another file.")
