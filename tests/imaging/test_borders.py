"""Borders and letterboxes are found, plain grounds are not taken for them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from curator.imaging.borders import border, content_box
from tests.helpers.degraded import as_jpeg, framed
from tests.helpers.pictures import photo

PHOTO = photo(4, (300, 200))


def of(picture: Image.Image) -> float:
    return border(np.asarray(picture.convert("RGB")))


def test_borders_order_pictures_by_their_width() -> None:
    found = [of(framed(PHOTO, px)) for px in (0, 10, 30, 60)]
    assert found == sorted(found)
    assert found[0] == 0


@given(st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=25)
def test_the_box_is_where_the_picture_is(top: int, side: int) -> None:
    picture = framed(PHOTO, top, side)
    box = content_box(np.asarray(picture))
    assert box == (side, top, side + PHOTO.width, top + PHOTO.height)


def test_a_letterbox_is_found_after_jpeg() -> None:
    assert of(as_jpeg(framed(PHOTO, 40), 70)) == pytest.approx(100 * 80 / 280, abs=2)


def test_a_thing_on_white_has_no_border() -> None:
    product = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(product).ellipse((80, 80, 220, 220), fill="navy")
    assert of(product) == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (40, 40)])
def test_a_plain_picture_is_all_picture(size: tuple[int, int]) -> None:
    assert of(Image.new("RGB", size, "teal")) == 0
