"""What tags are about, as resources/tag_groups.toml has it: hair, clothes, framing and so on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from curator.core.tag_spelling import search_key, search_keys

TABLE = Path(__file__).resolve().parents[2] / "resources" / "tag_groups.toml"
_PEOPLE = "count"
# Tags of that group beside which there may well be one person alone.
_ONE = {
    *("solo", "solo focus", "1girl", "1boy", "1other", "1woman", "1man", "1child"),
    *("man", "woman", "child", "baby", "toddler", "teenager", "adult"),
    *("old man", "old woman", "elderly", "grandmother", "grandfather"),
}
_WILD = {"*": ".+", "#": r"\d+\+?"}


@dataclass(frozen=True, slots=True)
class TagGroup:
    """A row of the table, see its head; texts are search keys, see `tag_spelling`."""

    key: str
    title: str
    tags: frozenset[str]
    patterns: tuple[str, ...]
    alike: tuple[frozenset[str], ...]
    unless: frozenset[str]
    personal: bool


@cache
def tag_groups() -> Mapping[str, TagGroup]:
    """All groups by their keys, in the order in which they are shown and sorted."""
    rows = tomllib.loads(TABLE.read_text("utf-8"))
    return {key: _group(key, row) for key, row in rows.items()}


def _group(key: str, row: Mapping[str, Any]) -> TagGroup:
    return TagGroup(
        key,
        row["title"],
        frozenset(search_keys(row["tags"])),
        tuple(row["patterns"]),
        tuple(frozenset(search_keys(names)) for names in row.get("alike", ())),
        frozenset(search_keys(row.get("unless", ()))),
        row.get("personal", False),
    )


def group_of(tag: str) -> str:
    """The key of the group that a tag belongs to, in any spelling; "" when it is in none."""
    return _group_of_key(search_key(tag))


@lru_cache(maxsize=100_000)
def _group_of_key(key: str) -> str:
    if found := _written().get(key):
        return found
    match = _patterns().fullmatch(key)
    return match.lastgroup or "" if match else ""


@cache
def _written() -> Mapping[str, str]:
    return {tag: group.key for group in tag_groups().values() for tag in group.tags}


@cache
def _patterns() -> re.Pattern[str]:
    groups = [group for group in tag_groups().values() if group.patterns]
    return re.compile("|".join(f"(?P<{one.key}>{_expression(one)})" for one in groups))


def _expression(group: TagGroup) -> str:
    parts = (re.split(r"([*#])", pattern.replace("-", " ")) for pattern in group.patterns)
    return "|".join("".join(_WILD.get(p, re.escape(p)) for p in part) for part in parts)


@cache
def _places() -> Mapping[str, int]:
    return {key: place for place, key in enumerate([*tag_groups(), ""])}


def group_place(tag: str) -> int:
    """Where a tag's group stands among all groups; tags of none come last."""
    return _places()[group_of(tag)]


def contradictions(tags: Sequence[str]) -> list[tuple[str, ...]]:
    """Tags of one picture of which it can hardly have more than one, such as two hair colours.

    What each person has of its own is no contradiction where there are several.
    """
    by_key = dict(zip(search_keys(tags), tags, strict=True))
    several = _shows_several(by_key)
    found = []
    for group in tag_groups().values():
        if (group.personal and several) or group.unless & by_key.keys():
            continue
        for alike in group.alike:
            both = tuple(tag for key, tag in by_key.items() if key in alike)
            if len(both) > 1:
                found.append(both)
    return found


def _shows_several(keys: Iterable[str]) -> bool:
    people = {key for key in keys if _group_of_key(key) == _PEOPLE}
    return bool(people - _ONE) or {"1girl", "1boy"} <= people
