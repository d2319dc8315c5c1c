"""Culling: how fast pictures are decided, and which one comes next."""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Container, Sequence
from itertools import chain

REMEMBERED = 20
BREAK_S = 30.0  # who takes longer is looking at something else
_LEAST = 2  # intervals, so three decisions


class Pace:
    """How long a decision takes, from the moments of the last ones; breaks do not count."""

    def __init__(self) -> None:
        self._last_s: float | None = None
        self._intervals: deque[float] = deque(maxlen=REMEMBERED)

    def decided(self, at_s: float) -> None:
        """A picture was decided, at a time in seconds on any clock that only goes forward."""
        if self._last_s is not None and at_s - self._last_s <= BREAK_S:
            self._intervals.append(at_s - self._last_s)
        self._last_s = at_s

    def left_s(self, remaining: int) -> float | None:
        """How long so many pictures will take; None while too little is known."""
        if len(self._intervals) < _LEAST:
            return None
        return statistics.median(self._intervals) * remaining


def next_undecided(ids: Sequence[int], undecided: Container[int], after_row: int) -> int | None:
    """The next row whose picture is undecided, from the top again after the last; None for none.

    `after_row` itself comes last; -1 begins at the top.
    """
    rows = chain(range(after_row + 1, len(ids)), range(min(after_row + 1, len(ids))))
    return next((row for row in rows if ids[row] in undecided), None)
