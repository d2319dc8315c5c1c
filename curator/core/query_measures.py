"""Measures in the query language: numbers, ratios, ratings and dates, and their comparison."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from curator.core.query_tree import Bound, Node, Or, QueryError, Range, negated
from curator.core.records import Rating

RATINGS = {rating.name.lower(): int(rating) for rating in Rating}
# Within these years every system's clock arithmetic agrees.
_YEARS = range(1971, 3000)
_OPERATION = re.compile(r"(==|=|!=|<=|>=|<|>)?\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Term:
    """A field and its value as they were typed; `at` are positions in the query.

    `operator` is what a comparison would begin with, "" if nothing; `quote` the quote character
    around the value, "" for a bare word; `text` the value without quotes, escapes still in it;
    `example` how the field is used, for the hints.
    """

    field: str
    operator: str
    quote: str
    text: str
    field_at: int
    text_at: int
    example: str = ""


def unreadable(term: Term, text: str, why: str = "") -> QueryError:
    """A value that no reader of the field understands."""
    message = f'"{term.field}:" can\'t read "{text}"'
    return QueryError(message, f"{why or 'Write it'} like {term.example}", term.text_at)


Interval = tuple[Bound, Bound]  # from the first value to the one after the last


def measure(read: Callable[[str], Interval | None]) -> Callable[[Term], Node]:
    """A reader of `=5`, `!=5`, `<5`, `<=5`, `>5`, `>=5`, `2..5`, and lists of them between commas.

    `read` gives the interval that one written value stands for: a year is all of its days.
    """

    def read_one(term: Term, text: str) -> Interval:
        interval = read(text.strip().lower())
        if interval is None:
            raise unreadable(term, text)
        return interval

    def read_part(term: Term, text: str) -> Node:
        operator, value = _OPERATION.fullmatch(text.strip()).groups("")  # type: ignore[union-attr]
        low, dots, high = value.partition("..")
        if dots and (operator or not (low or high)):
            raise unreadable(term, text, "Write a range")
        if dots:
            first = read_one(term, low)[0] if low else None
            after = read_one(term, high)[1] if high else None
            return _range(term, text, first, after)
        return _compared(term.field, operator, read_one(term, value))

    def read_list(term: Term) -> Node:
        parts = tuple(read_part(term, text) for text in (term.operator + term.text).split(","))
        return parts[0] if len(parts) == 1 else Or(parts)

    return read_list


def _range(term: Term, text: str, first: Bound, after: Bound) -> Node:
    if first is not None and after is not None and first >= after:  # type: ignore[operator]
        raise QueryError(f'The range "{text}" runs backwards', "Swap its ends.", term.text_at)
    return Range(term.field, first, after)


def _compared(field: str, operator: str, interval: Interval) -> Node:
    first, after = interval
    if operator == "!=":
        return negated(Range(field, first, after))
    sides = {
        "<": (None, first),
        "<=": (None, after),
        ">": (after, None),
        ">=": (first, None),
    }
    return Range(field, *sides.get(operator, interval))


def _single(value: int) -> Interval:
    return value, value + 1


def whole(text: str) -> Interval | None:
    return _single(int(text)) if re.fullmatch(r"\d{1,15}", text, re.ASCII) else None


def area(text: str) -> Interval | None:
    """Pixels, `512x768`, or millions of pixels: `1.5mp`."""
    if sides := re.fullmatch(r"(\d{1,7})x(\d{1,7})", text, re.ASCII):
        return _single(int(sides[1]) * int(sides[2]))
    if millions := re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)mp", text, re.ASCII):
        return _single(int(Fraction(millions[1]) * 1_000_000))
    return whole(text)


def ratio(text: str) -> Interval | None:
    """Width to height in hundredths, rounded half up, from `1.5`, `3:2` or `3/2`."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)(?:[:/](\d{1,6}))?", text, re.ASCII)
    if not match or (match[2] and not int(match[2])):
        return None
    ratio = Fraction(match[1]) / int(match[2] or 1)
    return _single(int(ratio * 100 + Fraction(1, 2)))


def rating(text: str) -> Interval | None:
    if text in RATINGS:
        return _single(RATINGS[text])
    return _single(int(text)) if re.fullmatch(r"[0-2]", text) else None


def stars(text: str) -> Interval | None:
    return _single(int(text)) if re.fullmatch(r"[0-5]", text) else None


def day(text: str) -> Interval | None:
    """The days of a year, a month or a date."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text, re.ASCII)
    if not match or int(match[1]) not in _YEARS:
        return None
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        first = date(year, month, day)
    except ValueError:
        return None
    if match[3]:
        return first, first + timedelta(days=1)
    if match[2]:
        return first, date(year + month // 12, month % 12 + 1, 1)
    return first, date(year + 1, 1, 1)
