"""Text and watermarks are told from photos without."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from curator.imaging.lettering import text
from tests.helpers.degraded import gray_of, written_on
from tests.helpers.pictures import draw, photo

PHOTOS = [photo(seed, (600, 450)) for seed in range(4)] + [draw(3, (600, 450))]


def of(picture: Image.Image) -> float:
    return text(gray_of(picture).astype(np.uint8))


def test_photos_with_text_stand_above_photos_without() -> None:
    without = [of(picture) for picture in PHOTOS]
    written = [of(written_on(p, "sample of example.com photos", 28)) for p in PHOTOS]
    assert max(without) < 40 < min(written)


def test_more_text_and_a_bolder_one_is_more_likely() -> None:
    words = ["", "fiveA", "five letters", "five letters and some more of it"]
    found = [of(written_on(PHOTOS[-1], some)) for some in words]
    assert found == sorted(found)
    faint = of(written_on(PHOTOS[-1], "a watermark of sample", 36, alpha=70))
    assert 0 < faint <= of(written_on(PHOTOS[-1], "a watermark of sample", 36)) + 1


@pytest.mark.parametrize("shape", [(1, 1), (2, 40), (40, 3)])
def test_the_smallest_pictures_have_a_number(shape: tuple[int, int]) -> None:
    assert text(np.zeros(shape, np.uint8)) == 0
