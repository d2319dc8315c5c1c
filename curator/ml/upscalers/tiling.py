"""Cuts a length into spans that a model sees one by one, and tells what is used of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Span:
    """The model sees `start` to `stop`; `first` to `last` of it are used, and meet those beside."""

    start: int
    stop: int
    first: int
    last: int


def spans(length: int, most: int, margin: int, grown: Callable[[int], int]) -> list[Span]:
    """Spans of at most `most` pixels whose used parts cover the length, each pixel once.

    What is used keeps `margin` from where a span is cut, so that a model that looks no further
    gives there what it would give of the whole. All are of one width, `grown(width)`: what the
    model takes that is not smaller.
    """
    if length <= most:
        return [Span(0, length, 0, length)]
    overlap = 2 * margin
    number = -(-(length - overlap) // (most - overlap))
    least = -(-(length + overlap * (number - 1)) // number)
    width = min(grown(least), most)
    starts = [(length - width) * n // (number - 1) for n in range(number)]
    cuts = [(start + before + width) // 2 for before, start in pairwise(starts)]
    ends = zip(starts, [0, *cuts], [*cuts, length], strict=True)
    return [Span(start, start + width, first, last) for start, first, last in ends]
