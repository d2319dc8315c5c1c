"""What a picture is recognised by: hashes of the whole, and local features that outlive a crop.

SIFT's features as RootSIFT (Arandjelovic and Zisserman 2012): a descriptor's square root of its
share of the whole, so that the Euclidean distance compares them as Hellinger's does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from curator.imaging.local_features import FEATURES, local_features

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

VERSION = 2  # of all that is computed here; what is stored under another one is made anew
SIDE_PX = 320  # the longer side of the picture that is described
PAGE_SIDE_PX = 640  # of a page, on which pictures are small
PAGE_SHARE = 0.25  # of the pixels that equal their neighbours; of photos hardly any has as many
SMALL_PX = 128  # of the one that is compared tile by tile
PAGE_FEATURES = 700  # of a page, whose text takes most of them
RIM_SPREAD = 2.5  # deviation of gray levels in a row or column that is still a rim's
RIM_STEP = 4.0  # gray levels by which its rows may differ
MOST_RIM = 0.45  # of a side that a rim may take
LEAST_SIDE = 16
POINT_UNITS = 32768  # in which places of features are kept, to a hundredth of a pixel


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
    return bool(np.count_nonzero(even) > PAGE_SHARE * even.size)


def fingerprint(picture: Image.Image, side_px: int = SIDE_PX) -> Fingerprint:
    """Describe a picture in mode RGB, upright; it is scaled down to `side_px` first.

    A page (`is_page`) is described at PAGE_SIDE_PX, for what is on it to be large enough.
    """
    shape = picture.height, picture.width
    rgb = np.asarray(picture)
    if max(shape) > side_px:
        rgb = _scaled(rgb, side_px)
    gray = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    left, top, right, bottom = content_box(gray)
    inner = np.ascontiguousarray(gray[top:bottom, left:right])
    points, descriptors = local_features(inner, FEATURES if side_px == SIDE_PX else PAGE_FEATURES)
    height, width = gray.shape
    size = np.array([width, height], np.float32)
    at = (points + np.array([left + 0.5, top + 0.5], np.float32)) / size
    tiny = cv2.resize(rgb, (16, 16), interpolation=cv2.INTER_AREA)
    apart = cv2.cvtColor(tiny, cv2.COLOR_RGB2Lab).astype(np.float32)[:, :, 1:] - 128
    mean = (*apart.mean(axis=(0, 1)), np.hypot(apart[:, :, 0], apart[:, :, 1]).mean())
    return Fingerprint(
        _hashes(inner),
        at.astype(np.float32),
        descriptors,
        _scaled(gray, SMALL_PX),
        (left / width, top / height, right / width, bottom / height),
        shape[1] / shape[0],
        (float(mean[0]), float(mean[1]), float(mean[2])),
    )


def _scaled(pixels: Bytes, side_px: int) -> Bytes:
    height, width = pixels.shape[:2]
    scale = side_px / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=way), np.uint8)


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
    if min(cv2.meanStdDev(row)[1].item() for row in (rows[0], rows[-1])) > RIM_SPREAD:
        return 0, count  # as with most photos
    middle, spread = rows.mean(axis=1), rows.std(axis=1)
    even = spread <= RIM_SPREAD
    first = int(np.argmin(even & (np.abs(middle - middle[0]) <= RIM_STEP)))
    last = int(np.argmin((even & (np.abs(middle - middle[-1]) <= RIM_STEP))[::-1]))
    return (first if first <= most else 0), count - (last if last <= most else 0)


def _hashes(gray: Bytes) -> NDArray[np.uint64]:
    """pHash upright and mirrored, as imagehash defines it."""
    coarse = Image.fromarray(cv2.resize(gray, (64, 64), interpolation=cv2.INTER_AREA))
    pixels = np.asarray(coarse.resize((32, 32), Image.Resampling.LANCZOS), np.float64)
    upright = _WAVES @ pixels @ _WAVES.T
    waves = np.stack([upright, upright * _MIRRORING])
    is_high = waves > np.median(waves, axis=(1, 2), keepdims=True)
    return np.packbits(is_high.reshape(2, 64), axis=1).view(">u8").ravel().astype(np.uint64)


# The lowest 8 of the cosine transform of 32 values; mirroring turns every other one round.
_WAVES = 2 * np.cos(np.pi / 64 * np.arange(8)[:, None] * (2 * np.arange(32) + 1))
_MIRRORING = (-1.0) ** np.arange(8)


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
