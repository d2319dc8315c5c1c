"""The picture files of a folder and their upright sizes, read from headers alone."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError

from trainer.errors import TrainerError
from trainer.options import Size

EXTENSIONS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".avif")
_TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height
_PILLOW = re.compile(r"PIL\b")


def find_pictures(folder: Path) -> list[Path]:
    """The pictures directly in a folder, sorted; sub-folders are not entered, case does not matter.

    Raises TrainerError when the folder cannot be read.
    """
    try:
        names = sorted(folder.iterdir())
    except OSError as error:
        raise TrainerError(f"Cannot read the folder {folder}: {error.strerror}.") from error
    return [path for path in names if path.suffix.lower() in EXTENSIONS and path.is_file()]


def upright_size(path: Path) -> Size:
    """(width, height) in pixels with the EXIF orientation applied. Raises TrainerError."""
    hush_pillow()
    try:
        with Image.open(path) as picture:
            turned = _orientation(picture) in _TURNED
            return (picture.height, picture.width) if turned else picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError, ValueError) as error:
        raise TrainerError(
            f"{path} is not a picture that can be read.", "Remove or replace it."
        ) from error
    except OSError as error:
        raise TrainerError(f"Cannot read {path}: {error.strerror or error}.") from error


def hush_pillow() -> None:
    """Ignore Pillow's warnings: about odd metadata of pictures that open all the same.

    For the whole process, because `catch_warnings` in one thread undoes that of another.
    """
    for category in (UserWarning, RuntimeWarning):
        if ("ignore", None, category, _PILLOW, 0) not in warnings.filters:
            warnings.filterwarnings("ignore", module=_PILLOW.pattern, category=category)


def _orientation(picture: Image.Image) -> int:
    """The EXIF orientation; asks a PNG without EXIF nothing, because that would decode it whole."""
    if picture.format == "PNG" and "exif" not in picture.info:
        return 1
    return int(picture.getexif().get(ExifTags.Base.Orientation, 1))
