"""Masks in the transparency of pictures: what the loss sees of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from trainer import losses
from trainer.buckets import BucketRule
from trainer.dataset import Item
from trainer.loss_masks import LossMasks
from trainer.pixels import bucket_pixels, read_bytes
from trainer.subsets import Subset


@pytest.fixture
def items(tmp_path: Path) -> list[Item]:
    """A red picture whose right half is hidden, one that has no alpha, and one in no mask's folder.

    The first is 128 x 64, a bucket of its own size.
    """
    subset = Subset(
        image_dir=tmp_path,
        num_repeats=1,
        class_tokens="",
        is_reg=False,
        caption_extension=".txt",
        shuffle_caption=False,
        keep_tokens=0,
        caption_dropout_rate=0.0,
        flip_aug=False,
        rule=BucketRule((128, 64), 64, 128, 64),
        alpha_mask=True,
    )
    masked = Image.new("RGB", (128, 64), "red")
    alpha = np.full((64, 128), 255, np.uint8)
    alpha[:, 64:] = 0
    masked.putalpha(Image.fromarray(alpha))
    masked.save(tmp_path / "0.png")
    Image.new("RGB", (128, 64), "red").save(tmp_path / "1.png")
    first, second = (Item(tmp_path / f"{n}.png", "", 1, 128, 64, subset) for n in (0, 1))
    return [first, second, replace(first, subset=replace(subset, alpha_mask=False))]


def test_what_is_transparent_counts_for_nothing_and_mirrors_with_the_picture(
    items: list[Item],
) -> None:
    masks = LossMasks(items)
    found = masks.batch([0, 1, 0], [False, False, True])
    assert found is not None
    assert found.shape == (3, 1, 8, 16)
    assert found[0, 0, 0].tolist() == [1.0] * 8 + [0.0] * 8
    assert bool((found[1] == 1).all())
    assert found[2, 0, 0].tolist() == [0.0] * 8 + [1.0] * 8
    assert masks.batch([1, 2], [False, False]) is None


def test_what_is_hidden_is_seen_in_folders_with_masks_alone(items: list[Item]) -> None:
    data, path, placement = read_bytes(items[0].path), items[0].path, items[0].placement
    assert bucket_pixels(data, path, placement, alpha_mask=True)[0, 100].tolist() == [255, 0, 0]
    assert bucket_pixels(data, path, placement)[0, 100].tolist() == [255, 255, 255]


def test_the_mean_is_over_all_places_as_in_sd_scripts() -> None:
    predicted, target = torch.ones(2, 4, 8, 8), torch.zeros(2, 4, 8, 8)
    masks = torch.ones(2, 1, 8, 8)
    masks[0, :, :, 4:] = 0
    assert losses.mean_squares(NoiseOptions(), predicted, target, masks).tolist() == [0.5, 1.0]
