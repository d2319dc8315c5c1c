"""Pixels of one training picture: upright, RGB, resized and cropped to its bucket."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from trainer.buckets import Placement
from trainer.errors import TrainerError
from trainer.pictures import hush_pillow

Pixels = NDArray[np.uint8]


def read_bytes(path: Path) -> bytes:
    """The file as it is. Raises TrainerError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise TrainerError(f"The picture {path} cannot be read: {error.strerror}.") from error


def bucket_pixels(data: bytes, path: Path, placement: Placement) -> Pixels:
    """The picture in `data` at the size of its bucket, (height, width, 3), sRGB as stored.

    Shrunk by area, enlarged with Lanczos, as sd-scripts does. Raises TrainerError naming `path`.
    """
    hush_pillow()
    try:
        with Image.open(io.BytesIO(data)) as file:
            picture = _on_white(ImageOps.exif_transpose(file))
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as error:
        raise TrainerError(
            f"The picture {path} cannot be decoded: {error}.", "Take it out of the dataset."
        ) from error
    left, top, right, bottom = placement.crop
    resized = _resized(picture, placement.resized)
    return np.array(resized[top:bottom, left:right])


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def _resized(picture: Image.Image, size: tuple[int, int]) -> Any:
    if picture.width >= size[0] and picture.height >= size[1]:
        return cv2.resize(np.asarray(picture), size, interpolation=cv2.INTER_AREA)
    return np.asarray(picture.resize(size, Image.Resampling.LANCZOS))
