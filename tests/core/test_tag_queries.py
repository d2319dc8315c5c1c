"""What a click on a tag makes of a query."""

from __future__ import annotations

import pytest

from curator.core.tag_queries import any_way, asked, only_tag, with_tag, without_tag


@pytest.mark.parametrize("tag", ["cat", "long hair", "miku (append)", ">_<", 'a "b"', "a*b", "-x"])
@pytest.mark.parametrize("query", ["", "rating:1 sort:-added"])
def test_a_tag_is_asked_for_and_excluded_and_let_go(query: str, tag: str) -> None:
    assert asked(query, tag) is None
    wanted = with_tag(query, tag)
    assert asked(wanted, tag) is True
    unwanted = without_tag(wanted, tag)
    assert asked(unwanted, tag) is False
    assert asked(with_tag(unwanted, tag), tag) is True
    assert any_way(unwanted, tag) == query


def test_two_tags_stand_beside_each_other() -> None:
    assert with_tag("tag:cat", "sun") == "tag:cat tag:sun"
    assert without_tag("tag:cat", "sun") == "tag:cat -tag:sun"


def test_only_one_tag_leaves_the_order() -> None:
    assert only_tag("rating:1 tag:dog sort:-added", "long hair") == 'tag:"long hair" sort:-added'
    assert only_tag("", "cat") == "tag:cat"
