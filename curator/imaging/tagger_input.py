"""Pictures as taggers take them, pixel by pixel as those prepared theirs who trained the models."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from curator.core.tagger_records import Preparation
from curator.imaging.render import flatten


def prepare(picture: Pillow.Image, how: Preparation) -> NDArray[np.float32]:
    """An upright picture, RGB or RGBA, as (side, side, 3) or (3, side, side).

    Alpha is laid over white.
    """
    opaque = flatten(picture, "white")
    if how.padding == "white":
        square = np.asarray(_on_white(opaque, how.side))
    else:
        square = _within_its_rim(np.asarray(opaque), how.side)
    if how.bgr:
        square = square[:, :, ::-1]
    if not how.channels_last:
        square = square.transpose(2, 0, 1)
    values = np.ascontiguousarray(square, np.float32)
    if how.scale != 1:
        values *= np.float32(how.scale)
    if how.offset:
        values += np.float32(how.offset)
    return values


def _on_white(picture: Pillow.Image, side: int) -> Pillow.Image:
    """In the middle of a white square as large as the longer side, which is then scaled."""
    longest = max(picture.size)
    if picture.size != (longest, longest):
        square = Pillow.new("RGB", (longest, longest), "white")
        square.paste(picture, ((longest - picture.width) // 2, (longest - picture.height) // 2))
        picture = square
    if longest == side:
        return picture
    return picture.resize((side, side), Pillow.Resampling.BICUBIC)


def _within_its_rim(picture: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
    """Scaled by areas to fit, in the middle of a square that its outermost pixels fill.

    Where the middle falls between two pixels, it is shifted by half a one, as the reference does.
    """
    height, width = picture.shape[:2]
    scale = min(side / width, side / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    values = cv2.resize(picture.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    shift = np.array([[1, 0, (side - size[0]) / 2], [0, 1, (side - size[1]) / 2]], np.float32)
    if (size[0] - side) % 2 == 0 == (size[1] - side) % 2:
        x, y = (side - size[0]) // 2, (side - size[1]) // 2
        return np.pad(values, ((y, y), (x, x), (0, 0)), "edge")
    return cv2.warpAffine(
        values, shift, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)
