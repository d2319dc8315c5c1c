"""How noisy a picture is in its smoothest parts."""

from __future__ import annotations

import math

import cv2
import numpy as np

from curator.imaging.tiles import Gray, tiles_of

TILE_PX = 32
SMOOTHEST = 10  # percentile of tiles: some part of nearly every picture is smooth
_BLACK, _WHITE = 4, 251  # levels beyond which noise is cut off and says nothing
# The difference of two Laplacians: blind to edges and slopes, not to noise.
_KERNEL = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


def noise(gray: Gray) -> float:
    """Standard deviation of the noise in levels of 255; 0 for none.

    sigma = sqrt(pi / 2) / 6 * mean |I * N| with N the difference of two Laplacians (J. Immerkaer,
    "Fast Noise Variance Estimation", CVIU 64, 1996), here for each tile; the value of the tile at
    the 10th percentile, for texture looks like noise to the formula. Flat black and white tiles do
    not count. Range 0 to about 60.
    """
    if min(gray.shape) < 3:
        return 0.0
    answer = np.abs(cv2.filter2D(gray, cv2.CV_32F, _KERNEL)[1:-1, 1:-1])
    strength = tiles_of(answer, TILE_PX).mean(axis=(1, 2))
    level = tiles_of(gray[1:-1, 1:-1], TILE_PX).mean(axis=(1, 2))
    counted = strength[(level > _BLACK) & (level < _WHITE)]
    if not len(counted):
        return 0.0
    return float(np.percentile(counted, SMOOTHEST)) * math.sqrt(math.pi / 2) / 6
