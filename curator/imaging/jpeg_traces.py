"""What JPEG has done to a picture: the quality its tables tell, and blocks seen in its pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from curator.imaging.tiles import Gray

BLOCK_PX = 8
LOOKED_AT_PX = 1024  # the middle of larger pictures is enough
_STEEPEST = 24.0  # levels; steeper steps are edges of the subject
# ITU-T T.81 (1992), Annex K, tables K.1 and K.2, row by row.
_LUMINANCE = (
    *(16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99),
)
_CHROMINANCE = (
    *(17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99),
    *(24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99),
    *(99,) * 32,
)


def quality_of_tables(tables: Mapping[int, Sequence[int]]) -> float | None:
    """The quality from 1 to 100 at which IJG's encoder writes tables nearest to these.

    IJG (libjpeg's jcparam.c): S = 5000 / q below 50, else 200 - 2 q; entry = (base * S + 50) / 100,
    within 1 to 255. The inverse is the q of the least sum of squared differences over the tables of
    brightness and, if there is one, of colour, which also places tables of other encoders. Tables
    in natural order, as Pillow gives them, whether the file is progressive or not. None without.
    """
    known = [np.array(tables[n], np.float64) for n in (0, 1) if len(tables.get(n, ())) == 64]
    if not known:
        return None
    found = np.concatenate(known)
    ours = _ijg()[:, : len(found)]
    return float(np.argmin(np.square(ours - found).sum(axis=1)) + 1)


@cache
def _ijg() -> NDArray[np.float64]:
    """Both tables of every quality, one quality a row: (100, 128)."""
    quality = np.arange(1, 101)[:, np.newaxis]
    scale = np.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    base = np.array([*_LUMINANCE, *_CHROMINANCE])
    tables: NDArray[np.intp] = np.clip((base * scale + 50) // 100, 1, 255)
    return tables.astype(np.float64)


def blocking(gray: NDArray[np.uint8]) -> float:
    """How much steeper the picture is across the edges of a grid of 8 pixels, in percent.

    For every line between two columns, and two rows, the step there less the mean of the steps
    beside it, as in Z. Wang, A. Bovik and B. Evans, "Blind Measurement of Blocking Artifacts",
    ICIP 2000, in its simpler form of differences; steps over 24 levels count as 24. Lines are
    gathered by their place modulo 8, so that a grid shows that was moved by cropping. The place
    with the most less the one with the second most (enlarging twice or four times makes several
    such), over the mean step. 0 to about 300; a picture that never was a JPEG has some 2.

    gray: at the file's own size, not scaled.
    """
    middle = _middle(gray).astype(np.float32)
    across, mean_across = _excess(middle)
    down, mean_down = _excess(middle.T)
    both = max(mean_across + mean_down, 1e-3)
    return max(0.0, 100 * (across + down) / both)


def _middle(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = gray.shape
    top, left = (max(0, (side - LOOKED_AT_PX) // 2) for side in (height, width))
    return gray[top : top + LOOKED_AT_PX, left : left + LOOKED_AT_PX]


def _excess(gray: Gray) -> tuple[float, float]:
    """The highest excess of any place of the grid over the usual one, and the mean step."""
    if gray.shape[1] < 4 * BLOCK_PX:
        return 0.0, 0.0
    steps = np.minimum(np.abs(np.diff(gray, axis=1)), _STEEPEST).mean(axis=0)
    beside = (steps[:-2] + steps[2:]) / 2
    excess = steps[1:-1] - beside
    cut = len(excess) // BLOCK_PX * BLOCK_PX
    by_place = excess[:cut].reshape(-1, BLOCK_PX).mean(axis=0)
    second, first = np.sort(by_place)[-2:]
    return float(first - second), float(steps.mean())
