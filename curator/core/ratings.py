"""What a rating found in a file means here: kept literally, read as stars, or left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from curator.core.records import Rating

REJECTED = -1  # xmp:Rating's value for a reject
ALREADY_USED = 5  # a mark of people who rate with 1 and 2
_LITERAL = frozenset({1, 2, ALREADY_USED, REJECTED})


class Mapped(StrEnum):
    """How the numbers found in files become ratings."""

    LITERAL = "literal"
    STARS = "stars"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a found number says about a picture."""

    rating: Rating = Rating.UNRATED
    rejected: bool = False


_LITERAL_MEANING: Mapping[int, Judgement] = {
    1: Judgement(Rating.PRIMARY),
    2: Judgement(Rating.SUPPORTING),
    REJECTED: Judgement(rejected=True),
}
_STARS_MEANING: Mapping[int, Judgement] = {
    5: Judgement(Rating.PRIMARY),
    4: Judgement(Rating.SUPPORTING),
    3: Judgement(Rating.SUPPORTING),
    REJECTED: Judgement(rejected=True),
}
_MEANINGS: Mapping[Mapped, Mapping[int, Judgement]] = {
    Mapped.LITERAL: _LITERAL_MEANING,
    Mapped.STARS: _STARS_MEANING,
    Mapped.NONE: {},
}


def guess(found: Iterable[int]) -> Mapped:
    """The mapping that the numbers found in one import suggest; 0 says nothing and does not count.

    Only 1, 2 and 5 with at least one 1 or 2 is how people rate primaries and supporting pictures:
    literal. A 3 or 4, or 5 alone, looks like stars. A lone -1 means the same in both.
    """
    numbers = {number for number in found if number}
    if not numbers:
        return Mapped.NONE
    if numbers <= _LITERAL and (numbers & {1, 2} or numbers == {REJECTED}):
        return Mapped.LITERAL
    return Mapped.STARS


def choose(asked: str, found: Iterable[int]) -> Mapped:
    """The mapping to use: the one that was asked for, or where that is "guess", the guess."""
    return guess(found) if asked == "guess" else Mapped(asked)


def judge(mapping: Mapped, number: int | None) -> Judgement:
    """What a found number means under a mapping; where it means nothing the picture is unrated."""
    return _MEANINGS[mapping].get(number or 0, Judgement())


def explain(mapping: Mapped, counts: Mapping[int, int]) -> list[str]:
    """A line for each number that was found: how often, and what it became."""
    return [
        f"{number}: {counts[number]:,} -> {_outcome(mapping, number)}" for number in sorted(counts)
    ]


def _outcome(mapping: Mapped, number: int) -> str:
    judgement = judge(mapping, number)
    if judgement.rejected:
        return "rejected"
    if judgement.rating is not Rating.UNRATED:
        return judgement.rating.name.lower()
    if mapping is Mapped.LITERAL and number == ALREADY_USED:
        return "unrated (already used)"
    return "not taken over" if mapping is Mapped.NONE else "unrated"
