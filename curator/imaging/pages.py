"""Signs of a screenshot or a page: exactly flat areas, few colours, edges along the axes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
_ROWS = 150  # rows looked at, spread over the picture
_FLAT = 1  # levels between neighbours
_STEEP = 40  # levels of a gradient that is an edge
_COLOURS = 6


def page(rgb: Rgb, gray: NDArray[np.float32]) -> float:
    """How likely it is a screenshot or a page, 0 to 100.

    The geometric mean of three shares, each from 0 to 1: of pixels that equal their right
    neighbour to one level, less half (a clear sky has that), of pixels in the six commonest of
    4,096 colours, less a third, and of edges that lie within 5 degrees of an axis, less a quarter,
    each stretched to 1. The signs that tell drawn from photographed pictures in V. Athitsos, M.
    Swain and C. Frankel, "Distinguishing Photographs and Graphics on the World Wide Web", 1997.

    rgb: at the file's own size; gray: at about one megapixel.
    """
    rows = np.ascontiguousarray(rgb[:: max(1, rgb.shape[0] // _ROWS)])
    flat = _flat(rows) if rows.shape[1] > 1 else 0.0
    shares = (
        _stretched(flat, 0.5),
        _stretched(_commonest(rows[:, ::4]), 1 / 3),
        _stretched(_along_axes(gray), 0.25),
    )
    return 100 * float(np.prod(shares) ** (1 / 3))


def _flat(rows: Rgb) -> float:
    """The share of pixels that equal their right neighbour."""
    steps = cv2.absdiff(np.ascontiguousarray(rows[:, 1:]), np.ascontiguousarray(rows[:, :-1]))
    red, green, blue = cv2.split(steps)
    return float((cv2.max(cv2.max(red, green), blue) <= _FLAT).mean())


def _stretched(share: float, nothing: float) -> float:
    """0 where the share is as low as in any picture, 1 where it is 1."""
    return min(1.0, max(0.0, (share - nothing) / (1 - nothing)))


def _commonest(rows: Rgb) -> float:
    """The share of pixels that the commonest colours have, of 16 levels a channel."""
    levels = (rows >> 4).reshape(-1, 3).astype(np.intp)
    codes = levels[:, 0] * 256 + levels[:, 1] * 16 + levels[:, 2]
    counts = np.sort(np.bincount(codes, minlength=4096))
    return float(counts[-_COLOURS:].sum() / max(1, len(codes)))


def _along_axes(gray: NDArray[np.float32]) -> float:
    """The share of edges within 5 degrees of an axis; 0 where there are hardly any edges."""
    across = np.abs(cv2.Sobel(gray, cv2.CV_32F, 1, 0) / 4)
    down = np.abs(cv2.Sobel(gray, cv2.CV_32F, 0, 1) / 4)
    steep = np.maximum(across, down) > _STEEP
    if steep.sum() < 0.001 * gray.size:
        return 0.0
    along = np.minimum(across, down) < 0.087 * np.maximum(across, down)
    return float(along[steep].mean())
