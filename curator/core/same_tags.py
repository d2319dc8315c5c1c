"""Tags of a project that may mean the same: other spellings, synonyms, one and many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from curator.core.tag_spelling import search_key


@dataclass(frozen=True, slots=True)
class Same:
    """Two tags of one meaning: the one that fewer pictures have may become the other."""

    tag: str
    into: str
    pictures: int  # that have the tag
    why: str


def same_as(tag: str, counts: Mapping[str, int], usual: Callable[[str], str]) -> list[Same]:
    """The pairs of a tag with those that may mean the same, what is in most pictures first.

    `usual` is that of a `TagIndex`: the tag that one is a synonym of, itself for none.
    """
    found = [
        _pair(tag, other, counts, why)
        for other in counts
        if other != tag and (why := _why(tag, other, usual))
    ]
    return sorted(found, key=lambda one: (-one.pictures, one.tag))


def _pair(tag: str, other: str, counts: Mapping[str, int], why: str) -> Same:
    fewer, more = sorted((other, tag), key=lambda one: (counts.get(one, 0), "_" not in one, one))
    return Same(fewer, more, counts.get(fewer, 0), why)


def _why(tag: str, other: str, usual: Callable[[str], str]) -> str:
    keys, words = (search_key(tag), search_key(other)), (usual(tag), usual(other))
    if keys[0] == keys[1]:
        return "another spelling"
    short, long = sorted(keys, key=len)
    if long in _plurals(short):
        return "one or many"
    return "a synonym" if search_key(words[0]) == search_key(words[1]) else ""


def _plurals(key: str) -> Iterable[str]:
    yield f"{key}s"
    yield f"{key}es"
    if key.endswith("y"):
        yield f"{key[:-1]}ies"
