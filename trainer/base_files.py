"""Base models on disk: folder or single file, of which family; `.ckpt` files are made safe."""

from __future__ import annotations

import json
import pickle
import struct
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from trainer.errors import TrainerError
from trainer.files import replaced

PICKLED = (".ckpt", ".pt", ".pth")
# What torch's safe reader raises for files that ask for code and for damaged ones.
_REFUSALS = (
    *(pickle.UnpicklingError, RuntimeError, AssertionError, AttributeError, TypeError),
    *(EOFError, ValueError, LookupError, OverflowError, struct.error),
)
_HEADER_LIMIT = 100_000_000  # bytes; the limit of the safetensors library itself
_UNET = "model.diffusion_model."
_CROSS_ATTENTION = f"{_UNET}input_blocks.{{}}.1.transformer_blocks.0.attn2.to_k.weight"
_WIDTHS = {768: "sd1", 1024: "sd2", 2048: "sdxl"}  # of the text states that the UNet attends to
_OTHER_PIPELINES = {
    "StableDiffusionXLPipeline": "sdxl",
    "StableDiffusion3Pipeline": "sd3",
    "FluxPipeline": "flux",
}


@dataclass(frozen=True, slots=True)
class BaseFile:
    """A base model that was found on disk: its family's name ("sd1", "sd2", "sdxl" ... or "")."""

    path: Path
    family: str

    @property
    def is_folder(self) -> bool:
        """Whether it is a diffusers folder, not a single safetensors file."""
        return self.path.is_dir()


def find_base(path: Path) -> BaseFile:
    """Look at a diffusers folder, a `.safetensors` file, or a `.ckpt`, which is converted.

    Raises TrainerError when it is none of them, is damaged, or cannot be converted safely.
    """
    if path.is_dir():
        return BaseFile(path, _family_of_folder(path))
    if not path.is_file():
        raise TrainerError(
            f"The base model {path} does not exist.",
            "Choose a .safetensors checkpoint or a diffusers folder.",
        )
    if path.suffix.lower() in PICKLED:
        path = convert_pickled(path)
    if path.suffix.lower() != ".safetensors":
        raise TrainerError(
            f"{path} is no base model that can be read.",
            "Choose a .safetensors checkpoint or a diffusers folder.",
        )
    return BaseFile(path, _family_of_file(path, read_shapes(path)))


def read_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the tensors in a safetensors file, from its header alone."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > _HEADER_LIMIT:
                raise ValueError("its header is too long")
            header = json.loads(file.read(length))
        return {name: tuple(row["shape"]) for name, row in header.items() if name != "__metadata__"}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise TrainerError(
            f"{path} is damaged or is not a safetensors file.", "Download it again."
        ) from error


def convert_pickled(path: Path) -> Path:
    """A pickled checkpoint as a safetensors file beside it, made once; only plain weights are read.

    Raises TrainerError when the file needs code to be run, when it holds no weights, or when the
    folder cannot be written.
    """
    target = path.with_name(path.name + ".safetensors")
    if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
        return target
    weights = _read_pickled(path)
    with replaced(target) as beside:
        try:
            save_file(weights, beside, {"format": "pt", "converted_from": path.name})
        except SafetensorError as error:
            raise TrainerError(
                f"{target} could not be written: {error}.", "Free some space beside the model."
            ) from error
    return target


def _read_pickled(path: Path) -> dict[str, torch.Tensor]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about how the file was written; it is read or refused
            content = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise TrainerError(f"Cannot read {path}: {error.strerror or error}.") from error
    except _REFUSALS as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise TrainerError(
            f"{path} was refused: it holds more than weights, or is damaged ({reason}).",
            "Such a file can run any program when it is opened. Get the model as .safetensors.",
        ) from error
    return _plain_weights(content, path)


def _plain_weights(content: Any, path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a state dict; separate copies, because safetensors knows no shared memory."""
    content = content.get("state_dict", content) if isinstance(content, Mapping) else {}
    weights = {
        str(name): value.clone().contiguous()
        for name, value in content.items()
        if isinstance(value, torch.Tensor)
    }
    if not weights:
        raise TrainerError(f"{path} holds no weights.", "Choose another file.")
    return weights


def _family_of_file(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> str:
    if not any(name.startswith(_UNET) for name in shapes):
        raise TrainerError(
            f"{path} is not a whole base model.",
            "It may be a LoRA, a VAE or a part of a model. Choose a checkpoint with UNet, VAE and"
            " text encoder in one file.",
        )
    _refuse_inpainting(path, shapes.get(f"{_UNET}input_blocks.0.0.weight", (0, 4))[1])
    for block in (1, 4):  # SDXL has no attention in its first blocks
        shape = shapes.get(_CROSS_ATTENTION.format(block))
        if shape is not None:
            return _family_of_width(shape[1])
    return ""


def _family_of_folder(path: Path) -> str:
    pipeline = _read_json(path / "model_index.json").get("_class_name", "")
    if pipeline in _OTHER_PIPELINES:
        return _OTHER_PIPELINES[pipeline]
    unet = _read_json(path / "unet" / "config.json")
    _refuse_inpainting(path, unet.get("in_channels", 4))
    width = unet.get("cross_attention_dim")
    return _family_of_width(width) if isinstance(width, int) else ""


def _family_of_width(width: int) -> str:
    # Small models of the same shape differ from SD 1.x in nothing but their widths.
    return "sd1" if width < min(_WIDTHS) else _WIDTHS.get(width, "")


def _refuse_inpainting(path: Path, channels: int) -> None:
    if channels != 4:
        raise TrainerError(
            f"{path} is an inpainting or editing model ({channels} input channels).",
            "Choose the ordinary version of the model.",
        )


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise TrainerError(
            f"{path.parent} is not a whole diffusers model: {path.name} cannot be read.",
            "Choose the folder that holds model_index.json, unet, vae and text_encoder.",
        ) from error
    return content if isinstance(content, dict) else {}
