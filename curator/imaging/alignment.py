"""Whether two pictures show the same pixels: features propose how one lies on the other, and the
pictures laid on each other, compared tile by tile, decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from curator.imaging.fingerprints import Fingerprint, Floats, mirrored
from curator.imaging.local_features import FEATURES
from curator.imaging.proposals import Matrix, Proposal, moved, proposals, sides
from curator.imaging.tile_likeness import Tiles, compare_tiles

CHANGED = 0.7  # correlation below which a tile shows something else
MOST_STRETCH = 1.25  # of one direction against the other
MOST_SCALE = 8.0
IN_PLACE = 0.06  # of a side by which places may be off
LEAST_SHARE = 0.2  # of the smaller picture that the other must show
LEAST_REGION = 0.4  # the same, where features alone say what is common
COVERS = 0.15  # what showing the whole of one is worth, in likeness
_WORST_TENTH = 10  # percent


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """How picture a lies on picture b.

    `matrix`: (2, 3), from a's coordinates to b's, both as shares of the pictures' sides, so that it
    holds at any size; mirroring is part of it. `likeness`: the median over tiles of the normalised
    correlation, -1 to 1. `changed`: the share of tiles that differ; `remains`: their mean
    correlation. `worst`: the correlation that a tenth of the tiles don't reach; `least`: that of
    the worst tile. `differs`: gray levels between the two on average. `covers_a`, `covers_b`: the
    share of each, without its rim, that the other one shows. `inliers`, `support`: see `Proposal`.
    `turn_deg`: how far b is turned; `stretch`: of one direction against the other. `bits`: of 64
    that differ in pHash.
    """

    matrix: Matrix
    likeness: float
    changed: float
    remains: float
    worst: float
    least: float
    differs: float
    covers_a: float
    covers_b: float
    inliers: int
    support: float
    is_mirrored: bool
    turn_deg: float
    stretch: float
    bits: int

    @property
    def is_in_place(self) -> bool:
        """Whether every place lies where it did, as it is with pictures in the same template."""
        return bool(np.abs(self.matrix - np.eye(2, 3)).max() < IN_PLACE)


def align(a: Fingerprint, b: Fingerprint, ways: Sequence[bool] = (False, True)) -> Alignment | None:
    """How a lies best on b; None where nothing suggests that it does.

    `ways`: whether to try it mirrored. With a page the other way round finds what this one misses:
    what is on it has few features among many.
    """
    found = list(_all_ways(a, b, ways))
    if max(len(a.points), len(b.points)) > FEATURES:
        found += [_inverted(one) for one in _all_ways(b, a, ways)]
    return max(found, key=_worth, default=None)


def _all_ways(a: Fingerprint, b: Fingerprint, ways: Sequence[bool]) -> Iterator[Alignment]:
    for is_mirrored in ways:
        yield from _aligned(mirrored(a) if is_mirrored else a, b, is_mirrored)


def _inverted(found: Alignment) -> Alignment:
    """How b lies on a, from how a lies on b."""
    whole = np.linalg.inv(np.vstack([found.matrix, [0.0, 0.0, 1.0]]))
    return replace(
        found,
        matrix=np.asarray(whole[:2]),
        covers_a=found.covers_b,
        covers_b=found.covers_a,
        turn_deg=-found.turn_deg,
    )


def _worth(one: Alignment) -> float:
    """What both show as a whole says more than a part of it."""
    return one.likeness - one.changed + COVERS * max(one.covers_a, one.covers_b)


def _aligned(a: Fingerprint, b: Fingerprint, is_mirrored: bool) -> Iterator[Alignment]:
    bits = int(np.bitwise_count(a.hashes[0] ^ b.hashes[0]))
    for one in proposals(a, b):
        turn_deg, stretch, scale = _shape(a, b, one.matrix)
        if stretch > MOST_STRETCH or not 1 / MOST_SCALE < scale < MOST_SCALE:
            continue
        for covers, tiles in _looks(a, b, one):
            likeness = tiles.likeness
            changed = likeness < CHANGED
            yield Alignment(
                _mirroring(one.matrix) if is_mirrored else one.matrix,
                float(np.median(likeness)),
                float(changed.mean()),
                float(likeness[changed].mean()) if changed.any() else 1.0,
                float(np.percentile(likeness, _WORST_TENTH)),
                float(likeness.min()),
                tiles.differs,
                *covers,
                one.inliers,
                one.support,
                is_mirrored,
                turn_deg,
                stretch,
                bits,
            )


def _looks(
    a: Fingerprint, b: Fingerprint, one: Proposal
) -> Iterator[tuple[tuple[float, float], Tiles]]:
    """What a proposal is worth: on all that both show, and where the features agree.

    The second is for a screenshot of a crop, which shows other things beside it.
    """
    quad, frame = moved(_corners(a), one.matrix), _corners(b)
    regions = [(quad, LEAST_SHARE)]
    is_in_place = np.abs(one.matrix - np.eye(2, 3)).max() < IN_PLACE  # in one template, perhaps
    if one.region is not None and not is_in_place:
        regions.append((one.region, LEAST_REGION))
    for region, least in regions:
        _area, seen = cv2.intersectConvexConvex(quad, frame)
        if seen is not None and region is not quad:
            _area, seen = cv2.intersectConvexConvex(seen.reshape(-1, 2), region)
        if seen is None or len(seen) < 3:
            continue
        common = np.asarray(seen.reshape(-1, 2), np.float32)
        area = cv2.contourArea(common)
        covers = tuple(min(1.0, area / max(cv2.contourArea(of), 1e-9)) for of in (quad, frame))
        if max(covers) < least:
            continue
        tiles = compare_tiles(a, b, one.matrix, common)
        if tiles is not None:
            yield (covers[0], covers[1]), tiles


def _corners(found: Fingerprint) -> Floats:
    left, top, right, bottom = found.frame
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def _mirroring(matrix: Matrix) -> Matrix:
    """The matrix with the mirroring of a, left to right, before it."""
    flip = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]])
    return np.asarray(matrix @ flip)


def _shape(a: Fingerprint, b: Fingerprint, matrix: Matrix) -> tuple[float, float, float]:
    """Turn in degrees, stretch of one direction against the other, and scale, in pixels."""
    linear = matrix[:, :2] * sides(b)[:, None] / sides(a)
    if np.linalg.det(linear) <= 0:
        return 0.0, np.inf, 0.0
    turned, sizes, back = np.linalg.svd(linear)
    rotation = turned @ back
    turn = float(np.degrees(np.arctan2(rotation[1, 0], rotation[0, 0])))
    return turn, float(sizes[0] / max(sizes[1], 1e-9)), float(np.sqrt(sizes[0] * sizes[1]))
