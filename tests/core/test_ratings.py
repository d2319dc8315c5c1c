"""Which ratings found in files become which ratings here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import UserError
from curator.core.ratings import (
    JUDGEMENTS,
    NUMBERS,
    Judgement,
    Mapped,
    RatingNumbers,
    check_mapping,
    choose,
    explain,
    guess,
    judge,
    mapping_text,
    meaning_of,
    word,
)
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
    assert explain("3=supporting", {3: 1, 4: 1}) == ["3: 1 -> supporting", "4: 1 -> unrated"]


def test_a_mapping_can_be_spelt_out_number_by_number():
    spelt = choose(" 5=primary, 3 = supporting,1=reject", [1, 2])
    assert spelt == "1=rejected,3=supporting,5=primary"
    assert meaning_of(spelt, [5, 2, 1, 1]) == {
        1: JUDGEMENTS["rejected"],
        2: JUDGEMENTS["unrated"],
        5: JUDGEMENTS["primary"],
    }


@given(st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(list(JUDGEMENTS.values()))))
def test_a_table_of_meanings_becomes_a_mapping_and_back(meaning: dict[int, Judgement]):
    if meaning:
        assert meaning_of(check_mapping(mapping_text(meaning)), meaning) == meaning


@pytest.mark.parametrize(
    "text",
    ["", "many", "5", "5=", "=primary", "0=primary", "6=primary", "5=best", "5=primary,5=reject"],
)
def test_a_mapping_that_says_nothing_clear_is_refused(text: str):
    with pytest.raises(UserError, match="or numbers such as 5=primary"):
        check_mapping(text)


def test_every_judgement_has_one_word():
    assert {word(judgement): judgement for judgement in JUDGEMENTS.values()} == JUDGEMENTS


@given(st.permutations(NUMBERS))
def test_what_is_written_for_a_rating_is_read_as_that_rating(numbers: list[int]):
    written = RatingNumbers(*numbers[:3])
    for judgement in JUDGEMENTS.values():
        assert written.judgement(written.number(judgement)) == judgement
    for number in numbers[3:]:
        assert written.judgement(number) == judge(Mapped.STARS, number)
