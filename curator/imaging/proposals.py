"""How one picture may lie on another: by the features that agree, or simply frame on frame."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from curator.imaging.fingerprints import Bytes, Fingerprint, Floats

Matrix = NDArray[np.float64]

RATIO = 0.8  # of the nearest to the second distance, beyond which a match says nothing (Lowe 2004)
REACH_PX = 4.0  # of RANSAC, on a picture of ACROSS_PX
ACROSS_PX = 320.0
INLIERS = 12
LOOSE_BITS = 16  # of 64 that may differ for a picture to be laid on another as it is
_OUTER = 4  # percent of the inliers left out on each side of where they lie
_AROUND = 0.04  # of a side that is added there


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """An affine map from a to b, both as shares of their sides.

    `inliers`: features that agree; 0 where nothing but the frames was asked. `support`: their share
    of the features that could, of the picture that has fewer. `region`: (4, 2), the corners of
    where they lie in b.
    """

    matrix: Matrix
    inliers: int
    support: float
    region: Floats | None


def proposals(a: Fingerprint, b: Fingerprint) -> list[Proposal]:
    """What is worth a closer look, the features' proposal first."""
    found = [_by_features(a, b)]
    if int(np.bitwise_count(a.hashes[0] ^ b.hashes[0])) <= LOOSE_BITS:
        found.append(Proposal(_frame_on_frame(a, b), 0, 0.0, None))
    return [one for one in found if one is not None]


def sides(found: Fingerprint) -> NDArray[np.float64]:
    """Width and height of the picture at ACROSS_PX."""
    ratio = found.ratio
    pair = (ACROSS_PX, ACROSS_PX / ratio) if ratio > 1 else (ACROSS_PX * ratio, ACROSS_PX)
    return np.array(pair)


def moved(points: Floats, matrix: Matrix) -> Floats:
    """Points (n, 2) after an affine map (2, 3)."""
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], np.float32)


def matches(a: Bytes, b: Bytes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
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


def _by_features(a: Fingerprint, b: Fingerprint) -> Proposal | None:
    of_a, of_b = matches(a.descriptors, b.descriptors)
    if len(of_a) < INLIERS:
        return None
    sides_a, sides_b = sides(a), sides(b)
    found, mask = cv2.estimateAffine2D(
        a.points[of_a] * sides_a,
        b.points[of_b] * sides_b,
        method=cv2.RANSAC,
        ransacReprojThreshold=REACH_PX,
        maxIters=1000,
        confidence=0.995,
    )
    if found is None or mask.sum() < INLIERS:
        return None
    matrix = np.asarray(found * np.array([*sides_a, 1.0]) / sides_b[:, None])
    inliers = int(mask.sum())
    return Proposal(
        matrix,
        inliers,
        inliers / max(inliers, _possible(a, b, matrix)),
        _around(b.points[of_b][mask.ravel() > 0]),
    )


def _possible(a: Fingerprint, b: Fingerprint, matrix: Matrix) -> int:
    """How many features of the picture that has fewer lie on the other."""
    back = np.asarray(cv2.invertAffineTransform(matrix), np.float64)
    on_b, on_a = moved(a.points, matrix), moved(b.points, back)
    return min(int(((on >= 0) & (on <= 1)).all(axis=1).sum()) for on in (on_b, on_a))


def _around(points: Floats) -> Floats:
    """The corners of where most of the points lie, with a little room."""
    low, high = np.percentile(points, [_OUTER, 100 - _OUTER], axis=0)
    (left, top), (right, bottom) = low - _AROUND, high + _AROUND
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def _frame_on_frame(a: Fingerprint, b: Fingerprint) -> Matrix:
    """What lies inside a's rim on what lies inside b's."""
    frame_a, frame_b = np.array(a.frame), np.array(b.frame)
    scale = (frame_b[2:] - frame_b[:2]) / (frame_a[2:] - frame_a[:2])
    return np.column_stack([np.diag(scale), frame_b[:2] - scale * frame_a[:2]])
