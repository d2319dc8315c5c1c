"""What several lists know together."""

from __future__ import annotations

from curator.core.known_tags import known_from
from curator.core.tag_categories import Category
from curator.core.tag_lists import TagList

G, C = Category.GENERAL, Category.CHARACTER
FIRST = TagList("first", ["long_hair", "miku"], [G, G], [50, 9], [["longhair"], []])
SECOND = TagList(
    "second", ["miku", "Long Hair", "cat"], [C, G, G], [7, 80, 60], [["m"], ["lh"], []]
)


def test_a_tag_of_two_lists_is_known_once_with_what_each_says() -> None:
    known = known_from([FIRST, SECOND])
    assert known.keys.all() == ["cat", "long hair", "miku"]
    assert known.tags.all() == ["cat", "long_hair", "miku"]
    assert known.counts.tolist() == [60, 50, 9]
    assert known.category(2) == C


def test_aliases_of_all_lists_lead_to_the_tag() -> None:
    known = known_from([FIRST, SECOND])
    assert known.aliases.all() == ["longhair", "lh", "m"]
    assert known.alias_rows.tolist() == [1, 1, 2]
    assert list(known.aliases_of([2, 1, 0])) == [(2, 2), (1, 0), (1, 1)]


def test_a_tag_is_found_in_any_spelling() -> None:
    known = known_from([FIRST])
    assert known.row_of("LONG-hair") == 0
    assert known.row_of("short hair") is None


def test_without_lists_nothing_is_known() -> None:
    known = known_from([])
    assert (len(known.tags), len(known.aliases), known.row_of("cat")) == (0, 0, None)
