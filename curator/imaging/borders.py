"""Plain borders and letterboxes around what a picture shows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels
_ALIKE = 10  # levels: what JPEG may make of one colour
_EDGE_PX = 9  # a block of JPEG, and one
_STRAIGHT = 0.6  # share of a line that must change at once where a border ends


def content_box(rgb: Rgb) -> Box:
    """Where a picture is inside its plain borders; the whole of it where it has none.

    From each side inwards the lines that are of the outermost line's one colour, within 10 levels.
    They are a border where it ends at a straight edge: within the 9 lines that JPEG may blur, 60 %
    of the pixels are of another colour. A plain sky or a product on white ends at no straight edge
    and is no border.
    """
    height, width = rgb.shape[:2]
    top = _border(lambda n: rgb[n], height)
    bottom = _border(lambda n: rgb[height - 1 - n], height)
    if top + bottom >= height:
        return 0, 0, width, height  # nothing but one colour
    inner = rgb[top : height - bottom]
    left = _border(lambda n: inner[:, n], width)
    right = _border(lambda n: inner[:, width - 1 - n], width)
    if left + right >= width:
        return 0, top, width, height - bottom
    return left, top, width - right, height - bottom


def border(rgb: Rgb) -> float:
    """Percent of the area that is border, 0 to 100; see `content_box`."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = content_box(rgb)
    return 100 * (1 - float((right - left) * (bottom - top)) / float(width * height))


def _border(line: Callable[[int], NDArray[np.uint8]], count: int) -> int:
    """How many lines from the outside are border."""
    colour = np.median(line(0), axis=0)
    thickness = 0
    while thickness < count and _is_plain(line(thickness), colour):
        thickness += 1
    if not thickness or thickness == count:
        return 0
    for n in range(thickness, min(thickness + _EDGE_PX, count)):
        changed = (np.abs(line(n) - colour).max(axis=1) > _ALIKE).mean()
        if changed >= _STRAIGHT:
            return n
    return 0


def _is_plain(line: NDArray[np.uint8], colour: NDArray[np.float64]) -> bool:
    return bool((np.abs(line - colour).max(axis=1) <= _ALIKE).mean() > 0.985)
