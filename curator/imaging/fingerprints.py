"""What a picture is recognised by: hashes of the whole, and local features that outlive a crop.

SIFT's features as RootSIFT (Arandjelovic and Zisserman 2012): a descriptor's square root of its
share of the whole, so that the Euclidean distance compares them as Hellinger's does.
"""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

VERSION = 1  # of all that is computed here; what is stored under another one is made anew
SIDE_PX = 320  # the longer side of the picture that is described
PAGE_SIDE_PX = 640  # of a page, on which pictures are small
PAGE_SHARE = 0.35  # of the pixels that equal their neighbours
SMALL_PX = 128  # of the one that is compared tile by tile
FEATURES = 256
CELLS, MOST_IN_CELL = 4, 30  # of a grid over the picture, and features in each
PAGE_FEATURES = 700  # of a page, whose text takes most of them
FEW = 100  # corners, below which SIFT looks for features itself
RIM_SPREAD = 2.5  # deviation of gray levels in a row or column that is still a rim's
RIM_STEP = 4.0  # gray levels by which its rows may differ
MOST_RIM = 0.45  # of a side that a rim may take
LEAST_SIDE = 16
POINT_UNITS = 32768  # in which places of features are kept, to a hundredth of a pixel
_OF_THREAD = threading.local()
_CONTRAST = 0.015  # SIFT's threshold; low, so that soft pictures have features too
_CORNER = 8  # FAST's threshold in gray levels
_STEP, _LEVELS, _EDGE_PX = 1.2, 8, 16  # ORB's pyramid, and the rim without corners
_LAYERS, _SIGMA = 3, 1.2  # of SIFT's octaves, and the blur that a descriptor is sized by


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """What a picture is recognised by.

    `hashes`: uint64 of shape (2,): the pHash and that of the mirrored picture, both of
    the picture without its rim. `points`: float32 (n, 2), x and y as shares of width and height of
    the whole picture. `descriptors`: uint8 (n, 128), RootSIFT times 255. `gray`: uint8 (h, w), the
    whole picture with at most SMALL_PX a side. `frame`: left, top, right, bottom of the picture
    without its rim, as shares. `ratio`: width over height. `colour`: the means of Lab's a and b
    and of how colourful it is, in levels of 255.
    """

    hashes: NDArray[np.uint64]
    points: Floats
    descriptors: Bytes
    gray: Bytes
    frame: tuple[float, float, float, float]
    ratio: float
    colour: tuple[float, float, float]


def is_page(small: Image.Image) -> bool:
    """Whether most of a picture is even: a page or a screen, with pictures small upon it."""
    gray = np.asarray(small.convert("L"))
    left, top, right, bottom = content_box(gray)
    inner = gray[top:bottom, left:right]
    even = (inner[1:, 1:] == inner[:-1, 1:]) & (inner[1:, 1:] == inner[1:, :-1])
    return float(even.mean()) > PAGE_SHARE


def fingerprint(picture: Image.Image, side_px: int = SIDE_PX) -> Fingerprint:
    """Describe a picture in mode RGB, upright; it is scaled down to `side_px` first.

    A page (`is_page`) is described at PAGE_SIDE_PX, for what is on it to be large enough.
    """
    small = picture if max(picture.size) <= side_px else _scaled(picture, side_px)
    gray = np.asarray(small.convert("L"))
    left, top, right, bottom = content_box(gray)
    inner = small.crop((left, top, right, bottom))
    most = FEATURES if side_px == SIDE_PX else PAGE_FEATURES
    points, descriptors = _features(gray[top:bottom, left:right], most)
    height, width = gray.shape
    size = np.array([width, height], np.float32)
    at = (points + np.array([left + 0.5, top + 0.5], np.float32)) / size
    lab = cv2.cvtColor(np.asarray(small.resize((16, 16))), cv2.COLOR_RGB2Lab).astype(np.float32)
    apart = lab[:, :, 1:] - 128
    mean = (*apart.mean(axis=(0, 1)), np.hypot(apart[:, :, 0], apart[:, :, 1]).mean())
    return Fingerprint(
        _hashes(inner),
        at.astype(np.float32),
        descriptors,
        np.asarray(_scaled(small, SMALL_PX).convert("L")),
        (left / width, top / height, right / width, bottom / height),
        picture.width / picture.height,
        (float(mean[0]), float(mean[1]), float(mean[2])),
    )


def _scaled(picture: Image.Image, side_px: int) -> Image.Image:
    scale = side_px / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BILINEAR)


def content_box(gray: Bytes) -> tuple[int, int, int, int]:
    """Left, top, right and bottom, in pixels, of what lies inside an even rim; else of everything.

    `gray`: uint8 (h, w). A rim is made of whole rows and columns of one gray, but for the noise of
    a JPEG, and takes at most MOST_RIM of a side.
    """
    height, width = gray.shape
    top, bottom = _between(gray)
    left, right = _between(gray[top:bottom].T)
    top, bottom = _between(gray[:, left:right])  # a rim all around hides behind its corners
    if right - left < LEAST_SIDE or bottom - top < LEAST_SIDE:
        return 0, 0, width, height
    return left, top, right, bottom


def _between(rows: Bytes) -> tuple[int, int]:
    """The first row that is no rim, and the one after the last."""
    count, most = len(rows), int(len(rows) * MOST_RIM)
    if min(rows[0].std(), rows[-1].std()) > RIM_SPREAD:
        return 0, count  # as with most photos
    middle, spread = rows.mean(axis=1), rows.std(axis=1)
    even = spread <= RIM_SPREAD
    first = int(np.argmin(even & (np.abs(middle - middle[0]) <= RIM_STEP)))
    last = int(np.argmin((even & (np.abs(middle - middle[-1]) <= RIM_STEP))[::-1]))
    return (first if first <= most else 0), count - (last if last <= most else 0)


def _hashes(picture: Image.Image) -> NDArray[np.uint64]:
    """pHash upright and mirrored, as imagehash defines it."""
    gray = picture.convert("L").resize((64, 64), Image.Resampling.BOX)
    mirrored = gray.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    found = (imagehash.phash(gray), imagehash.phash(mirrored))
    bits = np.stack([one.hash.ravel() for one in found])
    return np.packbits(bits, axis=1).view(">u8").ravel().astype(np.uint64)


@dataclass(frozen=True, slots=True)
class _Tools:
    """What finds and describes features; not to be shared among threads."""

    orb: cv2.ORB
    sift: cv2.SIFT


def _tools() -> _Tools:
    if not hasattr(_OF_THREAD, "tools"):
        score = cv2.ORB_HARRIS_SCORE
        orb = cv2.ORB.create(2 * FEATURES, _STEP, _LEVELS, _EDGE_PX, 0, 2, score, 31, _CORNER)
        sift = cv2.SIFT.create(FEATURES, _LAYERS, _CONTRAST, 10, 1.6)
        _OF_THREAD.tools = _Tools(orb, sift)
    return _OF_THREAD.tools  # type: ignore[no-any-return]


def _features(gray: Bytes, most: int) -> tuple[Floats, Bytes]:
    """Corners as ORB finds them, described as SIFT does; SIFT finds them itself in soft pictures.

    ORB's pyramid takes a tenth of the time of SIFT's, and few of its corners get lost.
    """
    tools = _tools()
    tools.orb.setMaxFeatures(2 * most)
    found_corners = _spread(tools.orb.detect(gray, None), gray.shape, most)
    corners = [_for_sift(corner) for corner in found_corners]
    if len(corners) < FEW:
        points, found = tools.sift.detectAndCompute(gray, None)
    else:
        points, found = tools.sift.compute(gray, corners)
    if found is None or not len(points):
        return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.uint8)
    at = np.array([point.pt for point in points[:most]], np.float32)
    shares = found[:most] / np.maximum(found[:most].sum(axis=1, keepdims=True), 1e-6)
    return at, np.round(np.sqrt(shares) * 255).astype(np.uint8)


def _spread(
    corners: Sequence[cv2.KeyPoint], shape: tuple[int, ...], most: int
) -> list[cv2.KeyPoint]:
    """The strongest corners, at most a share from each cell of a grid.

    Else the text of a page would take all of them from the picture on it.
    """
    height, width = shape[:2]
    left: dict[tuple[int, int], int] = defaultdict(lambda: most * MOST_IN_CELL // FEATURES)
    chosen = []
    for corner in sorted(corners, key=lambda one: -one.response):
        x, y = corner.pt
        cell = int(x * CELLS / width), int(y * CELLS / height)
        left[cell] -= 1
        if left[cell] >= 0:
            chosen.append(corner)
        if len(chosen) == most:
            break
    return chosen


def _for_sift(corner: cv2.KeyPoint) -> cv2.KeyPoint:
    """A corner with octave and layer packed as OpenCV's SIFT reads them."""
    size = math.log2(_STEP) * corner.octave
    octave = int(size + 1e-6)
    layer = 1 + min(_LAYERS - 1, round(_LAYERS * (size - octave)))
    diameter = 2 * _SIGMA * 2 ** (octave + (layer - 1) / _LAYERS)
    packed = (octave & 255) | (layer << 8)
    x, y = corner.pt
    return cv2.KeyPoint(x, y, diameter, corner.angle, corner.response, packed, -1)


def _mirrored_bins() -> NDArray[np.intp]:
    """Where each bin of a descriptor lies when the picture is mirrored left to right.

    A descriptor has 4 x 4 cells (y, x) of 8 directions. Measured from the feature's own direction,
    mirroring swaps the cells' rows and turns the directions round.
    """
    cells = np.arange(128).reshape(4, 4, 8)
    turned = cells[::-1][:, :, (-np.arange(8)) % 8]
    return turned.ravel()


MIRRORED_BINS = _mirrored_bins()


def mirrored(found: Fingerprint) -> Fingerprint:
    """The fingerprint of the picture mirrored left to right."""
    left, top, right, bottom = found.frame
    return Fingerprint(
        found.hashes[[1, 0]],
        np.column_stack([1 - found.points[:, 0], found.points[:, 1]]).astype(np.float32),
        found.descriptors[:, MIRRORED_BINS],
        found.gray[:, ::-1],
        (1 - right, top, 1 - left, bottom),
        found.ratio,
        found.colour,
    )


def to_parts(found: Fingerprint) -> tuple[bytes, bytes]:
    """The hashes, and all the rest, as bytes to be kept."""
    height, width = found.gray.shape
    head = np.array([*found.frame, found.ratio, *found.colour], np.float32)
    counts = np.array([len(found.points), width, height], np.uint16)
    points = np.round(found.points * POINT_UNITS).astype(np.uint16)
    arrays = (counts, head, points, found.descriptors, found.gray)
    return found.hashes.tobytes(), b"".join(array.tobytes() for array in arrays)


def from_parts(hashes: bytes, rest: bytes) -> Fingerprint:
    """What `to_parts` gave. Raises ValueError for bytes that it didn't give."""
    count, width, height = (int(n) for n in np.frombuffer(rest, np.uint16, 3))
    sizes = (6, 8 * 4, count * 4, count * 128, width * height)
    ends = np.cumsum(sizes)
    if len(rest) != ends[-1]:
        raise ValueError("no fingerprint")
    head, points, descriptors, gray = (rest[start:end] for start, end in pairwise(ends))
    left, top, right, bottom, ratio, *colour = (float(n) for n in np.frombuffer(head, np.float32))
    return Fingerprint(
        np.frombuffer(hashes, np.uint64),
        np.asarray(np.frombuffer(points, np.uint16).reshape(-1, 2) / POINT_UNITS, np.float32),
        np.frombuffer(descriptors, np.uint8).reshape(-1, 128),
        np.frombuffer(gray, np.uint8).reshape(height, width),
        (left, top, right, bottom),
        ratio,
        (colour[0], colour[1], colour[2]),
    )
