"""Whether a picture was enlarged: beyond the fineness of what it was made from there is nothing."""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from curator.imaging.tiles import Gray

TILE_PX = 256
TILES = 12  # those with the most detail
_DETAILED = 0.5  # of the steepest tile's gradient
_APART_PX = 160  # at most, in smaller pictures
_BINS = TILE_PX // 2
_LOWEST, _HIGHEST = 0.055, 0.42  # cycles per pixel between which a knee is looked for
_ABOVE, _BELOW = 1.16, 0.84  # a fall is told between these multiples of a frequency
_NATURAL_DB = 3.5  # what a photo falls there by itself: power goes with f^-2 to f^-3
_KNEE_DB, _STAYS_DB = 4.5, 2.0  # the fall beyond that of a knee, and for a quarter more after it
_BEGINS_DB, _BEGINS = 3.0, 0.4  # where it begins, at 0.4 / k with the three usual filters


def upscaled(gray: NDArray[np.uint8]) -> float:
    """How many times a picture was enlarged, 1 for not at all; up to 9.

    The mean power spectrum of the most detailed tiles of 256 pixels (Hann window), averaged over
    all directions; photos fall with a power of the frequency (D. Field, JOSA A 4, 1987). Enlarging
    k times leaves nothing beyond 0.5 / k cycles a pixel: the curve breaks off at a knee. The knee
    is at the lowest frequency where the curve falls 4.5 dB more than photos do within half an
    octave and goes on falling; it begins where it falls 3 dB more, at about 0.4 / k. JPEG and noise
    fill what lies beyond up to a floor, which the beginning of the fall survives. What it tells is
    how much larger a picture is than its detail: one that is blurred all over, in its sharpest
    parts too, gives the same as an enlarged one.

    gray: at the file's own size. Pictures under 256 pixels a side give 1.
    """
    if min(gray.shape) < TILE_PX:
        return 1.0
    power = _radial_db(_detailed_tiles(gray))
    frequencies = np.arange(_BINS) / TILE_PX
    at = np.arange(_LOWEST, _HIGHEST, 1 / (2 * TILE_PX))
    before = np.interp(at * _BELOW, frequencies, power)
    after = np.interp(at * _ABOVE, frequencies, power)
    falls = before - after - _NATURAL_DB
    for frequency, fall in zip(at, falls, strict=True):
        further = falls[(at >= frequency) & (at < 1.25 * frequency)]
        if fall >= _KNEE_DB and further.min() >= _STAYS_DB:
            gentle = at[(at < frequency) & (falls < _BEGINS_DB)]
            begins = float(gentle[-1]) if len(gentle) else _LOWEST
            return max(1.0, _BEGINS / begins)
    return 1.0


def _detailed_tiles(gray: NDArray[np.uint8]) -> list[Gray]:
    """Tiles spread over the picture, those with the steepest gradients of them."""
    rows = _spread(gray.shape[0])
    columns = _spread(gray.shape[1])
    tiles = [gray[y : y + TILE_PX, x : x + TILE_PX] for y in rows for x in columns]
    steepness = [float(cv2.absdiff(tile[:, 1:], tile[:, :-1]).mean()) for tile in tiles]
    order = np.argsort(steepness)[::-1][:TILES]
    least = _DETAILED * max(steepness)  # a sky or a plain wall tells nothing
    return [tiles[n].astype(np.float32) for n in order if steepness[n] >= least]


def _spread(side_px: int) -> list[int]:
    """Where tiles begin: at most six, overlapping in smaller pictures."""
    count = min(6, 1 + math.ceil((side_px - TILE_PX) / _APART_PX))
    return [round(n) for n in np.linspace(0, side_px - TILE_PX, count)]


def _radial_db(tiles: list[Gray]) -> NDArray[np.float64]:
    """The power at 0, 1, 2 ... cycles a tile, in decibels, a little smoothed."""
    window = np.hanning(TILE_PX).astype(np.float32)
    square = np.outer(window, window)
    total = np.zeros((TILE_PX, TILE_PX // 2 + 1), np.float64)
    for tile in tiles:
        spectrum = np.fft.rfft2((tile - tile.mean()) * square)
        power = np.square(np.abs(spectrum))
        total += power / max(float(power.sum()), 1e-9)  # so that no tile outweighs the others
    rings, sizes = _rings()
    sums = np.bincount(rings.ravel(), total.ravel(), minlength=_BINS)[:_BINS]
    decibels = 10 * np.log10(sums / sizes + 1e-15)
    return np.convolve(np.pad(decibels, 2, mode="edge"), np.ones(5) / 5, mode="valid")


@cache
def _rings() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The ring of each frequency, and how many there are in each; 8 x 8 blocks' own are left out.

    JPEG's grid makes lines at the multiples of 1/8 cycles a pixel along both axes.
    """
    down = np.fft.fftfreq(TILE_PX)[:, np.newaxis]
    across = np.fft.rfftfreq(TILE_PX)[np.newaxis]
    ring = np.rint(np.hypot(down, across) * TILE_PX).astype(np.intp)
    near_axis = (np.abs(down) < 2 / TILE_PX) | (np.abs(across) < 2 / TILE_PX)
    ring[near_axis | (ring >= _BINS)] = _BINS
    sizes = np.bincount(ring.ravel(), minlength=_BINS)[:_BINS]
    return ring, np.maximum(sizes, 1)
