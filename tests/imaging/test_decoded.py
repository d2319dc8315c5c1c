"""Damaged files, orientation, and scaled decoding."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageFile, JpegImagePlugin

from curator.imaging.bad_image import BadImage
from curator.imaging.decoded import DAMAGED, TRUNCATED, decode, decode_small, orientation
from curator.imaging.opened import open_picture
from tests.helpers import pictures

PATH = Path("a.jpg")
LIMIT = 10**8


def opened(data: bytes) -> ImageFile.ImageFile:
    return open_picture(io.BytesIO(data), PATH, LIMIT)


def small(data: bytes, side: int = 48) -> tuple[Image.Image, tuple[str, ...]]:
    file = io.BytesIO(data)
    decoded = decode_small(open_picture(file, PATH, LIMIT), file, PATH, side, LIMIT)
    return decoded.picture, decoded.warnings


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
def test_a_truncated_jpeg_shows_what_is_there(options: dict[str, object]) -> None:
    drawn = pictures.photo(1, (400, 300))
    data = pictures.encode(drawn, **options)
    cut = data[: len(data) * 2 // 3]
    full = decode(opened(cut), PATH, LIMIT)
    assert full.warnings == (TRUNCATED,)
    assert full.picture.size == (400, 300)
    top = (0, 0, 400, 120)
    tolerance = 12 if "progressive" in options else 6
    assert pictures.difference(full.picture.crop(top), drawn.crop(top)) < tolerance
    thumbnail, warnings = small(cut)
    assert warnings == (TRUNCATED,)
    expected = full.picture.resize((48, 36), Image.Resampling.BOX)
    assert pictures.difference(thumbnail, expected) < 6


def test_a_whole_jpeg_with_something_behind_its_end_is_no_truncated_one() -> None:
    data = pictures.encode(pictures.draw()) + b"SEFT" + bytes(5000)
    assert decode(opened(data), PATH, LIMIT).warnings == ()
    assert small(data)[1] == ()


@pytest.mark.parametrize("format_", ["PNG", "BMP", "GIF", "TIFF"])
def test_other_truncated_files_show_their_part(format_: str) -> None:
    drawn = pictures.photo(1, (200, 150))
    options: dict[str, object] = {}
    if format_ == "GIF":
        drawn, options = drawn.quantize(64), {"interlace": 0}
    data = pictures.encode(drawn, format_, **options)
    full = decode(opened(data[: len(data) // 2]), PATH, LIMIT)
    assert full.warnings in ((TRUNCATED,), (DAMAGED,))
    there = (0, 110, 200, 150) if format_ == "BMP" else (0, 0, 200, 40)  # a BMP begins below
    expected = drawn.convert("RGB").crop(there)
    assert pictures.difference(full.picture.crop(there), expected) < 1


@pytest.mark.parametrize(
    ("format_", "kept"),
    [("JPEG", 330), ("PNG", 45), ("BMP", 54), ("WEBP", 330), ("AVIF", 330), ("HEIF", 600)],
)
def test_a_file_with_no_pixel_left_is_refused(format_: str, kept: int) -> None:
    data = pictures.encode(pictures.draw(), format_)
    assert kept < len(data)
    with pytest.raises(BadImage, match="damaged"):
        decode(opened(data[:kept]), PATH, LIMIT)


def test_a_scaled_decode_that_fails_is_done_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = pictures.photo(2, (640, 480))
    data = pictures.encode(drawn)
    real = JpegImagePlugin.JpegImageFile.load

    def load(self: JpegImagePlugin.JpegImageFile) -> object:
        """As libjpeg behaves with some sampling factors."""
        if self.decoderconfig:
            raise OSError("broken data stream when reading image file")
        return real(self)

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", load)
    picture, warnings = small(data, 64)
    assert warnings == ()
    expected = drawn.resize((64, 48), Image.Resampling.BOX)
    assert pictures.difference(picture, expected) < 5


def test_a_scaled_jpeg_is_not_decoded_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    real = ImageFile.ImageFile.load_prepare
    monkeypatch.setattr(
        ImageFile.ImageFile, "load_prepare", lambda self: (sizes.append(self.size), real(self))[1]
    )
    small(pictures.encode(pictures.photo(2, (2048, 1536))), 256)
    assert sizes == [(256, 192)]


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF", "MPO"])
def test_orientation_is_applied_exactly_once(format_: str) -> None:
    drawn = pictures.draw(5)
    for value in range(1, 9):
        data = pictures.encode(
            pictures.stored_for(drawn, value), format_, exif=pictures.exif(value), quality=95
        )
        full = decode(opened(data), PATH, LIMIT).picture
        assert full.size == drawn.size, value
        assert pictures.difference(full, drawn) < 6, value
        thumbnail, _ = small(data)
        assert pictures.difference(thumbnail, drawn.resize((48, 32))) < 8, value


def test_jpeg_xl_is_turned_by_its_decoder_and_not_by_its_exif() -> None:
    data = pictures.encode(pictures.draw(), "JXL", exif=pictures.exif(6))
    assert decode(opened(data), PATH, LIMIT).picture.size == (96, 64)


def test_a_jpeg_inside_jpeg_xl_is_turned_by_its_exif(tmp_path: Path) -> None:
    drawn = pictures.draw()
    jpeg = tmp_path / "a.jpg"
    pictures.write(jpeg, pictures.stored_for(drawn, 6), exif=pictures.exif(6))
    with Image.open(jpeg) as stored:
        data = pictures.encode(stored, "JXL", lossless_jpeg=True)
    full = decode(opened(data), PATH, LIMIT).picture
    assert full.size == drawn.size
    assert pictures.difference(full, drawn) < 6


def test_an_orientation_that_makes_no_sense_turns_nothing() -> None:
    for value in (0, 9, 4000):
        data = pictures.encode(pictures.draw(), exif=pictures.exif(value))
        assert orientation(opened(data)) == 1
    broken = pictures.encode(pictures.draw(), exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert orientation(opened(broken)) == 1


def test_a_palette_is_not_mixed_when_scaled() -> None:
    drawn = pictures.draw(size=(960, 640))
    data = pictures.encode(drawn.quantize(32), "PNG", transparency=3)
    picture, _ = small(data)
    assert picture.mode == "RGBA"
    flat = Image.new("RGB", picture.size)
    flat.paste(picture.convert("RGB"))
    assert pictures.difference(flat, drawn.resize((48, 32))) < 20
