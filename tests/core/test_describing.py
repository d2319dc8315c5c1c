"""Descriptions as free text of captions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.captions import split_caption
from curator.core.describing import (
    MOST_CHARACTERS,
    TextRule,
    describe_edit,
    described,
    tidied,
    wants_text,
)
from tests.helpers.projects import record


@pytest.mark.parametrize(
    ("caption", "rule", "becomes"),
    [
        ("a, b", "empty", "a, b\nA dog."),
        ("", "empty", "\nA dog."),
        ("a\nold", "empty", "a\nold"),
        ("a\n  ", "empty", "a\nA dog."),
        ("a\nold", "replace", "a\nA dog."),
        ("a\nold", "append", "a\nold\nA dog."),
        ("a", "append", "a\nA dog."),
    ],
)
def test_the_tags_stay_and_the_text_follows_the_rule(caption: str, rule: str, becomes: str) -> None:
    assert described(caption, "A dog.", TextRule(rule)) == becomes
    assert described(caption, "", TextRule(rule)) == caption
    image = record(1, caption=caption)
    assert wants_text(image, TextRule(rule)) == (becomes != caption)


def test_what_a_model_says_is_tidied() -> None:
    assert tidied("  A  dog.\x00\r\n\n It\tsits. \n") == "A dog.\nIt sits."
    assert len(tidied("x" * 10_000)) == MOST_CHARACTERS


@given(st.text())
def test_tidied_is_what_a_caption_can_hold(said: str) -> None:
    text = tidied(said)
    text.encode()
    assert tidied(text) == text
    assert split_caption(described("a, b", said, TextRule.REPLACE))[0] == "a, b"


def test_an_edit_is_of_what_was_said() -> None:
    images = [record(1, caption="a"), record(2, caption="b")]
    edit = describe_edit(images, {2: "A cat."}, TextRule.EMPTY, "Describe", "g")
    assert [(c.id, c.new) for c in edit.changes] == [(2, "b\nA cat.")]
    assert edit.group == "g"
