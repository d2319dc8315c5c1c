"""Adding, removing, replacing and moving the tags of one caption."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curator.core.tag_moves import (
    added,
    front_of,
    has_trigger,
    moved,
    removed,
    replaced,
    switched,
    tags_in,
    with_new,
)

TAGS = st.lists(st.sampled_from("abcdefgh"), max_size=8)


def test_what_is_pasted_is_split_at_commas_and_lines() -> None:
    assert tags_in(" red hair, smile,,\nsmile, hat \n") == ["red hair", "smile", "hat"]


def test_a_tag_that_is_there_is_not_added_again() -> None:
    assert added(["a", "b"], ["b", "c"]) == ["a", "b", "c"]
    assert added(["a", "b"], ["c", "d"], 1) == ["a", "c", "d", "b"]


def test_a_trigger_that_is_added_comes_into_its_place() -> None:
    triggers = ("fr3d", "sw0rd")
    assert with_new(["a"], ["b", "sw0rd"], triggers) == ["sw0rd", "a", "b"]
    assert with_new(["sw0rd", "a"], ["b", "fr3d"], triggers) == ["fr3d", "sw0rd", "a", "b"]
    assert with_new(["fr3d", "a"], ["b"], triggers, at_front=True) == ["fr3d", "b", "a"]


def test_a_tag_is_replaced_by_one_by_several_or_by_none() -> None:
    assert replaced(["a", "b", "c"], 1, "x") == ["a", "x", "c"]
    assert replaced(["a", "b", "c"], 1, "x, y, c") == ["a", "x", "y", "c"]
    assert replaced(["a", "b", "c"], 1, " ") == ["a", "c"]


@given(TAGS, st.sets(st.integers(0, 7)), st.integers(0, 8))
def test_moving_loses_nothing_and_keeps_the_order_of_what_moves(
    tags: list[str], places: set[int], to: int
) -> None:
    places = {place for place in places if place < len(tags)}
    numbered = [f"{number} {tag}" for number, tag in enumerate(tags)]
    found = moved(numbered, places, min(to, len(tags)))
    assert sorted(found) == numbered
    block = [numbered[place] for place in sorted(places)]
    at = found.index(block[0]) if block else 0
    assert found[at : at + len(block)] == block
    if block:
        assert found[:at] == [one for one in numbered[:to] if one not in block]


def test_a_trigger_is_switched_off_and_on_in_its_place() -> None:
    triggers = ("fr3d", "r3d c0at", "sw0rd")
    tags = ["fr3d", "sw0rd", "smile"]
    off = switched(tags, "fr3d", triggers)
    assert off == ["sw0rd", "smile"]
    assert switched(off, "fr3d", triggers) == tags
    assert switched(tags, "r3d c0at", triggers) == ["fr3d", "r3d c0at", "sw0rd", "smile"]


def test_a_tag_that_names_a_trigger_goes_with_it() -> None:
    assert has_trigger(["photo of fr3d"], "fr3d")
    assert not has_trigger(["fr3ddy"], "fr3d")
    assert switched(["photo of fr3d", "smile"], "fr3d", ("fr3d",)) == ["smile"]


def test_the_front_is_behind_the_triggers_that_lead() -> None:
    assert front_of(["fr3d", "smile", "sw0rd"], ("fr3d", "sw0rd")) == 1
    assert front_of([], ("fr3d",)) == 0
    assert removed(["a", "b", "c"], {0, 2}) == ["b"]
