"""Who gave a tag, and what the person took away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core import tag_sources
from curator.core.records import TagSource

TAGS = st.sets(st.sampled_from(["hat", "blue eyes", ">_<", "猫"]))


def test_what_was_stored_is_read_again() -> None:
    sources = {"hat": TagSource("wd-v3", 0.91), "a cat": TagSource("file")}
    assert tag_sources.read(tag_sources.stored(sources)) == sources
    assert tag_sources.stored({}) == ""
    assert tag_sources.read("") == {}


def test_a_tag_taken_away_by_hand_is_remembered_until_it_is_given_again() -> None:
    gone = tag_sources.changed("", ["hat", "cap"], ["hat"])
    assert tag_sources.removed(tag_sources.read(gone)) == {"cap"}
    assert tag_sources.changed(gone, ["hat"], ["hat", "cap"]) == ""


def test_a_model_taking_back_its_tag_leaves_no_trace() -> None:
    given_ = tag_sources.changed("", [], ["hat"], "wd-v3")
    assert tag_sources.read(given_) == {"hat": TagSource("wd-v3")}
    assert tag_sources.changed(given_, ["hat"], [], "wd-v3") == ""


@given(TAGS, TAGS, st.sampled_from([tag_sources.MANUAL, tag_sources.RULE, "wd-v3"]))
def test_only_tags_that_came_or_went_change_their_source(
    old: set[str], new: set[str], by: str
) -> None:
    before = tag_sources.stored({tag: TagSource("file") for tag in old})
    after = tag_sources.read(tag_sources.changed(before, old, new, by))
    assert {tag: after[tag] for tag in old & new} == {t: TagSource("file") for t in old & new}
    assert all(tag not in after or after[tag].by in {by} for tag in new - old)


def test_what_an_older_version_wrote_is_read_and_changed() -> None:
    before = '{"a cat":{"by":"file","score":null},"hat":{"by":"wd","score":0.91}}'
    assert tag_sources.read(before) == {"a cat": TagSource("file"), "hat": TagSource("wd", 0.91)}
    after = tag_sources.changed(before, ["hat", "a cat"], ["hat"])
    assert tag_sources.read(after) == {"hat": TagSource("wd", 0.91), "a cat": TagSource("removed")}


def test_a_tag_that_is_only_written_otherwise_keeps_its_source() -> None:
    before = tag_sources.stored({"blue_eyes": TagSource("wd", 0.9), "Blue Eyes": TagSource("file")})
    after = tag_sources.changed(before, ["blue_eyes"], ["blue eyes"], tag_sources.RULE)
    assert tag_sources.read(after)["blue eyes"] == TagSource("wd", 0.9)
    assert "blue_eyes" not in tag_sources.read(after)


def test_a_tag_with_a_comma_which_no_caption_holds_is_left_out() -> None:
    sources = {"a, b": TagSource("wd"), "c": TagSource("a, b", 0.5)}
    assert tag_sources.read(tag_sources.stored(sources)) == {"c": TagSource("a, b", 0.5)}


@pytest.mark.parametrize("before", ["", '{"a":{"by":"wd","score":0.5}}'])
def test_who_gave_each_tag_is_told_without_scores(before: str) -> None:
    kept = {"b": TagSource("wd, v3", 0.25), "c": TagSource(tag_sources.REMOVED)}
    both = {**tag_sources.read(before), **kept}
    wanted = {tag: source.by for tag, source in both.items()}
    assert tag_sources.givers(tag_sources.stored(both)) == wanted
    assert tag_sources.givers(before) == {t: s.by for t, s in tag_sources.read(before).items()}
