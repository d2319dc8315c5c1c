"""The table of tags, and tags that are always together."""

from __future__ import annotations

from curator.core.tag_categories import Category
from curator.core.tag_table import Companion, TagRow, TagUsage, companions, tag_rows

USED = TagUsage(10, 4, {"long hair": 5, "zork": 8, "Ant": 5}, {"long hair": 3})


def test_each_tag_has_its_counts_shares_and_what_it_is() -> None:
    known = {"long hair": Category.GENERAL}
    assert tag_rows(USED, known.get) == [
        TagRow("zork", 8, 0.8, 0, 0.0, None, ""),
        TagRow("Ant", 5, 0.5, 0, 0.0, None, "animals"),
        TagRow("long hair", 5, 0.5, 3, 0.75, Category.GENERAL, "hair"),
    ]


def test_without_primaries_no_share_of_them_is_told() -> None:
    [row] = tag_rows(TagUsage(2, 0, {"cat": 1}, {}), lambda _tag: None)
    assert (row.share, row.primary_share) == (0.5, 0.0)


def test_a_companion_is_in_nearly_all_of_a_tag_s_pictures() -> None:
    beside = {"cat": 100, "whiskers": 100, "fur": 95, "sofa": 94}
    assert companions("cat", beside) == [
        Companion("whiskers", 100, 1.0),
        Companion("fur", 95, 0.95),
    ]
    assert companions("dog", beside) == []
