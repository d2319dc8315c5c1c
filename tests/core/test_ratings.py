"""Which ratings found in files become which ratings here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.ratings import Judgement, Mapped, choose, explain, guess, judge
from curator.core.records import Rating


@pytest.mark.parametrize(
    ("found", "mapping"),
    [
        ([], Mapped.NONE),
        ([0, 0], Mapped.NONE),
        ([1], Mapped.LITERAL),
        ([2, 2], Mapped.LITERAL),
        ([1, 2, 1, 0], Mapped.LITERAL),
        ([1, 2, 5], Mapped.LITERAL),
        ([1, 5], Mapped.LITERAL),
        ([1, 2, -1], Mapped.LITERAL),
        ([-1], Mapped.LITERAL),
        ([5], Mapped.STARS),
        ([5, -1], Mapped.STARS),
        ([3], Mapped.STARS),
        ([4, 5, 1], Mapped.STARS),
        ([1, 2, 3, 4, 5], Mapped.STARS),
    ],
)
def test_the_numbers_of_an_import_suggest_how_they_are_meant(found: list[int], mapping: Mapped):
    assert guess(found) is mapping


@given(st.lists(st.integers(-1, 5)))
def test_the_guess_does_not_depend_on_order_or_unrated_pictures(found: list[int]):
    assert guess(found) is guess([*sorted(found), 0])


@pytest.mark.parametrize(
    ("mapping", "meant"),
    [
        (Mapped.LITERAL, {1: Rating.PRIMARY, 2: Rating.SUPPORTING}),
        (Mapped.STARS, {5: Rating.PRIMARY, 4: Rating.SUPPORTING, 3: Rating.SUPPORTING}),
        (Mapped.NONE, {}),
    ],
)
def test_each_mapping_gives_the_ratings_it_promises_and_leaves_the_rest_unrated(
    mapping: Mapped, meant: dict[int, Rating]
):
    for number in (None, 0, 1, 2, 3, 4, 5, 99):
        expected = meant.get(number or 0, Rating.UNRATED)
        assert judge(mapping, number) == Judgement(expected)


def test_minus_one_rejects_unless_ratings_are_left_out():
    assert judge(Mapped.LITERAL, -1) == judge(Mapped.STARS, -1) == Judgement(rejected=True)
    assert judge(Mapped.NONE, -1) == Judgement()


def test_what_was_asked_for_beats_the_guess():
    assert choose("stars", [1, 2]) is Mapped.STARS
    assert choose("none", [1, 2]) is Mapped.NONE
    assert choose("guess", [1, 2]) is Mapped.LITERAL


def test_the_report_says_what_each_number_became():
    assert explain(Mapped.LITERAL, {5: 3, 1: 1200, -1: 1}) == [
        "-1: 1 -> rejected",
        "1: 1,200 -> primary",
        "5: 3 -> unrated (already used)",
    ]
    assert explain(Mapped.STARS, {1: 2}) == ["1: 2 -> unrated"]
    assert explain(Mapped.NONE, {4: 2}) == ["4: 2 -> not taken over"]
