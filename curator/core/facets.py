"""Facets: the pictures of a query counted by what they are, each with the term that finds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from curator.core.naming import natural_key
from curator.core.query_terms import written
from curator.core.records import ImageSet, Rating, RejectReason


@dataclass(frozen=True, slots=True)
class FacetValue:
    """`term`: one condition, to add to the query in place of the facet's other values.

    `count`: how many pictures are found then.
    """

    title: str
    term: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one kind; a picture has at most one of them."""

    title: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """`total`: how many pictures the query finds. The facets are always the same ones."""

    total: int
    facets: tuple[Facet, ...]


class Tally(NamedTuple):
    """How many pictures are alike in all this; `size` is 0, 1 or 2, the place among the classes."""

    rating: int
    rejected: int
    reason: str
    set_id: int | None
    format: str
    size: int
    uncaptioned: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the facets list even where nothing of it is found; `reasons` holds "" for none given."""

    sets: Sequence[ImageSet]
    formats: frozenset[str]
    reasons: frozenset[str]
    resolution: int


def facets_of(tallies: Sequence[Tally], known: Known) -> Facets:
    """The facets of the pictures that the tallies count."""
    return Facets(
        sum(tally.pictures for tally in tallies),
        (
            _facet("Rating", _ratings(), tallies, lambda t: "" if t.rejected else t.rating),
            _sets(tallies, known.sets),
            _facet("Format", _formats(tallies, known.formats), tallies, lambda t: t.format),
            _facet("Size", _sizes(known.resolution), tallies, lambda t: t.size),
            _facet("Caption", _captions(), tallies, lambda t: t.uncaptioned),
            _facet("Rejected because", _reasons(known.reasons), tallies, _reason),
        ),
    )


_Rows = Iterable[tuple[Hashable, str, str]]  # what is counted, its title and term


def _facet(
    title: str, rows: _Rows, tallies: Iterable[Tally], key: Callable[[Tally], Hashable]
) -> Facet:
    counts: Counter[Hashable] = Counter()
    for tally in tallies:
        counts[key(tally)] += tally.pictures
    return Facet(title, tuple(FacetValue(name, term, counts[of]) for of, name, term in rows))


def _ratings() -> _Rows:
    for rating in (Rating.PRIMARY, Rating.SUPPORTING, Rating.UNRATED):
        word = rating.name.lower()
        yield int(rating), word, f"is:{word}"
    yield "", "rejected", "is:rejected"


def _sets(tallies: Iterable[Tally], sets: Iterable[ImageSet]) -> Facet:
    rows = [(one.id, one.name, f"set:{written(one.name)}") for one in sets]
    rows.sort(key=lambda row: natural_key(row[1]))
    there = {row[0] for row in rows}  # a set that was deleted is none
    none = (None, "no set", "-set:*")
    return _facet("Set", [*rows, none], tallies, lambda t: t.set_id if t.set_id in there else None)


def _formats(tallies: Iterable[Tally], known: frozenset[str]) -> _Rows:
    for name in sorted(known.union(tally.format for tally in tallies)):
        yield name, name, f"format:{written(name)}"


def _sizes(resolution: int) -> _Rows:
    below, above = (f"{side}x{side}" for side in (resolution, 2 * resolution))
    yield 0, f"below {below}", f"area:<{below}"
    yield 1, f"{below} to {above}", f"(area:>={below} area:<{above})"
    yield 2, f"{above} and larger", f"area:>={above}"


def _captions() -> _Rows:
    yield 1, "uncaptioned", "is:uncaptioned"
    yield 0, "captioned", "-is:uncaptioned"


def _reason(tally: Tally) -> str | None:
    return tally.reason if tally.rejected or tally.reason else None


def _reasons(known: frozenset[str]) -> _Rows:
    for reason in RejectReason:
        if reason in known:
            yield reason.value, reason.value, f"reason:{written(reason)}"
    if "" in known:
        yield "", "no reason given", "(is:rejected -reason:*)"
