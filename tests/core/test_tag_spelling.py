"""Spellings of one tag, and faces that have none but their own."""

from __future__ import annotations

import pytest

from curator.core.tag_spelling import (
    KAOMOJI,
    search_key,
    search_keys,
    with_spaces,
    with_underscores,
)


@pytest.mark.parametrize(
    "tag", ["Long_Hair", "long hair", "long-hair", " long  hair ", "LONG_hair"]
)
def test_spellings_of_one_tag_have_one_key(tag: str) -> None:
    assert search_key(tag) == "long hair"


def test_escaped_parentheses_make_no_difference() -> None:
    assert search_key(r"miku \(append\)") == search_key("miku_(append)") == "miku (append)"


@pytest.mark.parametrize("face", sorted(KAOMOJI))
def test_a_face_keeps_its_underscores(face: str) -> None:
    assert with_spaces(face) == face
    assert search_key(face) == face


def test_faces_that_are_no_words_keep_every_character() -> None:
    assert search_key("^-^") != search_key("^_^")
    assert search_key(":)") == ":)"


def test_a_tag_without_letters_of_a_to_z_is_a_word_too() -> None:
    assert search_key("長い_髪") == "長い 髪"


def test_underscores_and_spaces_turn_into_each_other() -> None:
    assert with_underscores(with_spaces("long_black_hair")) == "long_black_hair"


def test_many_keys_are_those_of_each_text() -> None:
    texts = ["Straße", "İstanbul_x", "", "a_b"]
    assert search_keys(texts) == [search_key(text) for text in texts]
