"""Pixels of one training picture: upright, RGB, resized and cropped to its bucket."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from trainer.buckets import Placement
from trainer.errors import TrainerError
from trainer.looks import Look
from trainer.pictures import hush_pillow

Pixels = NDArray[np.uint8]


def read_bytes(path: Path) -> bytes:
    """The file as it is. Raises TrainerError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise TrainerError(f"The picture {path} cannot be read: {error.strerror}.") from error


def bucket_pixels(
    data: bytes, path: Path, placement: Placement, *, alpha_mask: bool = False
) -> Pixels:
    """The picture in `data` at the size of its bucket, (height, width, 3), sRGB as stored.

    Shrunk by area, enlarged with Lanczos, as sd-scripts does; what is transparent is white, or with
    `alpha_mask` as if it were not. Raises TrainerError naming `path`.
    """
    return _in_bucket(_opened(data, path, _opaque if alpha_mask else _on_white), placement)


def bucket_alpha(data: bytes, path: Path, placement: Placement) -> Pixels:
    """How opaque the picture is at the size of its bucket, (height, width), 0 to 255."""
    return _in_bucket(_opened(data, path, _alpha), placement)


def _opened(data: bytes, path: Path, part: Callable[[Image.Image], Image.Image]) -> Image.Image:
    hush_pillow()
    try:
        with Image.open(io.BytesIO(data)) as file:
            return part(ImageOps.exif_transpose(file))
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as error:
        raise TrainerError(
            f"The picture {path} cannot be decoded: {error}.", "Take it out of the dataset."
        ) from error


def _in_bucket(picture: Image.Image, placement: Placement) -> Pixels:
    left, top, right, bottom = placement.crop
    resized = _resized(picture, placement.resized)
    return np.array(resized[top:bottom, left:right])


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def _opaque(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    red, green, blue, _alpha = picture.convert("RGBA").split()
    return Image.merge("RGB", (red, green, blue))


def _alpha(picture: Image.Image) -> Image.Image:
    return picture.convert("RGBA").getchannel("A")


def _resized(picture: Image.Image, size: tuple[int, int]) -> Any:
    if picture.width >= size[0] and picture.height >= size[1]:
        return cv2.resize(np.asarray(picture), size, interpolation=cv2.INTER_AREA)
    return np.asarray(picture.resize(size, Image.Resampling.LANCZOS))


def mask_pixels(data: bytes, path: Path, placement: Placement) -> Pixels:
    """A mask of any size as the picture lies in its bucket, (height, width), 0 to 255."""
    return _in_bucket(_opened(data, path, lambda picture: picture.convert("L")), placement)


def looking(pixels: Pixels, look: Look) -> Pixels:
    """Pixels of a picture in its bucket with the colours and the side that a look gives them."""
    if look.hue:
        hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV).astype(np.float32)
        hsv[..., 0] = (hsv[..., 0] + look.hue) % 180
        pixels = np.asarray(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB), np.uint8)
    if look.gamma != 1:
        values = np.arange(256) / 255
        table = 255 * look.gain * values**look.gamma
        pixels = table.clip(0, 255).round().astype(np.uint8)[pixels]
    return np.ascontiguousarray(pixels[:, ::-1]) if look.mirrored else pixels
