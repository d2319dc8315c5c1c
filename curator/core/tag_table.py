"""The tags of some pictures as a table: how often, what share of the primaries, what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from curator.core.tag_categories import Category
from curator.core.tag_groups import group_of

ALWAYS = 0.95  # share of a tag's pictures from which on another one is always with it


@dataclass(frozen=True, slots=True)
class TagUsage:
    """How many images there are, how many of them primaries, and how many of each have a tag."""

    images: int
    primaries: int
    counts: Mapping[str, int]
    primary_counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag: `share` of the images have it, and `primary_share` of the primaries, 0 to 1.

    `group` is a key of `tag_groups`, "" for none; `category` None where no list has the tag.
    """

    tag: str
    count: int
    share: float
    primary_count: int
    primary_share: float
    category: Category | None
    group: str


def tag_rows(used: TagUsage, category_of: Callable[[str], Category | None]) -> list[TagRow]:
    """A row for each tag, the most frequent first; `category_of` is that of a `TagIndex`."""
    ranked = sorted(used.counts.items(), key=lambda pair: (-pair[1], pair[0].casefold()))
    return [
        TagRow(
            tag,
            count,
            count / used.images,
            primary := used.primary_counts.get(tag, 0),
            primary / used.primaries if used.primaries else 0.0,
            category_of(tag),
            group_of(tag),
        )
        for tag, count in ranked
    ]


@dataclass(frozen=True, slots=True)
class Companion:
    """A tag that `share` of another tag's pictures have too."""

    tag: str
    count: int
    share: float


def companions(tag: str, beside: Mapping[str, int], least: float = ALWAYS) -> list[Companion]:
    """The tags that are always with a tag, the surest first.

    `beside`: how many of the tag's pictures carry each tag, the tag itself among them.
    """
    whole = beside.get(tag, 0)
    others = ((one, count) for one, count in beside.items() if one != tag)
    found = [Companion(one, n, n / whole) for one, n in others if whole and n >= least * whole]
    return sorted(found, key=lambda one: (-one.count, one.tag))
