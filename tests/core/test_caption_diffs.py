"""What rules would change, and the edit that is made of it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from curator.core import tag_sources
from curator.core.caption_diffs import CaptionDiff, counts_of, diffs_of, edit_of, without_tags
from curator.core.captions import join_tags, split_tags
from curator.core.project import Project
from curator.core.tag_rules import Delete, Replace
from tests.helpers.projects import fill, record

RULES = (Delete("hat"), Replace("cap", "cup"))
SOME_TAGS = st.lists(st.sampled_from("abcdef"), max_size=6)


def test_only_captions_that_change_are_told_and_counted() -> None:
    images = [record(1, caption="a, hat, cap"), record(2, caption="a"), record(3, caption="hat")]
    diffs = diffs_of(images, RULES)
    assert diffs == [CaptionDiff(1, "a, hat, cap", "a, cup"), CaptionDiff(3, "hat", "")]
    assert (diffs[0].removed, diffs[0].added) == (["hat", "cap"], ["cup"])
    counts = counts_of(diffs)
    assert (counts.removed, counts.added) == ({"hat": 2, "cap": 1}, {"cup": 1})


def test_a_tag_that_stood_twice_is_told_once_when_one_goes() -> None:
    assert CaptionDiff(1, "a, b, a", "a, b").removed == ["a"]


@given(st.permutations("abcde"))
def test_the_fewest_tags_are_told_as_moved(order: list[str]) -> None:
    diff = CaptionDiff(1, "a, b, c, d, e", join_tags(order))
    still = [tag for tag in order if tag not in diff.moved]
    assert still == sorted(still)
    assert diff.moved == [] or len(diff.moved) < len(order)


def test_one_tag_sent_to_the_front_is_the_one_that_moved() -> None:
    assert CaptionDiff(1, "a, b, c, d", "d, a, b, c").moved == ["d"]


@given(SOME_TAGS, SOME_TAGS, st.sets(st.sampled_from("abcdef")))
def test_tags_that_are_left_out_neither_go_nor_come(
    old: list[str], new: list[str], left_out: set[str]
) -> None:
    diff = without_tags(CaptionDiff(1, join_tags(old), join_tags(new)), left_out)
    found = split_tags(diff.new)
    assert set(found) & left_out == set(old) & left_out
    assert set(found) - left_out == set(new) - left_out


def test_a_tag_that_stays_keeps_its_place() -> None:
    diff = CaptionDiff(1, "a, b, c, d", "a, d")
    assert without_tags(diff, {"c"}).new == "a, c, d"


def test_an_edit_leaves_out_what_it_should_and_keeps_what_came_meanwhile(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        images = fill(project, 3, ["a, hat, cap", "hat", "hat, cap"])
        diffs = diffs_of(images, RULES)
        now = [
            record(1, caption="a, mine, hat, cap", rating=0),
            record(2, caption="hat"),
            record(3, caption="hat, cap"),
        ]
        edit = edit_of("Rules", diffs, now, left_out={2}, tags_left_out={"hat"})
    captions = {c.id: c.new for c in edit.changes if c.field == "caption"}
    assert captions == {1: "a, mine, hat, cup", 3: "hat, cup"}
    sources = {c.id: str(c.new) for c in edit.changes if c.field == "tag_sources"}
    assert tag_sources.read(sources[1])["cup"].by == tag_sources.RULE
