"""What a rating found in a file means here, and which number is written for a rating of ours.

A mapping is a text: a name of `Mapped`, or numbers and what they become: "3=supporting,5=primary".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from curator.core.errors import UserError
from curator.core.records import Image, Rating

REJECTED = -1  # xmp:Rating's value for a reject
ALREADY_USED = 5  # a mark of people who rate with 1 and 2
NUMBERS = (REJECTED, 1, 2, 3, 4, 5)  # of xmp:Rating, but 0, which is unrated
_LITERAL = frozenset({1, 2, ALREADY_USED, REJECTED})


class Mapped(StrEnum):
    """How the numbers found in files become ratings."""

    LITERAL = "literal"
    STARS = "stars"
    NONE = "none"


GUESS = "guess"
RATING_MAPPINGS = (GUESS, *(str(name) for name in Mapped))
EXAMPLE = "5=primary,3=supporting,1=reject"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a found number says about a picture."""

    rating: Rating = Rating.UNRATED
    rejected: bool = False


# By the word that users meet.
JUDGEMENTS: Mapping[str, Judgement] = {
    "primary": Judgement(Rating.PRIMARY),
    "supporting": Judgement(Rating.SUPPORTING),
    "unrated": Judgement(),
    "rejected": Judgement(rejected=True),
}
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
_MEANINGS: Mapping[str, Mapping[int, Judgement]] = {
    Mapped.LITERAL: _LITERAL_MEANING,
    Mapped.STARS: _STARS_MEANING,
    Mapped.NONE: {},
}


class RatingNumbers(NamedTuple):
    """The xmp:Rating that is written for each judgement; 0 for unrated."""

    primary: int = int(Rating.PRIMARY)
    supporting: int = int(Rating.SUPPORTING)
    rejected: int = REJECTED

    def number(self, judgement: Judgement) -> int:
        """What is written."""
        if judgement.rejected:
            return self.rejected
        return (0, self.primary, self.supporting)[judgement.rating]

    def judgement(self, number: int | None) -> Judgement:
        """What a number in one of our files means: what we write there, else stars."""
        written = {self.number(judgement): judgement for judgement in JUDGEMENTS.values()}
        return written.get(number or 0) or judge(Mapped.STARS, number)


def judged(image: Image) -> Judgement:
    """What is decided about a picture; the rating that a rejected one keeps doesn't count."""
    return JUDGEMENTS["rejected"] if image.rejected else Judgement(Rating(image.rating))


def word(judgement: Judgement) -> str:
    """The word for it, as in `JUDGEMENTS`."""
    return "rejected" if judgement.rejected else judgement.rating.name.lower()


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


def choose(asked: str, found: Iterable[int]) -> str:
    """The mapping to use: the one that was asked for, or where that is "guess", the guess.

    Raises UserError for one that can't be understood.
    """
    return guess(found) if asked == GUESS else check_mapping(asked)


def check_mapping(text: str) -> str:
    """A mapping that was asked for as it is kept; "guess" is one too. Raises UserError."""
    text = text.strip()
    if text in _MEANINGS:
        return Mapped(text)
    return text if text == GUESS else mapping_text(_spelt_out(text))


def mapping_text(meaning: Mapping[int, Judgement]) -> str:
    """The mapping that gives exactly these numbers a meaning."""
    return ",".join(f"{number}={word(meaning[number])}" for number in sorted(meaning))


def meaning_of(mapping: str, numbers: Iterable[int]) -> dict[int, Judgement]:
    """What each of these numbers becomes under a mapping, in their order from -1 up."""
    return {number: judge(mapping, number) for number in sorted(set(numbers))}


def judge(mapping: str, number: int | None) -> Judgement:
    """What a found number means under a mapping; where it means nothing the picture is unrated."""
    return _meaning(mapping).get(number or 0, Judgement())


def explain(mapping: str, counts: Mapping[int, int]) -> list[str]:
    """A line for each number that was found: how often, and what it became."""
    return [
        f"{number}: {counts[number]:,} -> {_outcome(mapping, number)}" for number in sorted(counts)
    ]


def _outcome(mapping: str, number: int) -> str:
    if mapping == Mapped.NONE:
        return "not taken over"
    used = " (already used)" if mapping == Mapped.LITERAL and number == ALREADY_USED else ""
    return word(judge(mapping, number)) + used


@lru_cache(maxsize=8)
def _meaning(mapping: str) -> Mapping[int, Judgement]:
    named = _MEANINGS.get(mapping)
    return _spelt_out(mapping) if named is None else named


def _spelt_out(text: str) -> dict[int, Judgement]:
    """The meaning of "5=primary,1=reject"; each number at most once. Raises UserError."""
    by_text = {str(number): number for number in NUMBERS}
    words = {**JUDGEMENTS, "reject": JUDGEMENTS["rejected"]}
    found: dict[int, Judgement] = {}
    for pair in text.split(","):
        number, _sign, name = (part.strip() for part in pair.partition("="))
        if name not in words or by_text.get(number, 0) in {0, *found}:
            raise UserError(
                f'Ratings can\'t be read as "{text}".',
                f"Use one of {', '.join(RATING_MAPPINGS)}, or numbers such as {EXAMPLE}.",
            )
        found[by_text[number]] = words[name]
    return found
