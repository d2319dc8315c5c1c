"""Completion of tags while one types: the project's own first, then what lists of tags know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest

import numpy as np
from numpy.typing import NDArray

from curator.core.known_tags import KnownTags, first_rows, known_from
from curator.core.tag_categories import Category
from curator.core.tag_lists import TagList
from curator.core.tag_relations import implied_by, usual_words
from curator.core.tag_spelling import (
    KAOMOJI,
    search_key,
    search_keys,
    spaced,
    underscored,
)
from curator.core.text_lines import Places, TextLines

# How well a text fits, the best first.
_EXACT, _EXACT_ALIAS, _PREFIX, _WORD, _INFIX, _ALIAS_WORD, _ALIAS = range(7)
_IN_ORDER, _ANY_ORDER, _ALIAS_WORDS = range(7, 10)
_SHORT = 2  # letters
_MOST_LETTERS = 200  # of what is searched; no tag is longer
_REPEATED = 4  # places that are looked at for one row: a tag may hold the text more than once
_MOST_FUZZY = 2_000  # places of the longest of several words


@dataclass(frozen=True, slots=True)
class Completion:
    """A tag as it is inserted; `alias` is what led to it, "" where the tag itself did.

    `count` is how many of the project's pictures have it where `in_project`, else the list's.
    """

    tag: str
    alias: str
    category: Category | None
    count: int
    in_project: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Own:
    """The project's tags, the most used first, searched by themselves and by their aliases.

    `rows` and `alias_by_key` have the first row of each key.
    """

    rows: Mapping[str, int]
    alias_by_key: Mapping[str, int]
    tags: Sequence[str]
    counts: Sequence[int]
    known_rows: Sequence[int | None]
    keys: TextLines
    aliases: Sequence[str]
    alias_keys: TextLines
    alias_rows: NDArray[np.int64]


class TagIndex:
    """What may be typed: cheap to search, and cheap to make anew for changed counts."""

    def __init__(
        self, lists: Sequence[TagList] | KnownTags, counts: Iterable[tuple[str, int]] = ()
    ) -> None:
        """`lists`: what is known beside the project; `counts`: the project's tags with counts.

        Making it from lists of many thousand tags takes seconds: do that in a thread.
        """
        self.known = lists if isinstance(lists, KnownTags) else known_from(lists)
        self._aliases = self.known.alias_by_key  # made here, and not when the first key is pressed
        self._own = _own(self.known, counts)
        self._spell = underscored if _underscored(self._own) else spaced

    def with_counts(self, counts: Iterable[tuple[str, int]]) -> TagIndex:
        """The same lists beside other counts of the project's tags."""
        return TagIndex(self.known, counts)

    def category_of(self, tag: str) -> Category | None:
        """What lists say a tag is, in any spelling; None for a tag that none of them has."""
        row = self.known.row_of(tag)
        return None if row is None else self.known.category(row)

    def usual(self, tag: str) -> str:
        """The tag that this one is a synonym or another spelling of; itself where it is none.

        Spelled as most of the project's pictures have it.
        """
        key = usual_words(search_key(tag))
        if key not in self.known.rows and key in self._aliases:
            key = self.known.keys[int(self.known.alias_rows[self._aliases[key]])]
        return self._spelled(key) if key != search_key(tag) or key in self._own.rows else tag

    def synonyms(self, tags: Iterable[str] | None = None) -> dict[str, str]:
        """Of these tags, else of the project's, those that are better written as another one."""
        texts = self._own.tags if tags is None else tags
        return {tag: usual for tag in texts if (usual := self.usual(tag)) != tag}

    def implications(self, tags: Iterable[str] | None = None) -> dict[str, tuple[str, ...]]:
        """Of these tags, else of the project's, those that bring others with them, and which."""
        texts = self._own.tags if tags is None else tags
        implied = ((tag, sorted(implied_by(self.usual(tag)))) for tag in texts)
        return {tag: tuple(map(self._spelled, keys)) for tag, keys in implied if keys}

    def _spelled(self, key: str) -> str:
        if key in self._own.rows:
            return self._own.tags[self._own.rows[key]]
        row = self.known.rows.get(key)
        return self._spell(spaced(key if row is None else self.known.tags[row]))

    def complete(self, text: str, limit: int = 20, *, fuzzy: bool = True) -> list[Completion]:
        """Tags for what was typed, the best first.

        The tag itself comes before one that begins so, one with a word that begins so, one that
        holds the text, one with an alias that does, and with `fuzzy` one that holds all its words;
        within each the most used in the project, then the most used in the lists.
        """
        needle = search_key(text.strip())[:_MOST_LETTERS]
        if not needle:
            return [self._own_completion(row, "") for row in range(len(self._own.tags))[:limit]]
        if text[-1] in " _":
            needle += " "
        found = self._search(needle, limit, fuzzy)
        if not found and (folded := needle.translate({95: " ", 45: " "}).strip()) != needle:
            found = self._search(folded, limit, fuzzy) if folded else []
        return found

    def _search(self, needle: str, limit: int, fuzzy: bool) -> list[Completion]:
        own, known = self._own, self.known
        hits = [
            *((fit, 0, row, a) for fit, row, a in _hits(own, needle, limit, fuzzy)),
            *((fit, 1, row, a) for fit, row, a in _hits(known, needle, limit, fuzzy)),
        ]
        hits.sort()
        found: dict[tuple[int, int], Completion] = {}
        for _, place, row, alias in hits:
            if len(found) == limit:
                break
            if (place, row) in found:
                continue
            if place == 0:
                found[place, row] = self._own_completion(
                    row, own.aliases[alias] if alias >= 0 else ""
                )
            elif known.keys[row] not in self._own.rows:
                found[place, row] = self._known_completion(row, alias)
        return list(found.values())

    def _own_completion(self, row: int, alias: str) -> Completion:
        own, listed = self._own, self._own.known_rows[row]
        category = None if listed is None else self.known.category(listed)
        return Completion(own.tags[row], spaced(alias), category, own.counts[row], True)

    def _known_completion(self, row: int, alias: int) -> Completion:
        known = self.known
        return Completion(
            self._spell(spaced(known.tags[row])),
            spaced(known.aliases[alias]) if alias >= 0 else "",
            known.category(row),
            int(known.counts[row]),
            False,
        )


def _own(known: KnownTags, counts: Iterable[tuple[str, int]]) -> _Own:
    ranked = sorted(counts, key=lambda pair: -pair[1])
    tags = [tag for tag, _ in ranked]
    keys = search_keys(tags)
    rows = [known.rows.get(key) for key in keys]
    place = {row: own for own, row in reversed(list(enumerate(rows))) if row is not None}
    aliased = sorted((place[row], alias) for row, alias in known.aliases_of(place))
    alias_keys = [known.alias_keys[alias] for _, alias in aliased]
    return _Own(
        first_rows(keys),
        first_rows(alias_keys),
        tags,
        [count for _, count in ranked],
        rows,
        TextLines.of(keys),
        [known.aliases[alias] for _, alias in aliased],
        TextLines.of(alias_keys),
        np.array([own for own, _ in aliased], np.int64),
    )


def _underscored(own: _Own) -> bool:
    """Whether the project writes underscores for spaces more often than not."""
    balance = 0
    for tag, count in zip(own.tags, own.counts, strict=True):
        if tag not in KAOMOJI:
            balance += count * (("_" in tag) - (" " in tag))
    return balance > 0


_Hit = tuple[int, int, int]  # how it fits, its row, the row of the alias or -1


def _hits(where: _Own | KnownTags, needle: str, limit: int, fuzzy: bool) -> list[_Hit]:
    """The first rows of each fit, until there are enough."""
    hits = list(_exact(where, needle))
    for fit, places in _fitting(where.keys, needle, limit):
        rows = where.keys.rows(places[: _REPEATED * limit])
        hits += [(fit, row, -1) for row in dict.fromkeys(rows.tolist())]
        if len(hits) >= limit + 2:  # the first two may be there again
            return hits
    for fit, places in _fitting(where.alias_keys, needle, limit):
        as_alias = _ALIAS if fit == _INFIX else _ALIAS_WORD
        for alias in where.alias_keys.rows(places[: _REPEATED * limit]).tolist():
            hits.append((as_alias, int(where.alias_rows[alias]), alias))
    if fuzzy and len(hits) < limit and " " in needle.rstrip():
        hits += _by_words(where, needle, limit)
    return hits


def _exact(where: _Own | KnownTags, needle: str) -> Iterator[_Hit]:
    if needle in where.rows:
        yield _EXACT, where.rows[needle], -1
    if needle in where.alias_by_key:
        alias = where.alias_by_key[needle]
        yield _EXACT_ALIAS, int(where.alias_rows[alias]), alias


def _by_words(where: _Own | KnownTags, needle: str, limit: int) -> Iterator[_Hit]:
    for mixed, row in _holding_words(where.keys, needle, limit):
        yield _ANY_ORDER if mixed else _IN_ORDER, row, -1
    for _, alias in _holding_words(where.alias_keys, needle, limit):
        yield _ALIAS_WORDS, int(where.alias_rows[alias]), alias


def _fitting(lines: TextLines, needle: str, limit: int) -> Iterator[tuple[int, Places]]:
    """(how they fit, places) in the order of the fits, each searched when it is asked for."""
    most = _REPEATED * limit
    if len(needle) <= _SHORT:  # stands in so many texts that the first of each fit are found soon
        yield _PREFIX, lines.find(f"\n{needle}", most) + 1
        yield _WORD, lines.find(f" {needle}", most) + 1
        yield _INFIX, lines.find(needle, most)
        return
    places = lines.find(needle)
    first, word = lines.begin(places), lines.begin_word(places)
    yield _PREFIX, places[first]
    yield _WORD, places[word & ~first]
    yield _INFIX, places[~word]


def _holding_words(lines: TextLines, needle: str, limit: int) -> list[tuple[bool, int]]:
    """(whether the words are in another order, row) of the first texts that hold every word."""
    words = needle.split()
    longest = max(words, key=len)
    places = lines.find(longest, _MOST_FUZZY)[:_MOST_FUZZY]
    others = [word for word in words if word != longest]
    rows = lines.holding(dict.fromkeys(lines.rows(places).tolist()), others)
    return nsmallest(limit, ((not _in_order(lines[row], words), row) for row in rows))


def _in_order(text: str, words: Sequence[str]) -> bool:
    at = 0
    for word in words:
        at = text.find(word, at) + len(word)
        if at < len(word):
            return False
    return True
