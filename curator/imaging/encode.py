"""Pictures as files: for training, and as the project shows them."""

from __future__ import annotations

import io
import math
from pathlib import Path

import PIL.Image
from PIL.ExifTags import Base

from curator.core.errors import UserError
from curator.core.records import Image
from curator.imaging.bad_image import DECODE_ERRORS, BadImage
from curator.imaging.colour import is_srgb
from curator.imaging.masking import weights_of
from curator.imaging.opened import open_bytes, open_picture
from curator.imaging.render import flatten, render

# 97 without chroma subsampling: a second coding of a JPEG that adds no loss anyone sees.
JPEG_QUALITY = 97
PNG_LEVEL = 3  # a fifth larger than 6, and three times as fast
FORMATS = {".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_LARGEST = {".jpg": 65_500, ".webp": 16_383}  # pixels of a side that a file can hold


def training_bytes(
    image: Image, root: Path, suffix: str, background: str, max_pixels: int
) -> bytes:
    """The picture as a trainer reads it: upright, sRGB, RGB, alpha flattened onto `background`.

    A mask for the training becomes its alpha, as sd-scripts' alpha_mask reads it; `suffix` must be
    ".png" then, else it may be ".jpg" too. A file of which nothing needs to change is given byte
    for byte. Raises UserError when the source can't be read.
    """
    source = root / image.path
    weights = weights_of(image)
    if not image.recipe and weights is None:
        untouched = _untouched_bytes(source, FORMATS[suffix], max_pixels)
        if untouched is not None:
            return untouched
    picture = flatten(render(image, root, max_pixels), background)
    if weights is not None:
        picture.putalpha(weights)
    return _encoded(picture, suffix)


def png_bytes(picture: PIL.Image.Image) -> bytes:
    """The picture as PNG, its alpha kept."""
    return _encoded(picture, ".png")


def picture_bytes(picture: PIL.Image.Image, suffix: str, background: str = "white") -> bytes:
    """The picture as ".png" or ".webp" without loss, its alpha kept, or as ".jpg" over a colour.

    Raises UserError for one that is too large for the format.
    """
    return _encoded(flatten(picture, background) if suffix == ".jpg" else picture, suffix)


def _encoded(picture: PIL.Image.Image, suffix: str) -> bytes:
    file, most = io.BytesIO(), _LARGEST.get(suffix, math.inf)
    if max(picture.size) > most:
        raise UserError(
            f"{FORMATS[suffix]} holds no more than {most:,} pixels a side; the picture has"
            f" {picture.width:,} x {picture.height:,}.",
            "Write it as PNG.",
        )
    if suffix == ".jpg":
        picture.save(file, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    elif suffix == ".webp":
        picture.save(file, "WEBP", lossless=True, exact=True)
    else:
        picture.save(file, "PNG", compress_level=PNG_LEVEL)
    return file.getvalue()


def _untouched_bytes(source: Path, format_: str, max_pixels: int) -> bytes | None:
    """The file's bytes if a trainer sees in them just what the project shows."""
    try:
        with open_bytes(source, None) as file:
            picture = open_picture(file, source, max_pixels)
            if picture.format != format_ or not _is_plain(picture):
                return None
            picture.load()  # a truncated or damaged file fails here
            file.seek(0)
            return file.read()
    except (BadImage, *DECODE_ERRORS):
        return None  # `render` takes it if anything can, and says what is wrong with it if not


def _is_plain(picture: PIL.Image.Image) -> bool:
    return (
        picture.mode == "RGB"
        and getattr(picture, "n_frames", 1) == 1
        and "transparency" not in picture.info
        and is_srgb(picture)
        and picture.getexif().get(Base.Orientation, 1) == 1
    )
