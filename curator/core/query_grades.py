"""Measured quality in queries: `sharp:<20` is the number, `sharp:<20%` the lowest fifth."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from curator.core.measures import Meaning
from curator.core.query_measures import Interval, Term, measure, unreadable
from curator.core.query_tree import Node, Share

_NUMBER = re.compile(r"-?\d{1,9}(?:\.(\d{1,6}))?", re.ASCII)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)%", re.ASCII)


def graded(meaning: Meaning) -> Callable[[Term], Node]:
    """A reader of `<20`, `20..30` and the like, and of `<20%`, `20%..40%` for shares.

    A number stands for all that is shown as that number: `noise:2` is from 1.95 to below 2.05
    where one decimal is shown.
    """
    read_numbers, read_shares = measure(real(meaning.decimals)), measure(_share)

    def read(term: Term) -> Node:
        return read_shares(_checked(term)) if "%" in term.text else read_numbers(term)

    return read


def real(decimals: int) -> Callable[[str], Interval | None]:
    """Reads a number as the interval of all that is rounded to it at so many decimals, or more."""

    def read(text: str) -> Interval | None:
        match = _NUMBER.fullmatch(text)
        if match is None:
            return None
        half = Fraction(1, 2 * 10 ** max(decimals, len(match[1] or "")))
        value = Fraction(text)
        return float(value - half), float(value + half)

    return read


def _share(text: str) -> Interval | None:
    """A place among all pictures, not an interval: between two fifths there is nothing."""
    match = _SHARE.fullmatch(text)
    if match is None or float(match[1]) > 100:
        return None
    return Share(float(match[1]) / 100), Share(float(match[1]) / 100)


def _checked(term: Term) -> Term:
    """Refuse `=20%`, which no picture could be, and shares beside numbers."""
    for part in (term.operator + term.text).split(","):
        ends = [end.strip() for end in part.split("..")]
        is_range = len(ends) == 2
        compares = not is_range and re.match(r"(<|>)=?\s*\d", ends[0]) is not None
        if not (is_range or compares) or not all(end.endswith("%") for end in ends if end):
            raise unreadable(term, part, "Write a share")
    return term
