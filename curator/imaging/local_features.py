"""Corners of a picture, described so that they are found again in a copy of a part of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

FEATURES = 256
CELLS, MOST_IN_CELL = 4, 30  # of a grid over the picture, and features in each
FEW = 64  # corners, below which SIFT looks for features itself
_LEAST_SIDE = 16  # of a picture that has corners at all
_OF_THREAD = threading.local()
_CONTRAST = 0.015  # SIFT's threshold; low, so that soft pictures have features too
_CORNER, _FAINT_CORNER = 20, 8  # FAST's threshold in gray levels
_ENOUGH = 0.75  # of the corners that are wanted
_LAYERS = 3  # of SIFT's octaves
_STEP, _LEVELS, _EDGE_PX = 2 ** (1 / _LAYERS), 7, 16  # ORB's pyramid, and the rim without corners
_SHARE = 2 / 3  # of the side that descriptors are taken at: twice as fast, and as good
_SIZE, _SIGMA = 1.4, 1.2  # pixels a descriptor is sized by, and blur of what it is taken from


@dataclass(frozen=True, slots=True)
class _Tools:
    """What finds and describes features; not to be shared among threads."""

    orb: cv2.ORB
    sift: cv2.SIFT
    small_sift: cv2.SIFT


def _tools() -> _Tools:
    if not hasattr(_OF_THREAD, "tools"):
        score = cv2.ORB_HARRIS_SCORE
        orb = cv2.ORB.create(2 * FEATURES, _STEP, _LEVELS, _EDGE_PX, 0, 2, score, 31, _CORNER)
        sift = cv2.SIFT.create(FEATURES, _LAYERS, _CONTRAST, 10, 1.6)
        small_sift = cv2.SIFT.create(FEATURES, _LAYERS, _CONTRAST, 10, _SIGMA)
        _OF_THREAD.tools = _Tools(orb, sift, small_sift)
    return _OF_THREAD.tools  # type: ignore[no-any-return]


def local_features(gray: Bytes, most: int) -> tuple[Floats, Bytes]:
    """Corners as ORB finds them, described as SIFT does; SIFT finds them itself in soft pictures.

    `gray`: uint8 (h, w). At most `most`: float32 (n, 2), their x and y in pixels, and uint8
    (n, 128), RootSIFT times 255.

    ORB's pyramid takes a tenth of the time of SIFT's, and few of its corners get lost.
    """
    nothing = np.zeros((0, 2), np.float32), np.zeros((0, 128), np.uint8)
    if min(gray.shape) < _LEAST_SIDE:
        return nothing
    tools = _tools()
    corners = _corners(tools.orb, gray, most)
    if len(corners) < FEW:
        points, found = tools.sift.detectAndCompute(gray, None)
        at = _places(points)
    else:
        small = cv2.resize(gray, None, fx=_SHARE, fy=_SHARE, interpolation=cv2.INTER_AREA)
        at = _places(corners)
        points, found = tools.small_sift.compute(small, _for_sift(corners, at))
    if found is None or not len(points):
        return nothing
    shares = found[:most] / np.maximum(found[:most].sum(axis=1, keepdims=True), 1e-6)
    return np.asarray(at[:most], np.float32), np.round(np.sqrt(shares) * 255).astype(np.uint8)


def _corners(orb: cv2.ORB, gray: Bytes, most: int) -> list[cv2.KeyPoint]:
    """The strongest corners; faint ones are looked for where there are too few, for they take long.

    They would not be among the strongest elsewhere.
    """
    orb.setMaxFeatures(2 * most)
    found: list[cv2.KeyPoint] = []
    for least in (_CORNER, _FAINT_CORNER):
        orb.setFastThreshold(least)
        found = _spread(orb.detect(gray, None), gray.shape, most)
        if len(found) >= _ENOUGH * most:
            break
    return found


def _places(corners: Sequence[cv2.KeyPoint]) -> Floats:
    return np.asarray(cv2.KeyPoint.convert(corners), np.float32)


def _spread(
    corners: Sequence[cv2.KeyPoint], shape: tuple[int, ...], most: int
) -> list[cv2.KeyPoint]:
    """The strongest corners, at most a share from each cell of a grid.

    Else the text of a page would take all of them from the picture on it.
    """
    if not corners:
        return []
    height, width = shape[:2]
    strongest = np.argsort([-corner.response for corner in corners], kind="stable")
    x, y = (_places(corners) * (CELLS / width, CELLS / height)).astype(np.intp).T
    cells = (y * CELLS + x)[strongest]
    order = np.argsort(cells, kind="stable")
    starts = np.searchsorted(cells[order], cells[order])
    rank = np.empty(len(cells), np.intp)
    rank[order] = np.arange(len(cells)) - starts
    chosen = strongest[rank < most * MOST_IN_CELL // FEATURES][:most]
    return [corners[place] for place in chosen.tolist()]


def _for_sift(corners: Sequence[cv2.KeyPoint], at: Floats) -> list[cv2.KeyPoint]:
    """Corners on the picture that is smaller by _SHARE, with octave and layer as SIFT reads them.

    `at`: float32 (n, 2), where they lie on the large one.
    """
    places = ((at + 0.5) * _SHARE - 0.5).tolist()
    return [
        cv2.KeyPoint(x, y, _SIZES[one.octave], one.angle, one.response, _PACKED[one.octave], -1)
        for one, (x, y) in zip(corners, places, strict=True)
    ]


def _packed(level: int) -> tuple[float, int]:
    """What a level of ORB's pyramid is in SIFT's: a diameter, and octave and layer in one."""
    octave, layer = divmod(level, _LAYERS)
    return 2 * _SIZE * _SHARE * _STEP**level, octave | (layer + 1) << 8


_SIZES, _PACKED = zip(*map(_packed, range(_LEVELS)), strict=True)
