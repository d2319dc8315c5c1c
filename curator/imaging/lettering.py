"""Signs of text or a watermark: shapes of one colour and stroke that stand in lines."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Shapes = NDArray[np.float64]  # a row per shape: left, top, width, height, area
_STROKE_PX = 13  # strokes up to this wide are seen, at about one megapixel
_CLEAR = (20, 45, 90)  # levels by which strokes stand out: faint ones, and bold ones among texture
_LEAST_PX, _MOST_PX = 9, 80  # height of a letter
_MOST_SHAPES = 3000  # a wood has more, and no text that could be told
_AHEAD = 150  # shapes, from left to right, among which the next letter is looked for
_MOST_GAP = 0.6  # of a letter's height, to the next one
_LEAST_IN_LINE = 5
_EVIDENCE = 14.0  # letters that make it two thirds likely


def text(gray: Gray) -> float:
    """How likely there is text or a watermark, 0 to 100.

    Strokes brighter or darker than their surroundings (top hat, black hat: J. Serra, "Image
    Analysis and Mathematical Morphology", 1982), gathered into connected shapes; those as high as
    letters that five and more of stand in a line, of like height, with their feet or heads level
    and closer together than they are high (the grouping of B. Epshtein, E. Ofek and Y. Wexler,
    "Detecting Text in Natural Scenes with Stroke Width Transform", CVPR 2010). 100 (1 - exp(-n /
    14)) for n letters in lines. A guess: rails, windows and bars can look like it.

    gray: at about one megapixel.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (_STROKE_PX, _STROKE_PX))
    found = 0
    for way in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
        strokes = cv2.morphologyEx(gray, way, kernel)
        found = max([found, *(_letters(strokes > clear) for clear in _CLEAR)])
    return 100 * (1 - float(np.exp(-found / _EVIDENCE)))


def _letters(strokes: NDArray[np.bool_]) -> int:
    """How many shapes stand in lines as letters do."""
    count, _labels, stats, _centres = cv2.connectedComponentsWithStats(
        strokes.astype(np.uint8), connectivity=8
    )
    if count > 10 * _MOST_SHAPES:
        return 0
    shapes = stats[1:].astype(np.float64)
    width, height, area = shapes[:, 2], shapes[:, 3], shapes[:, 4]
    filled = area / np.maximum(width * height, 1)
    fits = (
        (height >= _LEAST_PX)
        & (height <= _MOST_PX)
        & (width >= 2)
        & (width <= 2.2 * height)
        & (filled > 0.18)
        & (filled < 0.95)
    )
    shapes = shapes[fits]
    if not _LEAST_IN_LINE <= len(shapes) <= _MOST_SHAPES:
        return 0
    return _in_lines(shapes)


def _in_lines(shapes: Shapes) -> int:
    """How many of the shapes have a follower at their right, and one after that, five in a row."""
    follower = _followers(shapes[np.argsort(shapes[:, 0])])
    length = np.ones(len(follower), np.intp)  # of the line that begins here
    for n in range(len(follower) - 1, -1, -1):
        if follower[n] >= 0:
            length[n] += length[follower[n]]
    begins = np.ones(len(follower), bool)
    begins[follower[follower >= 0]] = False
    lines = length[begins]
    return int(lines[lines >= _LEAST_IN_LINE].sum())


def _followers(shapes: Shapes) -> NDArray[np.intp]:
    """For each shape, sorted by its left side, the next letter of its line, or -1."""
    left, top, width, height = (shapes[:, n] for n in range(4))
    right, bottom = left + width, top + height
    found = np.full(len(shapes), -1, np.intp)
    for ahead in range(1, min(_AHEAD, len(shapes))):
        one, other = slice(None, -ahead), slice(ahead, None)
        gap = (left[other] - right[one]) / height[one]
        if gap.min() > _MOST_GAP:
            break  # all that follow stand further to the right
        times = height[other] / height[one]
        level = np.minimum(np.abs(bottom[other] - bottom[one]), np.abs(top[other] - top[one]))
        fits = (gap > -0.1) & (gap < _MOST_GAP) & (times > 0.6) & (times < 1.7)
        fits &= (level < 0.14 * height[one]) & (found[one] < 0)
        found[one][fits] = np.nonzero(fits)[0] + ahead
    return found
