"""What lists of tags know together: each tag once, the most used first, and its aliases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from curator.core.tag_categories import Category
from curator.core.tag_lists import TagList
from curator.core.tag_spelling import search_key, search_keys
from curator.core.text_lines import TextLines

CATEGORIES = tuple(Category)
_NUMBERS = {category: number for number, category in enumerate(CATEGORIES)}


@dataclass(frozen=True, eq=False)
class KnownTags:
    """Columns with a row per tag, by falling count, and columns with a row per alias.

    `keys` are what is searched, see `tag_spelling.search_key`; `tags` and `aliases` are spelled as
    the lists have them. `alias_rows` are the rows of the tags that the aliases stand for.
    """

    tags: TextLines
    keys: TextLines
    counts: NDArray[np.int64]
    categories: NDArray[np.uint8]
    aliases: TextLines
    alias_keys: TextLines
    alias_rows: NDArray[np.int64]

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each key."""
        return first_rows(self.keys.all())

    @cached_property
    def alias_by_key(self) -> dict[str, int]:
        """The row of each alias, by its key; of the most used tag where several have it."""
        return first_rows(self.alias_keys.all())

    def row_of(self, tag: str) -> int | None:
        """The row of a tag in any spelling."""
        return self.rows.get(search_key(tag))

    def category(self, row: int) -> Category:
        """The category of a row."""
        return CATEGORIES[int(self.categories[row])]

    def aliases_of(self, rows: Iterable[int]) -> Iterator[tuple[int, int]]:
        """(row, row of an alias) for all aliases of these rows."""
        for row in rows:
            first, after = np.searchsorted(self.alias_rows, (row, row + 1))
            yield from ((row, alias) for alias in range(first, after))


def first_rows(keys: Sequence[str]) -> dict[str, int]:
    """The first row of each key."""
    return dict(zip(reversed(keys), range(len(keys) - 1, -1, -1), strict=True))


def known_from(lists: Sequence[TagList]) -> KnownTags:
    """Lists put together.

    A tag that stands in several has the count that the first one gives, all aliases, and the
    category of the first that says more than general.
    """
    tags: list[str] = []
    numbers: list[int] = []
    counts: list[int] = []
    others: list[list[str]] = []
    rows: dict[str, int] = {}
    for one in lists:
        columns = zip(one.tags, one.categories, one.counts, one.aliases, strict=True)
        for key, (tag, category, count, aliases) in zip(
            search_keys(one.tags), columns, strict=True
        ):
            row = rows.setdefault(key, len(tags))
            if row == len(tags):
                tags.append(tag)
                numbers.append(_NUMBERS[category])
                counts.append(count)
                others.append(list(aliases))
                continue
            numbers[row] = numbers[row] or _NUMBERS[category]
            others[row].extend(aliases)
    return _ranked(tags, list(rows), numbers, counts, others)


def _ranked(
    tags: Sequence[str],
    keys: Sequence[str],
    numbers: Sequence[int],
    counts: Sequence[int],
    others: Sequence[Sequence[str]],
) -> KnownTags:
    order = np.argsort(-np.array(counts, np.int64), kind="stable")
    pairs = [(row, alias) for row, old in enumerate(order) for alias in dict.fromkeys(others[old])]
    aliases = [alias for _, alias in pairs]
    return KnownTags(
        TextLines.of(tags[old] for old in order),
        TextLines.of(keys[old] for old in order),
        np.array(counts, np.int64)[order],
        np.array(numbers, np.uint8)[order],
        TextLines.of(aliases),
        TextLines.of(search_keys(aliases)),
        np.array([row for row, _ in pairs], np.int64),
    )
