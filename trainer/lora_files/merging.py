"""Several LoRAs as one, whose effect at weight 1 is the sum of theirs at their weights."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import torch

from trainer.errors import TrainerError
from trainer.lora_files.layers import FACTORED, Parts, Plain, halves, kind_of, plain
from trainer.lora_files.names import kernel
from trainer.lora_files.reading import LoraFile
from trainer.lora_files.resizing import Kept, Limit, shrunk, title


def merge(
    files: Sequence[LoraFile], weights: Sequence[float], limit: Limit | None = None
) -> tuple[dict[str, Parts], Kept]:
    """One plain LoRA with the layers of all: ranks one after another, or cut down to `limit`.

    Raises TrainerError for types that depend on the base model, and for different families.
    """
    families = {file.family for file in files}
    if len(weights) != len(files):
        raise TrainerError(
            f"For {len(files)} LoRAs there are {len(weights)} weights.", "Give one for each."
        )
    if len(families) > 1:
        raise TrainerError(
            f"The {len(files)} LoRAs are for different base models.", "Merge LoRAs of one family."
        )
    layers, kept = {}, Kept()
    for name in dict.fromkeys(name for file in files for name in file.layers):
        terms = [
            (_plain(file, name), weight)
            for file, weight in zip(files, weights, strict=True)
            if name in file.layers
        ]
        found = total([one for one, _ in terms], [weight for _, weight in terms], name)
        if limit is not None:
            found, share = shrunk(found, limit)
            kept += share
        layers[name] = found.parts()
    return layers, kept


def total(layers: Sequence[Plain], weights: Sequence[float], name: str = "") -> Plain:
    """sum_i w_i up_i @ down_i = [w_1 up_1 ... w_n up_n] @ [down_1; ...; down_n], exactly.

    Each weight is shared by its two matrices (sd-scripts svd_merge_lora.py and
    merge_lora.py --concat put it into one). Raises TrainerError where the shapes differ.
    """
    kernel_sides = max((layer.kernel for layer in layers), key=len)
    shapes = {(layer.up.shape[0], layer.down.shape[1]) for layer in layers}
    sides = {prod(layer.kernel) for layer in layers}
    if len(shapes) > 1 or len(sides) > 1:
        raise TrainerError(
            f"The layer {name} has another size in one of the LoRAs.",
            "Merge LoRAs of one family.",
        )
    scales = [halves(weight) for weight in weights]
    ups = [one.up * first for one, (first, _) in zip(layers, scales, strict=True)]
    downs = [one.down * second for one, (_, second) in zip(layers, scales, strict=True)]
    return Plain(torch.cat(ups, dim=1), torch.cat(downs), kernel_sides)


def _plain(file: LoraFile, name: str) -> Plain:
    parts = file.layers[name]
    if kind_of(parts) not in FACTORED or "dora_scale" in parts:
        raise TrainerError(
            f"The layer {name} of {file.path.name} is of the type {title(parts)}, "
            "which cannot be added to others as it is.",
            "Convert the file to plain LoRA first.",
        )
    return plain(parts, kernel(name, file.family))
