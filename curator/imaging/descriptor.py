"""A small description of a picture by which look-alikes are told: colours in place, and edges."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 8  # of the small picture
CELLS = 2  # of the picture's sides, each with a histogram
DIRECTIONS = 8
LENGTH = SIDE * SIDE * 3 + CELLS * CELLS * DIRECTIONS  # bytes
_FULL = 32.0  # mean gradient in levels that fills a histogram


def describe(rgb: NDArray[np.uint8]) -> bytes:
    """224 bytes: an 8 x 8 picture in CIELAB (L, a, b in a byte each), then 2 x 2 x 8 gradients.

    The gradients are sums of magnitudes by direction in four quarters (N. Dalal and B. Triggs,
    "Histograms of Oriented Gradients for Human Detection", CVPR 2005, coarser), at 64 pixels.
    """
    medium = cv2.resize(rgb, (64, 64), interpolation=cv2.INTER_AREA)
    small = cv2.resize(medium, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    gray = cv2.cvtColor(medium, cv2.COLOR_RGB2GRAY).astype(np.float32)
    across, down = np.gradient(gray, axis=1), np.gradient(gray, axis=0)
    direction = np.mod(np.arctan2(down, across), np.pi) / np.pi * DIRECTIONS
    sector = np.minimum(direction.astype(np.intp), DIRECTIONS - 1)
    row, column = np.indices(gray.shape) * CELLS // 64
    place = (row * CELLS + column) * DIRECTIONS + sector
    sums = np.bincount(place.ravel(), np.hypot(across, down).ravel(), CELLS * CELLS * DIRECTIONS)
    shares = sums / (gray.size / CELLS**2) / _FULL * DIRECTIONS / 2
    edges = (255 * np.clip(shares, 0, 1)).astype(np.uint8)
    return lab.tobytes() + edges.tobytes()
