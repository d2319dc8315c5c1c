"""The kinds of tags that boorus tell apart, and the numbers by which their lists name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Category(StrEnum):
    """What a tag is about."""

    GENERAL = "general"
    ARTIST = "artist"
    COPYRIGHT = "copyright"
    CHARACTER = "character"
    SPECIES = "species"
    META = "meta"
    LORE = "lore"
    INVALID = "invalid"


_SHARED = {
    0: Category.GENERAL,
    1: Category.ARTIST,
    3: Category.COPYRIGHT,
    4: Category.CHARACTER,
}
DANBOORU: Mapping[int, Category] = {**_SHARED, 5: Category.META, 9: Category.META}
E621: Mapping[int, Category] = {
    **_SHARED,
    5: Category.SPECIES,
    6: Category.INVALID,
    7: Category.META,
    8: Category.LORE,
}
_OFFSET = 7  # of e621's numbers in lists that hold both (a1111-tagcomplete, pull request 312)
MERGED: Mapping[int, Category] = {
    **DANBOORU,
    **{number + _OFFSET: category for number, category in E621.items()},
}


def numbering_of(numbers: Iterable[int], title: str) -> Mapping[int, Category]:
    """Which numbering a list uses, from the numbers in it and its name.

    5 means something else in each, so that danbooru's is taken where nothing speaks for e621's.
    """
    highest = max(numbers, default=0)
    if highest > max(DANBOORU):
        return MERGED
    return E621 if highest in (6, 7, 8) or "e621" in title.casefold() else DANBOORU
