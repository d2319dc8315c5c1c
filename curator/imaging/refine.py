"""A closer look at how one picture lies on another, once its place is known roughly."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from PIL import Image as Pillow

from curator.core.overlay import Affine, at

SIDE_PX = 800  # of the larger one that is looked at
STEPS, ENOUGH = 40, 1e-5
SMOOTHED_PX = 5
MOST_MOVED = 0.03  # of the other picture; what is farther away was not the same place
LEAST = 0.6  # correlation, below which nothing is known better
_CORNERS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def refined(one: Pillow.Image, other: Pillow.Image, matrix: Affine) -> Affine:
    """The map from shares of one to shares of the other, to a fraction of a pixel.

    By Evangelidis and Psarakis' enhanced correlation coefficient, which light does not change.
    Gives `matrix` back where they are too different.
    """
    first, second = _gray(one), _gray(other)
    to_first, to_second = _shares_to_pixels(first), _shares_to_pixels(second)
    begin = to_second @ _square(matrix) @ np.linalg.inv(to_first)
    rule = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, STEPS, ENOUGH)
    warp = np.ascontiguousarray(begin[:2], np.float32)
    # Areas of the second one that lie beside the first would count as black otherwise.
    everywhere = np.full(second.shape, 255, np.uint8)
    try:
        how_alike, better = cv2.findTransformECC(
            first, second, warp, cv2.MOTION_AFFINE, rule, everywhere, SMOOTHED_PX
        )
    except cv2.error:  # it does not converge
        return matrix
    found = np.linalg.inv(to_second) @ _square(np.asarray(better).ravel().tolist()) @ to_first
    made: Affine = tuple(float(number) for number in found[:2].ravel())
    return made if how_alike >= LEAST and _moved(matrix, made) <= MOST_MOVED else matrix


def _gray(picture: Pillow.Image) -> Any:
    small = picture.convert("L")
    small.thumbnail((SIDE_PX, SIDE_PX))
    return np.asarray(small, np.float32)


def _shares_to_pixels(gray: Any) -> Any:
    """A pixel's coordinates are those of its middle."""
    height, width = gray.shape
    return np.array([[width, 0, -0.5], [0, height, -0.5], [0, 0, 1]], np.float64)


def _square(matrix: Affine | list[float]) -> Any:
    return np.array([*matrix, 0.0, 0.0, 1.0], np.float64).reshape(3, 3)


def _moved(before: Affine, after: Affine) -> float:
    """How far a corner moves at most."""
    pairs = [(at(before, corner), at(after, corner)) for corner in _CORNERS]
    return max(max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in pairs)
