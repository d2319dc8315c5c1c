"""What a layer of any type changes in the weight of its base model."""

from __future__ import annotations

import torch
from torch import Tensor

from trainer.lora_files.layers import (
    FACTORED,
    Parts,
    kind_of,
    on_input,
    plain,
)


def change(parts: Parts, base: Tensor | None = None) -> Tensor:
    """What is added to the weight at weight 1: (out, in * kernel), float32.

    `base` is the weight itself, needed for DoRA and IA3. LyCORIS: `full` and `norm` hold the
    change as it is; for the others see `plain`, `ia3` and `dora`. Raises ValueError for types that
    cannot be computed, and where the base is missing.
    """
    kind = kind_of(parts)
    weight = None if base is None else _flat(base)
    if kind in FACTORED:
        found = plain(parts).product()
    elif kind == "ia3":
        found = ia3(parts, _needed(weight))
    elif kind in ("full", "norm"):
        found = _flat(parts["diff" if kind == "full" else "w_norm"])
    else:
        raise ValueError("no program but its trainer computes")
    if "dora_scale" in parts:
        known = _needed(weight)
        return dora(known, found, parts["dora_scale"].float()) - known
    return found


def dora(weight: Tensor, added: Tensor, scale: Tensor) -> Tensor:
    """m (W + dW) / ||W + dW||, a norm for each row or for each input channel.

    Liu and others, DoRA, 2024, equation 5. The paper's columns are output rows in torch's layout:
    peft and newer LyCORIS store m as (out, 1); older LyCORIS took the norm over each input channel
    and stored (1, in). `weight` and `added` are (out, in * kernel).
    """
    whole = weight + added
    out = whole.shape[0]
    if scale.dim() > 1 and scale.shape[0] == 1 and scale.numel() > 1:  # (1, in)
        channels = whole.reshape(out, scale.numel(), -1)
        norms = torch.linalg.vector_norm(channels, dim=(0, 2), keepdim=True)
        return (channels * (scale.reshape(1, -1, 1) / _positive(norms))).reshape(out, -1)
    norms = torch.linalg.vector_norm(whole, dim=1, keepdim=True)
    return whole * (scale.reshape(out, 1) / _positive(norms))


def ia3(parts: Parts, weight: Tensor) -> Tensor:
    """W * w along the output rows, or the input channels (Liu and others, IA3, 2022; LyCORIS)."""
    factor = parts["ia3"].float().flatten()
    if on_input(parts):
        channels = weight.reshape(weight.shape[0], factor.numel(), -1)
        return (channels * factor.reshape(1, -1, 1)).reshape(weight.shape)
    return weight * factor.reshape(weight.shape[0], 1)


def bias_change(parts: Parts) -> Tensor | None:
    """What is added to the bias of the layer, if anything: `diff_b`, or `b_norm` of a norm."""
    found = parts.get("diff_b", parts.get("b_norm"))
    return None if found is None else found.float()


def _flat(weight: Tensor) -> Tensor:
    return weight.float().reshape(weight.shape[0], -1)


def _positive(norms: Tensor) -> Tensor:
    return norms.clamp(min=torch.finfo(norms.dtype).tiny)


def _needed(weight: Tensor | None) -> Tensor:
    if weight is None:
        raise ValueError("needs the base model")
    return weight
