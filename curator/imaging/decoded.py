"""Decoding an opened picture, whole or scaled down, and of a damaged one as much as there is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image, ImageFile, JpegImagePlugin, TiffImagePlugin

from curator.imaging.bad_image import DECODE_ERRORS, damaged, decoding
from curator.imaging.colour import to_srgb
from curator.imaging.opened import check_size, open_picture

TRUNCATED = "truncated: the end of the file is missing"
DAMAGED = "damaged: only a part of the picture can be read"
# TIFF is turned by Pillow, HEIF by its plug-in and JPEG XL by libjxl; the tag they may still carry
# is not to be followed a second time.
_TURNED_BY_DECODER = ("TIFF", "HEIF", "JXL")
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SCALABLE = ("RGB", "L", "RGBA", "LA", "CMYK")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Pixels in mode RGB or RGBA, upright, sRGB; and what was wrong with the file."""

    picture: Image.Image
    warnings: tuple[str, ...] = ()


def orientation(picture: Image.Image) -> int:
    """How the stored pixels are to be turned, as EXIF counts it: 1 (not at all) to 8."""
    if picture.format in _TURNED_BY_DECODER and not getattr(picture, "jpeg", False):
        return 1
    try:
        value = _exif(picture).get(ExifTags.Base.Orientation, 1)
    except DECODE_ERRORS:  # EXIF that can't be read says nothing
        return 1
    return value if value in _UPRIGHT else 1


def _exif(picture: Image.Image) -> Image.Exif:
    if picture.format != "AVIF":
        return picture.getexif()
    exif = Image.Exif()  # Pillow puts the file's rotation here; XMP, which it also asks, must not
    exif.load(picture.info.get("exif", b""))
    return exif


def decode(picture: ImageFile.ImageFile, path: Path, max_pixels: int) -> Decoded:
    """The current frame with all its pixels, perhaps those of `picture` itself, not a copy.

    Raises BadImage when there are none.
    """
    stored, warnings = _load_what_there_is(picture, path)
    check_size(stored.size, path, max_pixels)
    with decoding(path, max_pixels):
        coloured, colour_warnings = to_srgb(stored)
        return Decoded(_turned(coloured, picture), warnings + colour_warnings)


def allow_scaling(picture: ImageFile.ImageFile, least: tuple[int, int]) -> None:
    """Let a JPEG be decoded at a half, a quarter or an eighth, not under `least`, upright."""
    if isinstance(picture, JpegImagePlugin.JpegImageFile):
        picture.draft(None, least[::-1] if orientation(picture) >= 5 else least)


def decode_small(
    picture: ImageFile.ImageFile, file: BinaryIO, path: Path, max_side: int, max_pixels: int
) -> Decoded:
    """The current frame at most `max_side` pixels wide and high; JPEGs are scaled while decoding.

    A scaled decode that fails is done again in full, from `file`.
    """
    size = _fitting(picture.size, max_side)
    stored, warnings = _load_scaled(picture, size) or _load_what_there_is(
        _reopened(picture, file, path, max_pixels), path
    )
    check_size(stored.size, path, max_pixels)
    with decoding(path, max_pixels):
        if stored.mode in _SCALABLE and "transparency" not in stored.info:
            stored = _resized(stored, size)
        coloured, colour_warnings = to_srgb(stored)
        small = _resized(coloured, size)
        return Decoded(_turned(small, picture), warnings + colour_warnings)


def _load_scaled(
    picture: ImageFile.ImageFile, size: tuple[int, int]
) -> tuple[Image.Image, tuple[str, ...]] | None:
    """The pixels of a JPEG, scaled towards `size` by its own transform; None where that fails."""
    if not isinstance(picture, JpegImagePlugin.JpegImageFile):
        return None
    picture.draft(None, size)
    try:
        return _load(picture)
    except DECODE_ERRORS:
        return None


def _reopened(
    picture: ImageFile.ImageFile, file: BinaryIO, path: Path, max_pixels: int
) -> ImageFile.ImageFile:
    """A JPEG whose scaled decode failed is opened anew; anything else has not been decoded yet."""
    is_jpeg = isinstance(picture, JpegImagePlugin.JpegImageFile)
    return open_picture(file, path, max_pixels) if is_jpeg else picture


def _fitting(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    scale = min(1.0, max_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if picture.size == size:
        return picture
    small = picture.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)
    small.format = picture.format
    return small


def _turned(picture: Image.Image, source: Image.Image) -> Image.Image:
    how = _UPRIGHT.get(orientation(source))
    return picture if how is None else picture.transpose(how)


def _load_what_there_is(
    picture: ImageFile.ImageFile, path: Path
) -> tuple[Image.Image, tuple[str, ...]]:
    """The stored pixels, or the part that was decoded before an error, with a warning.

    Raises BadImage when there is no part.
    """
    try:
        return _load(picture)
    except DECODE_ERRORS as error:
        part = _part(picture)
        if part is None:
            raise damaged(path) from error
        return part, (TRUNCATED if "truncated" in str(error) else DAMAGED,)


def _load(picture: ImageFile.ImageFile) -> tuple[Image.Image, tuple[str, ...]]:
    """The stored pixels; a JPEG whose end is missing is completed with a warning."""
    if not isinstance(picture, JpegImagePlugin.JpegImageFile):
        picture.load()
        return picture, ()
    end = _MissingEnd(picture)
    picture.load_read = end.read  # type: ignore[method-assign]
    try:
        picture.load()
    finally:
        # Else the two would hold each other, and all the pixels, until a collection.
        del picture.load_read
    return picture, (TRUNCATED,) if end.was_missing else ()


def _part(picture: ImageFile.ImageFile) -> Image.Image | None:
    """What a failed decoder left behind; None when it is nothing."""
    if picture._im is None:
        return None
    part = picture._new(picture.im)
    part.format = picture.format
    if all(low == high for low, high in _extrema(part)):
        return None
    if isinstance(picture, TiffImagePlugin.TiffImageFile):  # turned by Pillow only at the end
        how = _UPRIGHT.get(picture.tag_v2.get(ExifTags.Base.Orientation, 1))
        return part if how is None else part.transpose(how)
    return part


def _extrema(picture: Image.Image) -> list[tuple[float, float]]:
    extrema = picture.getextrema()
    return list(extrema) if isinstance(extrema[0], tuple) else [extrema]


class _MissingEnd:
    """Reads on for a JPEG decoder and supplies the end marker that a truncated file lacks.

    With it libjpeg fills what is missing from what came before, also of a progressive file, which
    it would not show at all otherwise.
    """

    def __init__(self, picture: ImageFile.ImageFile) -> None:
        self._picture = picture
        self.was_missing = False

    def read(self, read_bytes: int) -> bytes:
        """All the rest at once, which spares the decoder many small steps."""
        file = self._picture.fp
        data = file.read() if file else b""
        if data or self.was_missing:
            return data
        self.was_missing = True
        return b"\xff\xd9"
