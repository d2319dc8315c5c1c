"""Tags asked for by a query: with, without, one in place of the others, none any more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.query_terms import UNWRITABLE
from curator.core.query_tree import QueryError
from curator.core.tag_filter import asked_tags, toggled, without_tags
from curator.core.tag_queries import tag_term

tags = st.text(min_size=1).map(str.strip).filter(lambda t: t and not UNWRITABLE.search(t))


def test_a_tag_takes_the_place_of_the_one_that_was_asked() -> None:
    assert toggled("", "long hair") == 'tag:"long hair"'
    assert toggled("rating:1 tag:hat -tag:cat sort:name", "dog") == (
        "rating:1 -tag:cat tag:dog sort:name"
    )


def test_the_same_tag_again_takes_the_condition_back() -> None:
    assert toggled('rating:1 tag:"Long Hair"', "long hair") == "rating:1"


def test_conditions_about_tags_go_and_all_others_stay() -> None:
    assert without_tags("rating:1 tag:hat -tag:cat (tag:a OR tag:b) sort:name") == (
        "rating:1 (tag:a OR tag:b) sort:name"
    )


def test_wildcards_are_not_taken_for_single_tags() -> None:
    assert asked_tags("tag:* tag:hat* -tag:Cat tag:dog") == {"cat": False, "dog": True}


def test_a_query_that_can_not_be_read_is_refused() -> None:
    with pytest.raises(QueryError):
        toggled("rating:", "hat")


@given(tags)
def test_every_tag_is_found_again_in_its_term(tag: str) -> None:
    assert asked_tags(tag_term(tag)) == {tag.casefold(): True}
    assert toggled(tag_term(tag), tag) == ""
