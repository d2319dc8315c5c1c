"""What is typed while a caption changes under it: neither change is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.caption_typing import as_shown, rebased, retyped, typed_label
from curator.core.captions import join_tags, split_caption, split_tags, with_text

TAGS = st.lists(st.sampled_from("abcdefgh"), max_size=6, unique=True)
TEXTS = st.sampled_from(["", "She sits.", "She stands.\nIt rains."])
CAPTIONS = st.builds(lambda tags, text: with_text(join_tags(tags), text), TAGS, TEXTS)
ANY_TEXT = st.text(st.sampled_from("ab ,\n\r"), max_size=12)


@given(ANY_TEXT, ANY_TEXT)
def test_where_nothing_else_changed_what_was_typed_stands(before: str, typed: str) -> None:
    assert rebased(before, typed, before) == typed


@given(ANY_TEXT, ANY_TEXT)
def test_where_nothing_was_typed_the_caption_stays(before: str, now: str) -> None:
    assert rebased(before, before, now) == now


@given(CAPTIONS, CAPTIONS, CAPTIONS)
def test_tags_added_and_removed_by_the_person_and_by_others_are_so(
    before: str, typed: str, now: str
) -> None:
    old, new, there = (set(split_tags(one)) for one in (before, typed, now))
    found = split_tags(rebased(before, typed, now))
    assert len(found) == len(set(found))
    assert set(found) == (there - (old - new)) | (new - old)


@given(CAPTIONS, CAPTIONS, CAPTIONS)
def test_a_text_that_the_person_typed_is_never_overwritten(
    before: str, typed: str, now: str
) -> None:
    texts = [split_caption(one)[1] for one in (before, typed, now)]
    found = split_caption(rebased(before, typed, now))[1]
    assert found == (texts[2] if texts[1] == texts[0] else texts[1])


@given(st.permutations("abcdef"), st.lists(st.sampled_from("xyz"), unique=True))
def test_an_order_that_the_person_gave_holds_beside_what_came_meanwhile(
    order: list[str], come: list[str]
) -> None:
    now = join_tags([*"abc", *come, *"def"])
    found = split_tags(rebased("a, b, c, d, e, f", join_tags(order), now))
    assert [tag for tag in found if tag not in come] == order
    assert [tag for tag in found if tag in come] == come


@pytest.mark.parametrize(
    ("before", "typed", "now", "found"),
    [
        ("a, b", "a, new, b", "a, b, job", "a, new, b, job"),
        ("a, b", "b", "a,  b, job", "b, job"),
        ("a,b", "a,b, c", "x,a,b", "x,a,b, c"),
        ("", "a", "job", "a, job"),
        ("a\nShe sits.", "a\nShe sits there.", "b, a\nShe sits.", "b, a\nShe sits there."),
    ],
)
def test_both_changes_are_in_the_caption(before: str, typed: str, now: str, found: str) -> None:
    assert rebased(before, typed, now) == found


@given(ANY_TEXT, st.text(st.sampled_from("ab \n"), max_size=12))
def test_a_text_that_was_typed_over_shows_what_was_typed(text: str, shown: str) -> None:
    assert as_shown(retyped(text, shown)) == shown


@given(ANY_TEXT)
def test_a_text_that_was_only_looked_at_stays_to_the_last_byte(text: str) -> None:
    assert retyped(text, as_shown(text)) == text


def test_ends_of_lines_stay_where_nothing_was_typed() -> None:
    assert retyped("a\r\nb\r\nc", "a\nbig\nc") == "a\r\nbig\r\nc"


@pytest.mark.parametrize(
    ("before", "typed", "label"),
    [
        ("a", "a, b", "Add “b”"),
        ("a, b, c", "a", "Remove 2 tags"),
        ("a, b", "a, c", "Change “b” to “c”"),
        ("a, b", "b, a", "Change the order of tags"),
        ("a", "a\nShe sits.", "Change the text of a caption"),
    ],
)
def test_history_says_what_was_done(before: str, typed: str, label: str) -> None:
    assert typed_label(before, typed) == label
