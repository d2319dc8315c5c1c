"""Culling: how fast pictures are decided, and which one comes next."""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import chain

from curator.core.balance import GroupCount
from curator.core.dataset_layout import is_reg
from curator.core.query_terms import written
from curator.core.records import ImageSet, Rating

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


def waiting(counts: Iterable[GroupCount], sets: Mapping[int, ImageSet]) -> int:
    """How many pictures wait for a decision, from `ProjectView.group_counts`.

    Regularization pictures are used whatever their rating, so they wait for none.
    """
    return sum(
        number
        for set_id, rating, rejected, number in counts
        if rating == Rating.UNRATED and not rejected and not is_reg(sets.get(set_id or 0))
    )


def waiting_query(sets: Iterable[ImageSet]) -> str:
    """The query that finds the pictures that wait for a decision."""
    left_out = (f"-set:{written(one.name)}" for one in sets if is_reg(one))
    return " ".join(["is:undecided", *left_out])


def next_undecided(ids: Sequence[int], undecided: Container[int], after_row: int) -> int | None:
    """The next row whose picture is undecided, from the top again after the last; None for none.

    `after_row` itself comes last; -1 begins at the top.
    """
    rows = chain(range(after_row + 1, len(ids)), range(min(after_row + 1, len(ids))))
    return next((row for row in rows if ids[row] in undecided), None)
