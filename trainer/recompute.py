"""Gradient checkpointing: which blocks of a UNet compute twice what they would have to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diffusers.models.attention import BasicTransformerBlock
from diffusers.models.resnet import ResnetBlock2D

_LARGE_SHARE = 2 / 3  # of all that a pass keeps is in the large blocks
# Tensors of the size of its output that a part keeps for the way back.
_KEPT = {BasicTransformerBlock: 30, ResnetBlock2D: 8}


def checkpoint_gradients(unet: Any, blocks: str) -> None:
    """Have a UNet keep less: "whole" in all of its blocks, "large" where they keep the most."""
    unet.enable_gradient_checkpointing()
    if blocks == "whole":
        return
    down, up = list(unet.down_blocks), list(unet.up_blocks)
    levels = [*range(len(down)), len(down) - 1, *reversed(range(len(up)))]
    found = [*down, unet.mid_block, *up]
    kept = [_kept(block, level) for block, level in zip(found, levels, strict=True)]
    large = largest(kept, _LARGE_SHARE)
    for at, block in enumerate(found):
        for module in block.modules():
            if hasattr(module, "gradient_checkpointing"):
                module.gradient_checkpointing = at in large


def largest(sizes: Sequence[float], share: float) -> set[int]:
    """The fewest positions whose sizes come to at least `share` of the sum."""
    chosen: set[int] = set()
    for at in sorted(range(len(sizes)), key=lambda one: -sizes[one]):
        if sum(sizes[one] for one in chosen) >= share * sum(sizes):
            break
        chosen.add(at)
    return chosen


def _kept(block: Any, level: int) -> float:
    """How much a block keeps of a picture of unit area; each level halves both of its sides."""
    parts = sum(_KEPT.get(type(module), 0) for module in block.modules())
    return float(parts * block.resnets[0].out_channels / 4**level)
