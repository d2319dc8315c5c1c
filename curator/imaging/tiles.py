"""Cutting a picture's brightness into square tiles, so that a measure is one of its best parts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.float32]  # (height, width), levels of 0 to 255
Tiles = NDArray[np.float32]  # (count, side, side)


def tiles_of(plane: Gray, side: int) -> Tiles:
    """The whole tiles of a plane, row by row, (count, side, side); what is left over is cut off.

    A plane smaller than a tile is one tile, however small it is.
    """
    rows, columns = plane.shape[0] // side, plane.shape[1] // side
    if not rows or not columns:
        return plane[np.newaxis]
    cut = plane[: rows * side, : columns * side]
    parts = cut.reshape(rows, side, columns, side).swapaxes(1, 2)
    return parts.reshape(rows * columns, side, side)


def mean_of_highest(values: NDArray[np.float32], share: float) -> float:
    """The mean of the highest share (0 to 1) of the values, of one at least."""
    count = max(1, round(len(values) * share))
    return float(np.sort(values)[-count:].mean())
