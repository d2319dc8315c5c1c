"""How much each part of a picture counts in the loss: its transparency, or the file of a mask."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from trainer.dataset import Item
from trainer.looks import Look, plain_look
from trainer.pixels import bucket_alpha, mask_pixels, read_bytes

_LATENT_PX = 8  # pixels of a side that one value of a latent stands for


class LossMasks:
    """The masks of a dataset's pictures, by their positions in it; most datasets have none.

    A mask file wins over the transparency.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        """Reads masks as the pictures lie in their buckets usually. Raises TrainerError."""
        self._items = items
        self._masks = {
            at: _mask(item, plain_look(item)) for at, item in enumerate(items) if has_mask(item)
        }

    def batch(self, items: Sequence[int], looks: Sequence[Look]) -> Tensor | None:
        """Weights (batch, 1, height / 8, width / 8) from 0 to 1, None where all counts alike."""
        if not any(at in self._masks for at in items):
            return None
        return torch.stack([self._row(at, look) for at, look in zip(items, looks, strict=True)])

    def _row(self, at: int, look: Look) -> Tensor:
        item = self._items[at]
        mask = self._masks.get(at)
        if mask is None:
            width, height = look.placement.bucket
            return torch.ones(1, height // _LATENT_PX, width // _LATENT_PX)
        if look.placement != item.placement:
            mask = _mask(item, look)
        return mask.flip(-1) if look.mirrored else mask


def has_mask(item: Item) -> bool:
    """Whether not all of a picture counts alike."""
    if item.mask is not None:
        return True
    if not item.subset.alpha_mask:
        return False
    with Image.open(item.path) as picture:
        return bool(picture.has_transparency_data)


def _mask(item: Item, look: Look) -> Tensor:
    """Of one picture where it lies in its bucket, not mirrored, (1, height / 8, width / 8)."""
    if item.mask is not None:
        found = mask_pixels(read_bytes(item.mask), item.mask, look.placement)
    else:
        found = bucket_alpha(read_bytes(item.path), item.path, look.placement)
    height, width = found.shape
    size = height // _LATENT_PX, width // _LATENT_PX
    return functional.interpolate(
        torch.from_numpy(found)[None, None].float() / 255, size, mode="area"
    )[0]
