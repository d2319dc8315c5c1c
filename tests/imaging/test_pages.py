"""Screenshots and pages are told from photos."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from curator.imaging.pages import page
from tests.helpers.degraded import as_jpeg, gray_of, screenshot
from tests.helpers.pictures import draw, photo


def of(picture: Image.Image) -> float:
    return page(np.asarray(picture.convert("RGB")), gray_of(picture))


def test_a_screenshot_is_likely_one_and_photos_and_drawings_are_not() -> None:
    assert of(screenshot()) > 60
    assert of(as_jpeg(screenshot(), 80)) > 40
    others = [photo(1, (600, 400)), draw(2, (600, 400)), Image.new("RGB", (60, 40), "white")]
    assert max(of(other) for other in others) < 40


def test_the_more_of_a_picture_is_a_photo_the_less_it_is_a_page() -> None:
    found = []
    for side in (0, 300, 600, 700):
        mixed = screenshot()
        if side:
            mixed.paste(photo(1, (side, side)), (100, 0))
        found.append(of(mixed))
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("size", [(1, 1), (3, 1), (1, 3)])
def test_the_smallest_pictures_have_a_number(size: tuple[int, int]) -> None:
    assert 0 <= of(Image.new("RGB", size, "red")) <= 100
