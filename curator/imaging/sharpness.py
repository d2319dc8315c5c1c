"""How sharp the sharpest parts of a picture are, at the size at which training sees it."""

from __future__ import annotations

import math
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from curator.imaging.tiles import Gray, mean_of_highest, tiles_of

TILE_PX = 48
SHARPEST = 0.08  # share of tiles that decide: a face in a portrait before a blurred background
_SIGMAS = (0.6, 1.2, 2.4)  # pixels; the bands between them are an octave each
_FAINT = 2.0  # levels in the coarser band: weaker structure says nothing about sharpness
_CRISP = 1.7  # ratio of the bands in the crispest of 90 photos of animals; their median is 1.1


def sharpness(gray: Gray, noise: float) -> float:
    """0 (no detail) to 100 (as crisp as a picture that was scaled down from a larger one).

    For each tile the ratio of what is seen in a fine band to what is seen in a band an octave
    coarser, sqrt(E1 / E2): blur takes the fine band first, while contrast and subject change both
    alike (a two-scale form of the re-blurring ratio of F. Crete et al., "The Blur Effect", SPIE
    6492, 2007). From both energies that of noise of the given deviation is taken off. Tiles with
    little structure count less; the mean of the highest 8 % of tiles decides.

    gray: at about one megapixel; noise: in levels of 255, as `noise.noise` gives it.
    """
    blurred = [cv2.GaussianBlur(gray, (0, 0), sigma) for sigma in _SIGMAS]
    fine, coarse = (
        _energy(first - second, noise * share)
        for (first, second), share in zip(pairwise(blurred), _noise_shares(), strict=True)
    )
    ratio = np.sqrt(fine / (coarse + 1e-6))
    counts = coarse / (coarse + _FAINT**2)
    return 100 * min(1.0, mean_of_highest(ratio * counts, SHARPEST) / _CRISP)


def _energy(band: Gray, noise: float) -> NDArray[np.float32]:
    """The variance in each tile without that of noise."""
    energy: NDArray[np.float32] = np.square(tiles_of(band, TILE_PX)).mean(axis=(1, 2))
    above: NDArray[np.float32] = np.maximum(energy - np.float32(noise**2), np.float32(0))
    return above


def _noise_shares() -> list[float]:
    """The deviation that white noise of deviation 1 keeps in each band: two Gaussians' difference.

    Variance of G_a - G_b of white noise: 1 / (4 pi a^2) + 1 / (4 pi b^2) - 1 / (2 pi (a^2 + b^2)).
    """
    return [
        math.sqrt(
            1 / (4 * math.pi * a * a)
            + 1 / (4 * math.pi * b * b)
            - 1 / (2 * math.pi * (a * a + b * b))
        )
        for a, b in pairwise(_SIGMAS)
    ]
