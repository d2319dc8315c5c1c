"""The axes of the coverage map and the tags that mean their values: resources/coverage.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from curator.core.traits import GroupOf

FILE = Path(__file__).resolve().parents[2] / "resources" / "coverage.toml"
MOST_OTHERS = 8  # further tags of an axis, the most frequent ones


@dataclass(frozen=True, slots=True)
class ValueRule:
    """A value, and the tags that mean it."""

    name: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AxisRule:
    """An axis as it is declared; of `wanted` values an absence is a gap."""

    key: str
    title: str
    groups: frozenset[str]
    wanted: tuple[str, ...]
    meanings: Mapping[str, str]  # the value by each of its tags

    def values_for(self, tags: Sequence[str], group_of: GroupOf) -> list[ValueRule]:
        """The values with those of these tags that mean them; `tags` the most frequent first.

        Other tags of the axis' groups follow as values of their own. Wanted ones are always there.
        """
        found: dict[str, list[str]] = {name: [] for name in dict.fromkeys(self.meanings.values())}
        others: dict[str, list[str]] = {}
        for tag in tags:
            plain = tag.casefold().replace("_", " ")
            if plain in self.meanings:
                found[self.meanings[plain]].append(tag)
            elif group_of(tag) in self.groups and len(others) < MOST_OTHERS:
                others.setdefault(plain, []).append(tag)
        kept = {name: its for name, its in found.items() if its or name in self.wanted}
        return [ValueRule(name, tuple(its)) for name, its in (*kept.items(), *others.items())]


@cache
def axis_rules() -> tuple[AxisRule, ...]:
    """The axes, in their order."""
    declared = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        AxisRule(
            key,
            row["title"],
            frozenset(row["groups"]),
            tuple(row["wanted"]),
            {tag: value for value, tags in row["values"].items() for tag in tags},
        )
        for key, row in declared.items()
    )
