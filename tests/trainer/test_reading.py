"""Weights are A1111's, and long texts are cut where it would cut them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.reading import PIECE, Reading, commas_in_brackets, parts_of, pieces_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("normal text", [("normal text", 1.0)]),
        ("an (important) word", [("an ", 1.0), ("important", 1.1), (" word", 1.0)]),
        ("(unbalanced", [("unbalanced", 1.1)]),
        (r"\(literal\]", [("(literal]", 1.0)]),
        ("(unnecessary)(parens)", [("unnecessaryparens", 1.1)]),
        ("[less]", [("less", 1 / 1.1)]),
        ("(hat:1.3), x", [("hat", 1.3), (", x", 1.0)]),
        ("((a))", [("a", 1.1 * 1.1)]),
        ("(a (b:2))", [("a ", 1.1), ("b", 2.2)]),
        ("a) b]", [("a) b]", 1.0)]),
        ("10:30, x", [("10:30, x", 1.0)]),
        ("x:1.5)", [("x:1.5)", 1.0)]),
        ("", []),
    ],
)
def test_the_grammar_is_that_of_a1111(text: str, expected: list[tuple[str, float]]) -> None:
    found = parts_of(text)
    assert [words for words, _ in found] == [words for words, _ in expected]
    weights = [weight for _, weight in expected]
    assert [weight for _, weight in found] == pytest.approx(weights)


@given(st.text(alphabet="ab ()[]:1.\\", max_size=30))
def test_any_text_can_be_read(text: str) -> None:
    letters = "".join(words for words, _ in parts_of(text))
    assert [it for it in letters if it in "ab"] == [it for it in text if it in "ab"]


def codes(text: str) -> list[int]:
    return [ord(letter) for letter in text]


def pieces(text: str, reading: Reading) -> list[str]:
    found = pieces_of(text, reading, codes, ord(","))
    return ["".join(chr(token) for token, _ in piece) for piece in found]


def test_pieces_are_75_tokens_and_one_at_least() -> None:
    assert pieces("x" * 80, Reading()) == ["x" * 75, "x" * 5]
    assert pieces("x" * 75, Reading()) == ["x" * 75]
    assert pieces("", Reading()) == [""]


def test_a_piece_ends_at_the_last_comma_of_its_last_20_tokens() -> None:
    reading = Reading(150, at_commas=True)
    assert pieces("x" * 60 + "," + "y" * 30, reading) == ["x" * 60 + ",", "y" * 30]
    assert pieces("x" * 74 + "," + "y" * 30, reading) == ["x" * 74 + ",", "y" * 30]
    assert pieces("x" * 54 + "," + "y" * 30, reading)[0] == "x" * 54 + "," + "y" * 20
    assert pieces("x" * 55 + "," + "y" * 30, reading) == ["x" * 55 + ",", "y" * 30]


@given(st.text(alphabet="ab,", max_size=400), st.booleans())
def test_pieces_lose_nothing(text: str, at_commas: bool) -> None:
    found = pieces(text, Reading(225, at_commas))
    assert "".join(found) == text
    assert all(len(piece) <= PIECE for piece in found)


@pytest.mark.parametrize(
    ("text", "across"),
    [("(a, b)", True), ("(a), b", False), ("(a:1.2), [b]", False), ("[(a:1.2), b]", True)],
)
def test_weights_across_tags_are_seen(text: str, across: bool) -> None:
    assert commas_in_brackets(text, ",") is across
