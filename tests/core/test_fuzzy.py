"""Fuzzy search in titles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curator.core.fuzzy import best, score

TITLES = ("Reject", "Reject because…", "Read ratings from files", "Primary", "Project settings…")


def test_first_letters_of_words_find_a_title() -> None:
    assert best("rr", TITLES, str)[0] == "Read ratings from files"
    assert best("prs", TITLES, str)[0] == "Project settings…"


def test_the_shorter_of_two_equal_fits_comes_first() -> None:
    assert best("reject", TITLES, str) == ["Reject", "Reject because…"]


def test_nothing_typed_leaves_the_order() -> None:
    assert best(" ", TITLES, str) == list(TITLES)


def test_letters_out_of_order_find_nothing() -> None:
    assert score("yramirp", "Primary") is None


@given(st.text("abc ", min_size=1), st.text("abc ", max_size=8))
def test_a_title_fits_exactly_when_it_holds_the_letters_in_order(title: str, typed: str) -> None:
    rest = iter(title)
    fits = all(letter in rest for letter in typed if letter != " ")
    # The search prefers beginnings of words, and must not lose a fit by it.
    assert (score(typed, title) is not None) == fits
