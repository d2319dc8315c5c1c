"""Brightness and colour of a picture as numbers: clipping, contrast, colourfulness, hue."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]  # (height, width, 3)
GREY_CHROMA = 7.0  # CIELAB chroma under which hardly anyone calls a picture coloured
_BLACK, _WHITE = 2, 253
GREYS_FROM = 360.0  # where greys begin in the order by hue
_SECTORS = 36


def clipped(rgb: Rgb) -> float:
    """Percent of the pixels all of whose channels are within 2 levels of black, or of white.

    The lost shadows and lights of a photo's histogram; 0 to 100. rgb: pixels as they are in the
    file (picked out, not averaged).
    """
    red, green, blue = cv2.split(rgb)
    dark = cv2.max(cv2.max(red, green), blue) <= _BLACK
    light = cv2.min(cv2.min(red, green), blue) >= _WHITE
    return 100 * float((dark | light).mean())


def contrast(gray: NDArray[np.float32]) -> float:
    """The standard deviation of the brightness in percent of its range: 0 to 50.

    RMS contrast (E. Peli, "Contrast in complex images", JOSA A 7, 1990).
    """
    return 100 * float(gray.std()) / 255


def colourfulness(rgb: Rgb) -> float:
    """0 for grey to about 150; over 80 is very colourful.

    M = sqrt(s_rg^2 + s_yb^2) + 0.3 sqrt(m_rg^2 + m_yb^2) with rg = R - G, yb = (R + G) / 2 - B,
    s deviations and m means (D. Hasler and S. Suesstrunk, "Measuring colourfulness in natural
    images", SPIE 5007, 2003).
    """
    red, green, blue = (rgb[..., n].astype(np.float32) for n in range(3))
    rg, yb = red - green, (red + green) / 2 - blue
    spread = np.hypot(rg.std(), yb.std())
    return float(spread + 0.3 * np.hypot(rg.mean(), yb.mean()))


def hue(rgb: Rgb) -> float:
    """The place in an order by colour: degrees of the dominant hue, for greys 360 plus lightness.

    The hue is CIELAB's angle, that of the fullest of 36 overlapping sectors, pixels weighted by
    their chroma; a picture of less than 7 mean chroma counts as grey, from 360 (black) to 460.
    """
    rgb = np.ascontiguousarray(rgb[::2, ::2])
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    lightness, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
    if float(chroma.mean()) < GREY_CHROMA:
        return GREYS_FROM + float(lightness.mean())
    angle = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    sector = np.minimum((angle / 360 * _SECTORS).astype(np.intp), _SECTORS - 1)
    weights = np.bincount(sector, chroma, minlength=_SECTORS)
    wide = weights + np.roll(weights, 1) + np.roll(weights, -1)
    middle = (int(np.argmax(wide)) + 0.5) * 360 / _SECTORS
    near = np.abs((angle - middle + 180) % 360 - 180) < 1.5 * 360 / _SECTORS
    turn = np.radians(angle[near])
    mean = np.arctan2((np.sin(turn) * chroma[near]).sum(), (np.cos(turn) * chroma[near]).sum())
    return float(np.degrees(mean) % 360)
