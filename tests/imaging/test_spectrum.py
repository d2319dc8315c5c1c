"""An enlarged picture is found, and about how many times it was."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from curator.imaging.spectrum import upscaled
from tests.helpers.degraded import as_jpeg, enlarged, fine, levels_of, noisy
from tests.helpers.pictures import photo

SMALL = fine(2, (512, 384))


def test_a_picture_of_its_own_size_is_not_enlarged() -> None:
    for picture in (SMALL, photo(4, (900, 700)), as_jpeg(SMALL, 60), noisy(SMALL, 4)):
        assert upscaled(levels_of(picture)) < 1.3


@pytest.mark.parametrize("how", [Image.Resampling.BICUBIC, Image.Resampling.LANCZOS])
@pytest.mark.parametrize("times", [1.5, 2, 3, 4])
def test_the_factor_is_found(how: Image.Resampling, times: float) -> None:
    assert upscaled(levels_of(enlarged(SMALL, times, how))) == pytest.approx(times, rel=0.2)


@pytest.mark.parametrize("times", [2, 3, 4])
def test_bilinear_enlargement_is_found_too_if_less_exactly(times: int) -> None:
    assert upscaled(levels_of(enlarged(SMALL, times, Image.Resampling.BILINEAR))) > 1.6


@pytest.mark.parametrize("quality", [90, 60])
def test_after_jpeg_too(quality: int) -> None:
    large = as_jpeg(enlarged(SMALL, 4), quality)
    assert upscaled(levels_of(large)) == pytest.approx(4, rel=0.25)


def test_factors_order_pictures() -> None:
    found = [upscaled(levels_of(enlarged(SMALL, times))) for times in (1, 1.5, 2, 3, 4)]
    assert found == sorted(found)


@pytest.mark.parametrize("shape", [(1, 1), (255, 900), (256, 256)])
def test_the_smallest_and_plain_pictures_have_a_number(shape: tuple[int, int]) -> None:
    assert upscaled(np.full(shape, 7, np.uint8)) == 1
