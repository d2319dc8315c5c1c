"""The tags of a project as lines: found by typing, in an order, in groups that fold."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from curator.core.naming import natural_key
from curator.core.tag_table import TagRow


class Order(Enum):
    """How tags are ordered, in words."""

    COUNT = "Most used"
    RARE = "Least used"
    SHARE = "Share of primaries"
    NAME = "Name"
    CATEGORY = "Category"


@dataclass(frozen=True, slots=True)
class Heading:
    """A group of tags; `tags`: how many are in it."""

    group: str
    title: str
    tags: int
    is_folded: bool


Line = TagRow | Heading
OTHER = "Other"
_KEYS: Mapping[Order, Callable[[TagRow], Any]] = {
    Order.COUNT: lambda row: (-row.count, row.tag.casefold()),
    Order.RARE: lambda row: (row.count, row.tag.casefold()),
    Order.SHARE: lambda row: (-row.primary_share, -row.count, row.tag.casefold()),
    Order.NAME: lambda row: natural_key(row.tag),
    Order.CATEGORY: lambda row: (row.category or "~", -row.count, row.tag.casefold()),
}


def fitting(rows: Iterable[TagRow], typed: str) -> list[TagRow]:
    """The tags in which every typed word stands somewhere; underscores are blanks."""
    words = _plain(typed).split()
    if not words:
        return list(rows)
    return [row for row in rows if all(word in _plain(row.tag) for word in words)]


def _plain(text: str) -> str:
    return text.casefold().replace("_", " ")


def arranged(rows: Iterable[TagRow], order: Order) -> list[TagRow]:
    """The tags in an order."""
    return sorted(rows, key=_KEYS[order])


def in_groups(
    rows: Iterable[TagRow], titles: Mapping[str, str], folded: Container[str] = ()
) -> list[Line]:
    """The tags below the headings of their groups, in the order of `titles`, the others last.

    `titles` is by group; so is `folded`, of which the tags are left out.
    """
    members: dict[str, list[TagRow]] = {group: [] for group in (*titles, "")}
    for row in rows:
        members[row.group].append(row)
    lines: list[Line] = []
    for group, tags in members.items():
        if tags:
            lines.append(Heading(group, titles.get(group, OTHER), len(tags), group in folded))
            lines += () if group in folded else tags
    return lines
