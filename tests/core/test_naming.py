"""Natural order as text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curator.core.naming import natural_key


def test_numbers_sort_by_value_and_case_is_ignored() -> None:
    names = ["IMG 10.jpg", "img 2.jpg", "Img 1.jpg", "a100b2", "a100b10", "a9"]
    assert sorted(names, key=natural_key) == [
        "a9",
        "a100b2",
        "a100b10",
        "Img 1.jpg",
        "img 2.jpg",
        "IMG 10.jpg",
    ]


@given(st.text("ab ", max_size=3), st.integers(0, 10**12), st.integers(0, 10**12))
def test_any_two_numbers_after_the_same_words_sort_by_value(word: str, a: int, b: int) -> None:
    first, second = natural_key(f"{word}{a}.jpg"), natural_key(f"{word}{b}.jpg")
    assert (first < second) == (a < b)


def test_leading_zeros_do_not_count() -> None:
    assert natural_key("img007") == natural_key("img7")


def test_digits_of_other_scripts_are_numbers_too() -> None:
    two, ten = "\u0662", "\u0661\u0660"  # Arabic-Indic
    assert natural_key(two) < natural_key(ten)
