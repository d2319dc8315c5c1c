"""Crops, pads and sizes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.geometry import (
    Box,
    clipped,
    covering,
    crop_loss,
    crop_to_ratio,
    largest_inside,
    placed,
    scaled,
    smallest_around,
    upright_inside,
)

SIDES = st.integers(1, 4000)
SIZES = st.tuples(SIDES, SIDES)
BOXES = st.tuples(*[st.integers(-5000, 9000)] * 4).map(lambda sides: Box(*sides))


@given(BOXES, SIZES)
def test_a_box_is_clipped_to_at_least_a_pixel_of_the_picture(box: Box, size: tuple[int, int]):
    inside = clipped(box, size)
    assert 0 <= inside.left < inside.right <= size[0]
    assert 0 <= inside.top < inside.bottom <= size[1]


@given(SIZES, SIZES)
def test_a_box_of_the_whole_picture_stays_the_whole(of: tuple[int, int], to: tuple[int, int]):
    assert scaled(Box(0, 0, *of), of, to) == Box(0, 0, *to)


def test_a_box_scales_with_the_picture() -> None:
    assert scaled(Box(10, 20, 60, 80), (100, 100), (200, 50)) == Box(20, 10, 120, 40)
    assert scaled(Box(10, 20, 60, 80), (100, 100), (100, 100)) == Box(10, 20, 60, 80)


@given(SIZES, SIZES)
def test_inside_fits_and_around_holds(size: tuple[int, int], ratio: tuple[int, int]) -> None:
    inside, around = largest_inside(size, ratio), smallest_around(size, ratio)
    assert all(1 <= a <= b <= c for a, b, c in zip(inside, size, around, strict=True))
    assert any(a == b for a, b in zip(inside, size, strict=True))
    assert any(a == b for a, b in zip(around, size, strict=True))
    if min(inside) > 50:
        assert inside[0] / inside[1] == pytest.approx(ratio[0] / ratio[1], rel=0.02)


def test_known_ratios() -> None:
    assert largest_inside((800, 600), (1, 1)) == (600, 600)
    assert smallest_around((800, 600), (1, 1)) == (800, 800)
    assert crop_to_ratio((800, 600), (1, 1)) == Box(100, 0, 700, 600)
    assert crop_to_ratio((800, 600), (1, 1), x=0) == Box(0, 0, 600, 600)
    assert placed((100, 100), (50, 200)) == Box(-25, 50, 75, 150)


def test_sizes_that_cover_a_bucket_are_those_of_the_reference() -> None:
    """512x768 at 512: bucket 384x640, resized to 427x640, a tenth of the width is cropped."""
    assert covering((512, 768), (384, 640)) == (427, 640)
    assert covering((1920, 1080), (640, 384)) == (683, 384)
    assert crop_loss((427, 640), (384, 640)) == pytest.approx(1 - 384 / 427)


@given(st.tuples(*[st.integers(20, 4000)] * 2), st.floats(-45, 45))
def test_a_straightened_picture_keeps_its_ratio_and_shrinks(
    size: tuple[int, int], degrees: float
) -> None:
    inside = upright_inside(size, degrees)
    assert inside[0] <= size[0]
    assert inside[1] <= size[1]
    if min(inside) > 100:
        assert inside[0] / inside[1] == pytest.approx(size[0] / size[1], rel=0.02)
    assert upright_inside(size, 0) == size
