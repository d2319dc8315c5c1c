"""Tags of a project that look like one: spellings, plurals and aliases to be put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from curator.core.tag_index import TagIndex
from curator.core.tag_relations import usual_words
from curator.core.tag_spelling import search_key


class Why(StrEnum):
    """Why tags look like one."""

    SPELLING = "another spelling"
    ALIAS = "another name for the same"
    PLURAL = "one and many"


@dataclass(frozen=True, slots=True)
class Consolidation:
    """`tags`, with how many pictures carry each, are better written as `into`."""

    into: str
    tags: Mapping[str, int]
    why: Why


def consolidations(counts: Mapping[str, int], index: TagIndex) -> list[Consolidation]:
    """What could be put together, what touches most pictures first.

    `index` is one for these counts; the tag that most pictures have stays, but for aliases, which
    become the tag that the lists have.
    """
    named: dict[str, dict[str, int]] = {}
    for tag, count in counts.items():
        named.setdefault(index.usual(tag), {})[tag] = count
    found = [*_named(named), *_plurals(named, index)]
    return sorted(found, key=lambda one: (-sum(one.tags.values()), one.into))


def _named(named: Mapping[str, Mapping[str, int]]) -> Iterator[Consolidation]:
    for usual, tags in named.items():
        others = {tag: count for tag, count in tags.items() if tag != usual}
        key = search_key(usual)
        spelled = {tag: n for tag, n in others.items() if usual_words(search_key(tag)) == key}
        aliases = {tag: n for tag, n in others.items() if tag not in spelled}
        if spelled:
            yield Consolidation(usual, spelled, Why.SPELLING)
        if aliases:
            yield Consolidation(usual, aliases, Why.ALIAS)


def _plurals(named: Mapping[str, Mapping[str, int]], index: TagIndex) -> Iterator[Consolidation]:
    by_key = {search_key(tag): tag for tag in named}
    for key, many in by_key.items():
        one = next((by_key[k] for k in _singulars(key) if k in by_key), None)
        if one is None or (index.category_of(one) and index.category_of(many)):
            continue  # lists that have both mean two things: bow and bows
        into, other = (one, many) if _weight(named[one]) >= _weight(named[many]) else (many, one)
        yield Consolidation(into, {other: _weight(named[other])}, Why.PLURAL)


def _singulars(key: str) -> Iterator[str]:
    if key.endswith("ies"):
        yield f"{key[:-3]}y"
    if key.endswith("es"):
        yield key[:-2]
    if key.endswith("s") and not key.endswith("ss"):
        yield key[:-1]


def _weight(tags: Mapping[str, int]) -> int:
    return sum(tags.values())
