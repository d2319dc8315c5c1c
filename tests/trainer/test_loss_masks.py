"""Masks in the transparency of pictures or in files: what the loss sees of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from trainer import losses
from trainer.buckets import BucketRule, placed
from trainer.dataset import Item
from trainer.looks import Look, plain_look
from trainer.loss_masks import LossMasks
from trainer.noise_options import NoiseOptions
from trainer.pixels import bucket_pixels, read_bytes
from trainer.subsets import Subset


@pytest.fixture
def items(tmp_path: Path) -> list[Item]:
    """A red picture whose right half is hidden, one without alpha, one in no folder of masks.

    The first is 128 x 64, a bucket of its own size.
    """
    subset = Subset(
        image_dir=tmp_path,
        num_repeats=1,
        class_tokens="",
        is_reg=False,
        rule=BucketRule((128, 64), 64, 128, 64),
        alpha_mask=True,
    )
    masked = Image.new("RGB", (128, 64), "red")
    masked.putalpha(right_half(0, 255))
    masked.save(tmp_path / "0.png")
    Image.new("RGB", (128, 64), "red").save(tmp_path / "1.png")
    first, second = (Item(tmp_path / f"{n}.png", "", 1, 128, 64, subset) for n in (0, 1))
    return [first, second, replace(first, subset=replace(subset, alpha_mask=False))]


def right_half(hidden: int, seen: int, size: tuple[int, int] = (128, 64)) -> Image.Image:
    values = np.full(size[::-1], seen, np.uint8)
    values[:, size[0] // 2 :] = hidden
    return Image.fromarray(values)


def test_what_is_transparent_counts_for_nothing_and_mirrors_with_the_picture(
    items: list[Item],
) -> None:
    masks, plain = LossMasks(items), plain_look(items[0])
    mirrored = replace(plain, mirrored=True)
    found = masks.batch([0, 1, 0], [plain, plain, mirrored])
    assert found is not None
    assert found.shape == (3, 1, 8, 16)
    assert found[0, 0, 0].tolist() == [1.0] * 8 + [0.0] * 8
    assert bool((found[1] == 1).all())
    assert found[2, 0, 0].tolist() == [0.0] * 8 + [1.0] * 8
    assert masks.batch([1, 2], [plain, plain]) is None


def test_a_mask_file_of_any_size_wins_over_the_transparency(
    items: list[Item], tmp_path: Path
) -> None:
    path = tmp_path / "0.mask.png"
    right_half(255, 51, (256, 128)).save(path)
    masks = LossMasks([replace(items[0], mask=path), *items[1:]])
    found = masks.batch([0], [plain_look(items[0])])
    assert found is not None
    assert found[0, 0, 0].tolist() == pytest.approx([0.2] * 8 + [1.0] * 8)


def test_a_mask_is_cropped_as_its_picture_is_this_time(items: list[Item]) -> None:
    aside = Look(placed((64, 64), (128, 64), 48, 0))
    found = LossMasks(items).batch([0], [aside])
    assert found is not None
    assert found[0, 0, 0].tolist() == [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]


def test_what_is_hidden_is_seen_in_folders_with_masks_alone(items: list[Item]) -> None:
    data, path, placement = read_bytes(items[0].path), items[0].path, items[0].placement
    assert bucket_pixels(data, path, placement, alpha_mask=True)[0, 100].tolist() == [255, 0, 0]
    assert bucket_pixels(data, path, placement)[0, 100].tolist() == [255, 255, 255]


def test_the_mean_is_over_all_places_as_in_sd_scripts() -> None:
    predicted, target = torch.ones(2, 4, 8, 8), torch.zeros(2, 4, 8, 8)
    masks = torch.ones(2, 1, 8, 8)
    masks[0, :, :, 4:] = 0
    assert losses.mean_squares(NoiseOptions(), predicted, target, masks).tolist() == [0.5, 1.0]
