"""Sizes read from JPEG XL headers."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from curator.imaging.jxl_header import is_jxl, read_size
from tests.helpers import pictures


@pytest.mark.parametrize(
    "size", [(8, 8), (256, 256), (96, 64), (40, 30), (24, 16), (640, 360), (33, 1), (1, 700),
             (1200, 1000), (512, 256), (333, 2111)],
)  # fmt: skip
@pytest.mark.parametrize("use_container", [False, True])
def test_the_size_is_the_one_that_was_written(size: tuple[int, int], use_container: bool) -> None:
    data = pictures.encode(Image.new("RGB", size), "JXL", use_container=use_container, effort=1)
    assert is_jxl(data)
    assert read_size(io.BytesIO(data)) == size


def test_boxes_before_the_codestream_are_passed_over() -> None:
    exif = pictures.exif(6, taken="2024:01:01 00:00:00")
    data = pictures.encode(Image.new("RGB", (20, 30)), "JXL", exif=exif, use_container=True)
    assert read_size(io.BytesIO(data)) == (20, 30)


def test_a_container_without_a_picture_has_no_size() -> None:
    head = b"\x00\x00\x00\x0cJXL \x0d\x0a\x87\x0a"
    for rest in (b"", b"\0\0\0\x0cftypjxl ", b"\0\0\0\0free", b"\0\0\0\x10jxlcabcdefgh"):
        with pytest.raises(ValueError, match="codestream"):
            read_size(io.BytesIO(head + rest))
