"""How exactly one picture comes to lie on another."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageEnhance, ImageOps

from curator.imaging.refine import refined
from tests.helpers.pictures import photo

SIZE = (480, 360)
CUT = (0.5, 0.0, 0.25, 0.0, 0.5, 0.25)
ROUGHLY = (0.506, 0.004, 0.246, -0.003, 0.494, 0.254)


def test_a_cut_is_found_to_a_fraction_of_a_pixel() -> None:
    whole = photo(1, SIZE)
    cut = ImageEnhance.Brightness(whole.crop((120, 90, 360, 270))).enhance(0.8)
    assert refined(cut, whole, ROUGHLY) == pytest.approx(CUT, abs=0.3 / 480)


def test_a_mirrored_and_smaller_one_too() -> None:
    whole = photo(2, SIZE)
    other = ImageOps.mirror(whole).resize((240, 180))
    rough = (-0.99, 0.004, 0.997, 0.003, 1.01, -0.006)
    assert refined(whole, other, rough) == pytest.approx((-1, 0, 1, 0, 1, 0), abs=1 / 480)


def test_where_nothing_is_the_same_the_map_stays() -> None:
    assert refined(photo(3, SIZE), photo(4, SIZE), ROUGHLY) == ROUGHLY
    flat = photo(5, SIZE).point(lambda _level: 90)
    assert refined(flat, flat, ROUGHLY) == ROUGHLY
    assert np.isfinite(refined(flat, photo(5, SIZE), ROUGHLY)).all()
