"""Pictures as points, look-alikes close together: an order, clusters, and a choice of the most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]  # (pictures, dimensions)
_LAB, _EDGES = 192, 32  # bytes of a descriptor, see imaging.descriptor
_COLOUR_WEIGHT = 1.6  # a and b of CIELAB spread less than L
SAME_GROUP = 0.36  # distance within which pictures of one scene lie, see docs/quality.md
_MOST_CLUSTERED = 4000  # pictures; the distances of all pairs are held
_LEAF = 3


def points_of(descriptors: Sequence[bytes]) -> Points:
    """A point per descriptor, scaled so that unlike photos are about 1 apart."""
    raw = np.frombuffer(b"".join(descriptors), np.uint8).reshape(len(descriptors), -1)
    lab = (raw[:, :_LAB].astype(np.float32) - 128) / 255
    lab = lab.reshape(-1, _LAB // 3, 3) * np.array([1, _COLOUR_WEIGHT, _COLOUR_WEIGHT], np.float32)
    edges = raw[:, _LAB : _LAB + _EDGES].astype(np.float32) / 255
    flat = lab.reshape(len(raw), _LAB) / np.sqrt(_LAB / 3) * 2.5
    return np.concatenate([flat, edges / np.sqrt(_EDGES) * 2], axis=1)


def arranged(points: Points) -> list[int]:
    """The pictures' indices in an order in which look-alikes stand beside each other.

    Halved at the median along the principal direction, each half again down to three; each part is
    turned round where its other end lies nearer to its neighbour's (a space-filling order along a
    principal direction tree: N. Verma, S. Kpotufe and S. Dasgupta, UAI 2009). n log n.
    """
    order: list[int] = []
    if len(points):
        _arrange(points, np.arange(len(points)), order)
    return order


def _arrange(points: Points, some: NDArray[np.intp], order: list[int]) -> None:
    parts = [some]
    while parts:
        part = parts.pop()
        along = np.argsort(_projected(points[part]), kind="stable")
        part = part[along]
        if order and _is_turned(points, order[-1], part):
            part = part[::-1]
        if len(part) <= _LEAF:
            order.extend(int(n) for n in part)
        else:
            middle = len(part) // 2
            parts += [part[middle:], part[:middle]]


def _projected(points: Points) -> Points:
    """Along the direction of the most variance, by a few steps of power iteration."""
    centred = points - points.mean(axis=0)
    direction = centred[int(np.argmax(np.square(centred).sum(axis=1)))]
    for _ in range(6):
        direction = centred.T @ (centred @ direction)
        direction = direction / (np.linalg.norm(direction) + 1e-12)
    return np.asarray(centred @ direction, np.float32)


def _is_turned(points: Points, last: int, part: NDArray[np.intp]) -> bool:
    """Whether the far half of a part lies nearer to what came before than its near half."""
    half = max(1, len(part) // 2)
    near, far = points[part[:half]].mean(axis=0), points[part[-half:]].mean(axis=0)
    return bool(np.linalg.norm(points[last] - far) < np.linalg.norm(points[last] - near))


def cover(points: Points, number: int) -> list[int]:
    """The indices of so many pictures that cover most: each next one is farthest from all before.

    Begins with the medoid, the picture nearest to the mean of all. No other choice of as many
    leaves a picture less than half as far from its nearest chosen one (T. Gonzalez, "Clustering to
    minimize the maximum intercluster distance", 1985). Ties go to the first.
    """
    number = min(number, len(points))
    if number < 1:
        return []
    chosen = [int(np.argmin(np.linalg.norm(points - points.mean(axis=0), axis=1)))]
    far = np.linalg.norm(points - points[chosen[0]], axis=1)
    while len(chosen) < number:
        far[chosen] = -1
        chosen.append(int(np.argmax(far)))
        far = np.minimum(far, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return chosen


def clusters(points: Points, bound: float = SAME_GROUP) -> list[list[int]]:
    """Groups of look-alikes, two and more, the largest first; indices ascending.

    Agglomerative with average linkage, cut at the distance `bound`. Of more than 4,000 pictures the
    first 4,000 are grouped.
    """
    points = points[:_MOST_CLUSTERED]
    if len(points) < 2:
        return []
    from scipy.cluster.hierarchy import fcluster, linkage  # half a second

    names = fcluster(linkage(points, "average"), bound, "distance")
    groups: dict[int, list[int]] = {}
    for index, name in enumerate(names):
        groups.setdefault(int(name), []).append(index)
    found = [group for group in groups.values() if len(group) > 1]
    return sorted(found, key=lambda group: (-len(group), group[0]))
