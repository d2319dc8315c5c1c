"""The few words upon a picture that say what is wrong with it, and what each means."""

from __future__ import annotations

import math
from dataclasses import dataclass

from curator.core.measures import Measures
from curator.core.records import Image
from curator.core.shown_size import shown_size

MOST = 2
SMALL_PERCENT = 75.0  # of the bucket's side: it is enlarged by a third for training
SOFT = 28.0
ENLARGED = 1.8
STRONGLY_COMPRESSED = 50.0
BLOCKY = 60.0
LIKELY_TEXT, LIKELY_PAGE = 40.0, 75.0


@dataclass(frozen=True, slots=True)
class Badge:
    """`words` stand upon the picture, `meaning` in its tooltip."""

    words: str
    meaning: str


def fit_percent(image: Image, resolution: int) -> float:
    """The side of a square of the shown picture's area, in percent of the bucket's side."""
    return 100.0 * math.sqrt(math.prod(shown_size(image))) / resolution


def badges_of(image: Image, measures: Measures | None, resolution: int) -> tuple[Badge, ...]:
    """At most two, what matters most first; of a picture that is not measured only its size."""
    found = [_small(image, resolution)]
    if measures is not None:
        found += [_soft(measures), _compressed(measures), _text(measures), _page(measures)]
    return tuple([badge for badge in found if badge is not None][:MOST])


def group_badge(number: int) -> Badge:
    """For one of so many pictures that show the same."""
    return Badge(f"{number:,} alike", f"One of {number:,} duplicates that nothing was decided on.")


def _small(image: Image, resolution: int) -> Badge | None:
    percent = fit_percent(image, resolution)
    if percent >= SMALL_PERCENT:
        return None
    return Badge("small", f"Its side is {percent:.0f} % of what training sees ({resolution} px).")


def _soft(measures: Measures) -> Badge | None:
    sharpness, times = measures.sharpness or 0.0, measures.upscaled or 1.0
    larger = f"{times:.1f} times larger than its detail" if times >= ENLARGED else ""
    if measures.sharpness is not None and sharpness < SOFT:
        return Badge(
            "soft", f"Sharpness {sharpness:.0f} of 100" + f", {larger}" * bool(larger) + "."
        )
    return Badge(f"enlarged {times:.1f}x", f"It is {larger}.") if larger else None


def _compressed(measures: Measures) -> Badge | None:
    quality, blocks = measures.jpeg_quality, measures.blocking or 0.0
    if quality is not None and quality < STRONGLY_COMPRESSED:
        return Badge(f"JPEG {quality:.0f}", f"Saved as JPEG of quality {quality:.0f} of 100.")
    if blocks >= BLOCKY:
        return Badge("JPEG blocks", f"8 x 8 blocks show, {blocks:.0f} % of its usual slope.")
    return None


def _text(measures: Measures) -> Badge | None:
    if (measures.text or 0.0) < LIKELY_TEXT:
        return None
    return Badge("text?", f"Text or a watermark is likely, {measures.text:.0f} of 100.")


def _page(measures: Measures) -> Badge | None:
    if (measures.page or 0.0) < LIKELY_PAGE:
        return None
    return Badge("page?", f"A screenshot or a page is likely, {measures.page:.0f} of 100.")
