"""What becomes of tags, in reading order."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from curator.core.caption_diffs import CaptionDiff
from curator.core.caption_marks import Fate, changed_only, marks_of
from curator.core.captions import join_tags, split_tags


def told(old: str, new: str) -> str:
    signs = {Fate.KEPT: "", Fate.GONE: "-", Fate.COME: "+", Fate.MOVED: "~"}
    return " ".join(f"{signs[one.fate]}{one.text}" for one in marks_of(CaptionDiff(1, old, new)))


def test_what_goes_stands_before_what_comes_in_its_place() -> None:
    assert told("a, cat, b", "a, dog, b") == "a -cat +dog b"
    assert told("cat, b", "b, dog") == "-cat b +dog"


def test_a_tag_that_moves_stands_at_its_new_place() -> None:
    assert told("a, b, c, d", "d, a, b, c") == "~d a b c"


def test_a_tag_that_stood_twice_loses_a_copy() -> None:
    assert told("a, b, a", "a, b") == "a b -a"


def test_changed_text_below_the_tags_is_told_line_by_line() -> None:
    assert told("a\nOne.\nTwo.", "a\nOne. Two.") == "a -One. -Two. +One. Two."


words = st.lists(st.sampled_from("abcdefg"), max_size=8)


@given(words, words)
def test_the_marks_hold_all_of_the_new_caption_and_all_that_goes(
    before: list[str], after: list[str]
) -> None:
    diff = CaptionDiff(1, join_tags(before), join_tags(after))
    found = marks_of(diff)
    assert [mark.text for mark in found if mark.fate is not Fate.GONE] == split_tags(diff.new)
    gone = Counter(mark.text for mark in found if mark.fate is Fate.GONE)
    assert gone == Counter(diff.removed)
    assert all(mark.fate is not Fate.KEPT for mark in changed_only(found))
