"""Looks are drawn by chance that a resume draws again, and stay inside the picture."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from trainer.buckets import Box, BucketRule
from trainer.captions import Showing
from trainer.dataset import Item
from trainer.frames import Frame
from trainer.looks import Look, around_face, frame, look_of, plain_look
from trainer.subsets import Subset

SUBSET = Subset(
    image_dir=Path("5_cat"), num_repeats=5, class_tokens="cat", is_reg=False, rule=BucketRule()
)
ITEM = Item(Path("a.png"), "", 1, 1920, 1080, SUBSET)  # 683 x 384, cut to 640 x 384


def looks(count: int = 500, item: Item = ITEM, **options: object) -> list[Look]:
    changed = replace(item, subset=replace(item.subset, **options))
    return [look_of(changed, Showing(1, at, 0, 0)) for at in range(count)]


def test_without_options_a_picture_always_looks_the_same() -> None:
    assert set(looks(9)) == {plain_look(ITEM)}


def test_every_second_picture_is_mirrored() -> None:
    assert 220 < sum(look.mirrored for look in looks(flip_aug=True)) < 280


def test_crops_by_chance_reach_both_ends() -> None:
    found = looks(random_crop=True)
    lefts = {look.placement.crop[0] for look in found}
    assert (min(lefts), max(lefts)) == (0, 43)
    assert {look.placement.crop[1] for look in found} == {0}
    assert looks(random_crop=True) == found


def test_a_third_of_colours_change_half_of_them_in_hue() -> None:
    found = looks(2000, color_aug=True)
    hues = [look.hue for look in found if look.hue]
    gammas = [look.gamma for look in found if look.gamma != 1]
    assert 270 < len(hues) < 390
    assert 270 < len(gammas) < 390
    assert -8 <= min(hues) < -7 < 7 < max(hues) <= 8
    assert 0.95 <= min(gammas) < 0.96 < 1.04 < max(gammas) <= 1.05
    assert {look.gain for look in found} == {1.0}
    exact = looks(2000, color_aug=True, exactly_as_sd_scripts=True)
    assert all(look.gain == 255 ** (look.gamma - 1) for look in exact)


def test_sdxl_is_told_the_crop_of_this_showing() -> None:
    look = looks(1, random_crop=True)[0]
    told = frame(ITEM, look)
    assert told == Frame((1920, 1080), look.placement.crop[0], 0, (640, 384))
    mirrored = frame(ITEM, replace(look, mirrored=True))
    assert mirrored.left == 683 - 640 - told.left


def test_a_face_comes_to_the_middle_at_the_size_that_is_asked_for() -> None:
    """800 x 800 around a face of 100: at 2 to 2 times 256 pixels are 128 of the face."""
    face = (350, 250, 450, 350)
    placement = around_face((800, 800), (256, 256), face, (4, 4), random.Random(1), wide=False)
    scale = 256 / 400
    assert placement.resized == (512, 512)
    assert placement.crop[0] == int(400 * scale + 0.5) - 128
    assert placement.crop[1] == int(300 * scale + 0.5) - 128


def test_faces_are_cropped_in_buckets_too_but_not_where_it_is_to_be_exact() -> None:
    item = replace(ITEM, face=(100, 100, 300, 300))
    options = {"face_crop_aug_range": "1.5,3"}
    found = looks(50, item, **options)
    assert len({look.placement.resized for look in found}) > 10
    assert all(look.placement.resized > (683, 384) for look in found)
    assert set(looks(9, item, **options, exactly_as_sd_scripts=True)) == {plain_look(ITEM)}
    assert set(looks(9, ITEM, **options)) == {plain_look(ITEM)}


BOXES = st.tuples(*[st.integers(0, 900)] * 2, *[st.integers(1, 900)] * 2)


@given(
    st.tuples(st.integers(30, 3000), st.integers(30, 3000)),
    BOXES,
    st.sampled_from([(1.0, 1.0), (2.0, 4.0), (1.0, 100.0)]),
    st.booleans(),
    st.integers(0, 99),
)
def test_no_crop_leaves_the_picture(
    size: tuple[int, int], box: Box, sizes: tuple[float, float], wide: bool, seed: int
) -> None:
    face = (box[0], box[1], box[0] + box[2], box[1] + box[3])
    found = around_face(size, (384, 640), face, sizes, random.Random(seed), wide=wide)
    left, top, right, bottom = found.crop
    assert (right - left, bottom - top) == (384, 640)
    assert left >= 0 <= top
    assert right <= found.resized[0]
    assert bottom <= found.resized[1]
    ratio = size[0] / size[1]
    assert abs(found.resized[0] - found.resized[1] * ratio) <= 1 + ratio
