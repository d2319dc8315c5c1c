"""Whether two pictures show the same pixels: features propose how one lies on the other, and the
pictures laid on each other, compared tile by tile, decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from curator.imaging.fingerprints import Bytes, Fingerprint, Floats, mirrored

Matrix = NDArray[np.float64]

RATIO = 0.8  # of the nearest to the second distance, beyond which a match says nothing (Lowe 2004)
REACH_PX = 4.0  # of RANSAC, on a picture of ACROSS_PX
ACROSS_PX = 320.0
INLIERS = 12
TILES = 6
LEAST_INSIDE = 0.6  # of a tile that both pictures must show
FLAT = 4.0  # gray levels of deviation below which a tile shows nothing
LEAST_TILES = 6  # with something on them
MOST_STRETCH = 1.25  # of one direction against the other
MOST_SCALE = 8.0
IN_PLACE = 0.06  # of a side by which places may be off
LEAST_SHARE = 0.2  # of the smaller picture that the other must show


@dataclass(frozen=True, slots=True)
class Alignment:
    """How picture a lies on picture b.

    `matrix`: (2, 3), from a's coordinates to b's, both as shares of the pictures' sides, so that
    it holds at any size; mirroring is part of it. `likeness`: the median over tiles of the
    normalised correlation, -1 to 1. `changed`: the share of tiles that differ. `covers_a`,
    `covers_b`: the share of each that the other one shows. `inliers`: the features that agree; 0
    where the pictures were laid on each other as they are. `turn_deg`: how far b is turned.
    `stretch`: of one direction against the other. `worst`: the correlation that a tenth of the
    tiles don't reach. `differs`: gray levels between them on average. `remains`: the mean
    correlation of the tiles that differ.
    """

    matrix: Matrix
    likeness: float
    changed: float
    covers_a: float
    covers_b: float
    inliers: int
    is_mirrored: bool
    turn_deg: float
    stretch: float
    worst: float
    differs: float
    remains: float

    @property
    def is_in_place(self) -> bool:
        """Whether every place lies where it did, as it is with pictures in the same template."""
        return bool(np.abs(self.matrix - np.eye(2, 3)).max() < IN_PLACE)


def align(a: Fingerprint, b: Fingerprint, ways: Sequence[bool] = (False, True)) -> Alignment | None:
    """How a lies best on b; None where nothing suggests that it does.

    `ways`: whether to try it mirrored.
    """
    found = (
        one
        for is_mirrored in ways
        for one in _aligned(mirrored(a) if is_mirrored else a, b, is_mirrored)
    )
    return max(found, key=lambda one: one.likeness - one.changed, default=None)


def _aligned(a: Fingerprint, b: Fingerprint, is_mirrored: bool) -> list[Alignment]:
    proposals = []
    if fitted := _fitted(a, b):
        proposals.append(fitted)
    if _looks_alike(a, b):
        proposals.append((_frame_on_frame(a, b), 0))
    compared = (_compared(a, b, matrix, inliers, is_mirrored) for matrix, inliers in proposals)
    return [one for one in compared if one is not None]


# -- proposals


def _sides(found: Fingerprint) -> tuple[float, float]:
    """Width and height of a picture of ACROSS_PX."""
    ratio = found.ratio
    return (ACROSS_PX, ACROSS_PX / ratio) if ratio > 1 else (ACROSS_PX * ratio, ACROSS_PX)


def _matches(a: Bytes, b: Bytes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Descriptors that are each other's nearest, and much nearer than the second nearest."""
    none = np.zeros(0, np.intp)
    if len(a) < 2 or len(b) < 2:
        return none, none
    like = a.astype(np.float32) @ b.astype(np.float32).T / 255.0**2
    best = like.argmax(axis=1)
    rows = np.arange(len(a))
    first = like[rows, best]
    is_mutual = like.argmax(axis=0)[best] == rows
    like[rows, best] = -1.0
    second = like.max(axis=1)
    is_clear = 1 - first < RATIO**2 * (1 - second)  # squared distances are 2 - 2 cos
    kept = np.flatnonzero(is_mutual & is_clear)
    return kept, best[kept]


def _fitted(a: Fingerprint, b: Fingerprint) -> tuple[Matrix, int] | None:
    """The affine map on which most features agree, as shares, and their number."""
    of_a, of_b = _matches(a.descriptors, b.descriptors)
    if len(of_a) < INLIERS:
        return None
    sides_a, sides_b = np.array(_sides(a)), np.array(_sides(b))
    found, is_inlier = cv2.estimateAffine2D(
        a.points[of_a] * sides_a,
        b.points[of_b] * sides_b,
        method=cv2.RANSAC,
        ransacReprojThreshold=REACH_PX,
        maxIters=1000,
        confidence=0.995,
    )
    inliers = 0 if found is None else int(is_inlier.sum())
    if inliers < INLIERS:
        return None
    return found * np.array([*sides_a, 1.0]) / sides_b[:, None], inliers


def _looks_alike(a: Fingerprint, b: Fingerprint) -> bool:
    return int(np.bitwise_count(a.hashes[0] ^ b.hashes[0])) <= LOOSE_BITS


def _frame_on_frame(a: Fingerprint, b: Fingerprint) -> Matrix:
    """What lies inside a's rim on what lies inside b's."""
    frame_a, frame_b = np.array(a.frame), np.array(b.frame)
    scale = (frame_b[2:] - frame_b[:2]) / (frame_a[2:] - frame_a[:2])
    return np.column_stack([np.diag(scale), frame_b[:2] - scale * frame_a[:2]])


# -- the decision


def _compared(
    a: Fingerprint, b: Fingerprint, matrix: Matrix, inliers: int, is_mirrored: bool
) -> Alignment | None:
    turn_deg, stretch, scale = _shape(matrix, _sides(a), _sides(b))
    if stretch > MOST_STRETCH or not 1 / MOST_SCALE < scale < MOST_SCALE:
        return None
    quad = _moved(_corners(a), matrix)
    common, seen = cv2.intersectConvexConvex(quad, _corners(b))
    covers_a = common / max(cv2.contourArea(quad), 1e-9)
    covers_b = common / max(cv2.contourArea(_corners(b)), 1e-9)
    if seen is None or max(covers_a, covers_b) < LEAST_SHARE:
        return None
    tiles = _tiles(a, b, matrix, seen.reshape(-1, 2))
    if tiles is None:
        return None
    likeness, differs = tiles
    whole = _mirroring(matrix) if is_mirrored else matrix
    return Alignment(
        whole,
        float(np.median(likeness)),
        float((likeness < CHANGED).mean()),
        min(1.0, float(covers_a)),
        min(1.0, float(covers_b)),
        inliers,
        is_mirrored,
        turn_deg,
        stretch,
        float(np.percentile(likeness, 10)),
        differs,
        float(likeness[likeness < CHANGED].mean()) if (likeness < CHANGED).any() else 1.0,
    )


LOOSE_BITS = 16  # of 64 that may differ for a picture to be laid on another as it is
CHANGED = 0.7  # correlation below which a tile shows something else
_MOST_TILE, _LEAST_TILE = 16, 5  # pixels of a tile's side


def _corners(found: Fingerprint) -> Floats:
    left, top, right, bottom = found.frame
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def _moved(points: Floats, matrix: Matrix) -> Floats:
    return (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)


def _mirroring(matrix: Matrix) -> Matrix:
    """The matrix with the mirroring of a, left to right, before it."""
    flip = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]])
    return matrix @ flip


def _shape(
    matrix: Matrix, sides_a: tuple[float, float], sides_b: tuple[float, float]
) -> tuple[float, float, float]:
    """Turn in degrees, stretch of one direction against the other, and scale, in pixels."""
    linear = matrix[:, :2] * np.array(sides_b)[:, None] / np.array(sides_a)
    if np.linalg.det(linear) <= 0:
        return 0.0, np.inf, 0.0
    turned, sizes, back = np.linalg.svd(linear)
    rotation = turned @ back
    turn = float(np.degrees(np.arctan2(rotation[1, 0], rotation[0, 0])))
    return turn, float(sizes[0] / max(sizes[1], 1e-9)), float(np.sqrt(sizes[0] * sizes[1]))


def _tiles(
    a: Fingerprint, b: Fingerprint, matrix: Matrix, seen: Floats
) -> tuple[Floats, float] | None:
    """The correlation of each tile that shows something; and by how many gray levels they differ.

    `seen`: the corners of what both show, as shares of b. None where too little is shown.
    """
    low, high = seen.min(axis=0), seen.max(axis=0)
    box = np.maximum(high - low, 1e-3)
    size_b = np.array(b.gray.shape[::-1], np.float64)
    size_a = np.array(a.gray.shape[::-1], np.float64)
    in_a = np.abs(np.linalg.inv(matrix[:, :2])) @ box * size_a
    fine = np.minimum(box * size_b, in_a.max() / (box * size_b).max() * box * size_b)
    grid = TILES * np.clip(np.round(fine / TILES), _LEAST_TILE, _MOST_TILE).astype(int)
    to_b = np.column_stack([np.diag(box / grid), low + box / grid / 2])  # middles of grid pixels
    back = np.linalg.inv(matrix[:, :2])
    to_a = np.column_stack([back @ to_b[:, :2], back @ (to_b[:, 2] - matrix[:, 2])])
    of_b = _sampled(b.gray, to_b, size_b, grid)
    of_a = _sampled(a.gray, to_a, size_a, grid)
    inside = _inside(a, to_a, grid) & _inside(b, to_b, grid)
    return _correlations(of_a, of_b, inside)


def _inside(found: Fingerprint, shares: Matrix, grid: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Which pixels of the grid lie on what a picture shows inside its rim."""
    left, top, right, bottom = found.frame
    x, y = np.arange(grid[0]), np.arange(grid[1])[:, None]
    at_x = shares[0, 0] * x + shares[0, 1] * y + shares[0, 2]
    at_y = shares[1, 0] * x + shares[1, 1] * y + shares[1, 2]
    return (at_x >= left) & (at_x <= right) & (at_y >= top) & (at_y <= bottom)


def _sampled(
    gray: Bytes, shares: Matrix, size: NDArray[np.float64], grid: NDArray[np.int_]
) -> Floats:
    """A picture read at a grid of places; `shares` leads from grid pixels to shares of it."""
    pixels = shares * size[:, None] - np.array([[0, 0, 0.5], [0, 0, 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    shape = (int(grid[0]), int(grid[1]))
    read = cv2.warpAffine(gray, pixels, shape, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return cv2.GaussianBlur(read.astype(np.float32), (0, 0), 0.8)


def _correlations(a: Floats, b: Floats, inside: NDArray[np.bool_]) -> tuple[Floats, float] | None:
    """The normalised correlation of each tile that shows something in one of the pictures."""
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
    apart = float((np.abs(a - b) * mask).sum() / max(1.0, float(mask.sum())))
    return likeness[is_seen], apart


def _summed(values: Floats) -> Floats:
    """The sum over each tile, (TILES, TILES)."""
    height, width = values.shape
    return values.reshape(TILES, height // TILES, TILES, width // TILES).sum(axis=(1, 3))
