"""Arithmetic of crops, pads and sizes; pixels are whole, and edges round as the trainers' do.

Everything here is exact for the size it was made for, and scales to others.
"""

from __future__ import annotations

import math
from typing import NamedTuple

Size = tuple[int, int]  # width, height in pixels


class Box(NamedTuple):
    """Left, top, right, bottom in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> Size:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top


def rounded(value: float) -> int:
    """The nearest whole number, halves upwards, as sd-scripts rounds: int(x + 0.5)."""
    return math.floor(value + 0.5)


def clipped(box: Box, size: Size) -> Box:
    """What of a box lies inside a picture of this size; at least one pixel of it."""
    width, height = size
    left = min(max(box.left, 0), width - 1)
    top = min(max(box.top, 0), height - 1)
    return Box(
        left, top, max(min(box.right, width), left + 1), max(min(box.bottom, height), top + 1)
    )


def scaled(box: Box, of: Size, to: Size) -> Box:
    """A box that was drawn on a picture of size `of`, on the same picture of size `to`."""
    if of == to:
        return clipped(box, to)
    across, down = to[0] / of[0], to[1] / of[1]
    return clipped(
        Box(
            rounded(box.left * across),
            rounded(box.top * down),
            rounded(box.right * across),
            rounded(box.bottom * down),
        ),
        to,
    )


def largest_inside(size: Size, ratio: Size) -> Size:
    """The largest size of a ratio (width, height) that fits into `size`."""
    width, height = size
    if width * ratio[1] > height * ratio[0]:
        return min(max(rounded(height * ratio[0] / ratio[1]), 1), width), height
    return width, min(max(rounded(width * ratio[1] / ratio[0]), 1), height)


def smallest_around(size: Size, ratio: Size) -> Size:
    """The smallest size of a ratio (width, height) that `size` fits into."""
    width, height = size
    if width * ratio[1] > height * ratio[0]:
        return width, max(rounded(width * ratio[1] / ratio[0]), height)
    return max(rounded(height * ratio[0] / ratio[1]), width), height


def placed(inner: Size, outer: Size, x: float = 0.5, y: float = 0.5) -> Box:
    """`inner` inside `outer`, or around it: at 0 at the left or top, at 1 at the other end."""
    left = math.floor((outer[0] - inner[0]) * x)
    top = math.floor((outer[1] - inner[1]) * y)
    return Box(left, top, left + inner[0], top + inner[1])


def crop_to_ratio(size: Size, ratio: Size, x: float = 0.5, y: float = 0.5) -> Box:
    """The largest crop of a ratio, at a place of the picture: by default its middle."""
    return placed(largest_inside(size, ratio), size, x, y)


def covering(size: Size, target: Size) -> Size:
    """The size that covers `target` with as little as possible beside it, the ratio kept.

    sd-scripts' rule (train_util.py, select_bucket): int(x * scale + 0.5).
    """
    width, height = size
    if width * target[1] > height * target[0]:
        return max(rounded(width * target[1] / height), target[0]), target[1]
    return target[0], max(rounded(height * target[0] / width), target[1])


def crop_loss(resized: Size, bucket: Size) -> float:
    """The share of area that is cropped away on the way into a bucket: 1 - bucket / resized."""
    return 1 - bucket[0] * bucket[1] / (resized[0] * resized[1])


def upright_inside(size: Size, degrees: float) -> Size:
    """The largest rectangle of the picture's own ratio that is full after it is turned so far.

    From the corners' distances: s = min(w / (w c + h s), h / (w s + h c)) for cosine c and sine s.
    """
    width, height = size
    angle = math.radians(abs(degrees))
    cosine, sine = abs(math.cos(angle)), abs(math.sin(angle))
    factor = min(
        width / (width * cosine + height * sine), height / (width * sine + height * cosine)
    )
    return max(math.floor(width * factor), 1), max(math.floor(height * factor), 1)
