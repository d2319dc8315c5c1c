"""Tags that may mean the same, and which of two may become the other."""

from __future__ import annotations

from curator.core.same_tags import Same, same_as

COUNTS = {"long hair": 5, "long_hair": 2, "cat": 4, "cats": 9, "berry": 1, "berries": 1, "tv": 3}


def usual(tag: str) -> str:
    return {"tv": "television"}.get(tag, tag)


def test_what_fewer_pictures_have_may_become_what_more_have() -> None:
    pair = Same("long_hair", "long hair", 2, "another spelling")
    assert same_as("long hair", COUNTS, usual) == [pair]
    assert same_as("long_hair", COUNTS, usual) == [pair]


def test_one_and_many_may_be_the_same() -> None:
    assert same_as("cat", COUNTS, usual) == [Same("cat", "cats", 4, "one or many")]
    assert [one.why for one in same_as("berry", COUNTS, usual)] == ["one or many"]


def test_synonyms_are_told_by_the_lists() -> None:
    counts = {"tv": 3, "television": 1}
    assert same_as("tv", counts, usual) == [Same("television", "tv", 1, "a synonym")]


def test_tags_of_other_meanings_are_left_alone() -> None:
    assert same_as("tv", COUNTS, usual) == []


def test_of_equally_many_the_one_with_blanks_stays() -> None:
    counts = {"red_hat": 1, "red hat": 1}
    assert [one.into for one in same_as("red_hat", counts, usual)] == ["red hat"]
