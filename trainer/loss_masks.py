"""How much each part of a picture counts in the loss, read from its transparency."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from trainer.dataset import Item
from trainer.pixels import bucket_alpha, read_bytes

_LATENT_PX = 8  # pixels of a side that one value of a latent stands for


class LossMasks:
    """The masks of a dataset's pictures, by their positions in it; most datasets have none."""

    def __init__(self, items: Sequence[Item]) -> None:
        """Reads the pictures of folders with alpha_mask. Raises TrainerError."""
        self._items = items
        self._masks = {
            at: mask
            for at, item in enumerate(items)
            if item.subset.alpha_mask and (mask := _mask(item)) is not None
        }

    def batch(self, items: Sequence[int], flips: Sequence[bool]) -> Tensor | None:
        """Weights (batch, 1, height / 8, width / 8) from 0 to 1, None where all counts alike."""
        if not any(at in self._masks for at in items):
            return None
        rows = []
        for at, flip in zip(items, flips, strict=True):
            width, height = self._items[at].placement.bucket
            mask = self._masks.get(at)
            if mask is None:
                mask = torch.ones(1, height // _LATENT_PX, width // _LATENT_PX)
            rows.append(mask.flip(-1) if flip else mask)
        return torch.stack(rows)


def _mask(item: Item) -> Tensor | None:
    """Of one picture, (1, height / 8, width / 8); None where it has no transparency."""
    with Image.open(item.path) as picture:
        if not picture.has_transparency_data:
            return None
    alpha = torch.from_numpy(bucket_alpha(read_bytes(item.path), item.path, item.placement))
    height, width = alpha.shape
    size = height // _LATENT_PX, width // _LATENT_PX
    return functional.interpolate(alpha[None, None].float() / 255, size, mode="area")[0]
