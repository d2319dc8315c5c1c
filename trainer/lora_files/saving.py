"""Writes layers as a LoRA file for other programs, and rescales one without touching the rest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from trainer.checkpoint import save_network, write_network
from trainer.errors import TrainerError
from trainer.lora_files import metadata as lora_metadata
from trainer.lora_files.layers import Parts, scaled
from trainer.lora_files.reading import LoraFile
from trainer.lora_files.resizing import title

_MATRICES = ("lora_down", "lora_up", "lora_mid")
_GLORA = ("a1", "a2", "b1", "b2")


def tensors_of(layers: Mapping[str, Parts]) -> dict[str, Tensor]:
    """The tensors of a file under Kohya's names."""
    return {
        f"{name}.{_written(part)}": tensor
        for name, parts in layers.items()
        for part, tensor in parts.items()
    }


def save_lora(
    path: Path, layers: Mapping[str, Parts], metadata: Mapping[str, str], precision: str
) -> None:
    """Write a LoRA, whole or not at all, in "fp16", "bf16" or "float".

    Raises TrainerError when a number is too large for that, and when the disk refuses.
    """
    hint = "Try --precision float; if that fails too, the LoRA is broken."
    save_network(path, tensors_of(layers), precision, metadata, hint)


def rescale(file: LoraFile, by: float, target: Path) -> None:
    """Write the LoRA so that weight 1 is where weight `by` was; only alphas change where they can.

    Raises TrainerError for types that no number in them scales.
    """
    layers = {}
    for name, parts in file.layers.items():
        try:
            layers[name] = scaled(parts, by)
        except ValueError as error:
            raise TrainerError(
                f"The layer {name} is of the type {title(parts)}, which {error}.",
                "Convert the file to plain LoRA first.",
            ) from error
    plain = {name: tensor.contiguous() for name, tensor in tensors_of(layers).items()}
    write_network(target, plain, lora_metadata.rescaled(file.metadata, by))


def _written(part: str) -> str:
    if part in _MATRICES or part in _GLORA:
        return f"{part}.weight"
    return "weight" if part == "ia3" else part
