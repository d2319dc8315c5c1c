"""Two pictures laid on each other, compared tile by tile."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from curator.imaging.fingerprints import Bytes, Fingerprint, Floats
from curator.imaging.proposals import Matrix

TILES = 6  # in each direction
LEAST_INSIDE = 0.6  # of a tile that both pictures must show
FLAT = 4.0  # gray levels of deviation below which a tile shows nothing
LEAST_TILES = 6  # with something on them
OTHER = 30.0  # gray levels by which an even tile may be off
LEAST_GAIN, MOST_GAIN = 0.5, 2.0
_MOST_TILE, _LEAST_TILE = 16, 5  # pixels of a tile's side
_SOFTEN = 0.8  # deviation of the blur that evens out how sharp the two are


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """`likeness`: float32 (n,), the normalised correlation of each tile that shows something, from
    -1 to 1; 0 for each that is even and of another brightness. `differs`: gray levels between the
    two on average.
    """

    likeness: Floats
    differs: float


def compare_tiles(a: Fingerprint, b: Fingerprint, matrix: Matrix, seen: Floats) -> Tiles | None:
    """Compare what both show; None where that is too little to say anything.

    `matrix`: from a to b, as shares. `seen`: (n, 2), the corners of what both show, as shares of b.
    """
    low, high = seen.min(axis=0).astype(np.float64), seen.max(axis=0).astype(np.float64)
    box = np.maximum(high - low, 1e-3)
    size_a, size_b = (np.array(one.gray.shape[::-1], np.float64) for one in (a, b))
    back = np.linalg.inv(matrix[:, :2])
    in_a, in_b = np.abs(back) @ box * size_a, box * size_b
    fine = np.minimum(in_b, in_a.max() / in_b.max() * in_b)  # as fine as the coarser of the two
    grid = TILES * np.clip(np.round(fine / TILES), _LEAST_TILE, _MOST_TILE).astype(int)
    to_b = np.column_stack([np.diag(box / grid), low + box / grid / 2])  # middles of grid pixels
    to_a = np.column_stack([back @ to_b[:, :2], back @ (to_b[:, 2] - matrix[:, 2])])
    inside = _inside(a, to_a, grid) & _inside(b, to_b, grid)
    return _correlated(
        _sampled(a.gray, to_a, size_a, grid), _sampled(b.gray, to_b, size_b, grid), inside
    )


def _inside(found: Fingerprint, shares: Matrix, grid: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Which pixels of the grid lie on what a picture shows inside its rim."""
    left, top, right, bottom = found.frame
    x, y = np.arange(grid[0]), np.arange(grid[1])[:, None]
    at_x = shares[0, 0] * x + shares[0, 1] * y + shares[0, 2]
    at_y = shares[1, 0] * x + shares[1, 1] * y + shares[1, 2]
    return np.asarray((at_x >= left) & (at_x <= right) & (at_y >= top) & (at_y <= bottom))


def _sampled(
    gray: Bytes, shares: Matrix, size: NDArray[np.float64], grid: NDArray[np.int_]
) -> Floats:
    """A picture read at a grid of places; `shares` leads from grid pixels to shares of it."""
    pixels = shares * size[:, None] - np.array([[0, 0, 0.5], [0, 0, 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    shape = (int(grid[0]), int(grid[1]))
    read = cv2.warpAffine(gray, pixels, shape, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.GaussianBlur(read.astype(np.float32), (0, 0), _SOFTEN), np.float32)


def _correlated(a: Floats, b: Floats, inside: NDArray[np.bool_]) -> Tiles | None:
    mask = inside.astype(np.float32)
    count = _summed(mask)
    is_shown = count >= LEAST_INSIDE * (a.size / TILES**2)
    count = np.maximum(count, 1)
    mean_a, mean_b = _summed(a * mask) / count, _summed(b * mask) / count
    spread_a = _summed(a * a * mask) / count - mean_a**2
    spread_b = _summed(b * b * mask) / count - mean_b**2
    joint = _summed(a * b * mask) / count - mean_a * mean_b
    is_seen = is_shown & (np.maximum(spread_a, spread_b) >= FLAT**2)
    if is_seen.sum() < LEAST_TILES:
        return None
    scale = np.sqrt(np.maximum(spread_a, 0) * np.maximum(spread_b, 0))
    likeness = joint / np.maximum(scale, FLAT**2 / 4)
    is_other = is_shown & ~is_seen & ~_follows(mean_a, mean_b, is_seen)
    likeness = np.append(likeness[is_seen], np.zeros(int(is_other.sum())))
    apart = float((np.abs(a - b) * mask).sum() / max(1.0, float(mask.sum())))
    return Tiles(np.asarray(likeness, np.float32), apart)


def _follows(mean_a: Floats, mean_b: Floats, is_seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether even tiles are as bright in b as brightening all of a alike makes them."""
    x, y = mean_a[is_seen], mean_b[is_seen]
    gain = float(np.cov(x, y, bias=True)[0, 1] / max(float(x.var()), 1.0))
    expected = y.mean() + min(max(gain, LEAST_GAIN), MOST_GAIN) * (mean_a - x.mean())
    return np.asarray(np.abs(mean_b - expected) <= OTHER)


def _summed(values: Floats) -> Floats:
    """The sum over each tile, (TILES, TILES)."""
    height, width = values.shape
    tiles = values.reshape(TILES, height // TILES, TILES, width // TILES)
    return np.asarray(tiles.sum(axis=(1, 3)), np.float32)
