"""The quality of a JPEG is read from its tables, and its blocks are seen without them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from curator.imaging.jpeg_traces import blocking, quality_of_tables
from tests.helpers.degraded import as_jpeg, enlarged, levels_of
from tests.helpers.pictures import encode, photo

CLEAN = photo(5, (640, 480), grain=1)


def tables(data: bytes) -> dict[int, list[int]]:
    with Image.open(io.BytesIO(data)) as file:
        assert isinstance(file, JpegImagePlugin.JpegImageFile)
        return file.quantization


@pytest.mark.parametrize("quality", [1, 5, 10, 25, 49, 50, 51, 75, 90, 95, 100])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
def test_quality_is_what_it_was_saved_with(quality: int, options: dict[str, object]) -> None:
    data = encode(CLEAN, "JPEG", quality=quality, **options)
    assert quality_of_tables(tables(data)) == quality


def test_a_gray_jpeg_has_one_table_and_its_quality() -> None:
    assert quality_of_tables(tables(encode(CLEAN.convert("L"), "JPEG", quality=60))) == 60


def test_tables_of_another_encoder_have_the_nearest_quality() -> None:
    found = tables(encode(CLEAN, "JPEG", quality=80))
    bent = {n: [max(1, v + (i % 3) - 1) for i, v in enumerate(t)] for n, t in found.items()}
    assert quality_of_tables(bent) == pytest.approx(80, abs=3)
    web = tables(encode(CLEAN, "JPEG", qtables="web_low"))
    high = tables(encode(CLEAN, "JPEG", qtables="web_maximum"))
    assert (quality_of_tables(web) or 0) < (quality_of_tables(high) or 0)


def test_without_tables_there_is_no_quality() -> None:
    assert quality_of_tables({}) is None
    assert quality_of_tables({0: [1, 2, 3]}) is None


def test_blocks_order_pictures_by_what_jpeg_took() -> None:
    found = [blocking(levels_of(as_jpeg(CLEAN, quality))) for quality in (95, 60, 30, 10)]
    found.insert(0, blocking(levels_of(CLEAN)))
    assert found[0] < 5
    assert found[2:] == sorted(found[2:])
    assert found[-1] > 40


def test_a_cropped_picture_still_shows_its_blocks() -> None:
    rough = as_jpeg(CLEAN, 20)
    cropped = rough.crop((3, 5, rough.width - 2, rough.height - 1))
    assert blocking(levels_of(cropped)) == pytest.approx(blocking(levels_of(rough)), rel=0.2)


@pytest.mark.parametrize("times", [2, 4])
def test_enlarging_makes_no_blocks(times: int) -> None:
    assert blocking(levels_of(enlarged(CLEAN, times))) < 8


@pytest.mark.parametrize("shape", [(1, 1), (8, 500), (31, 31)])
def test_the_smallest_pictures_have_a_number(shape: tuple[int, int]) -> None:
    assert blocking(np.zeros(shape, np.uint8)) == 0
