"""What a status line and the details of a picture say about an epoch."""

from __future__ import annotations

from fractions import Fraction

import pytest

from curator.core.balance import plan_repeats
from curator.core.records import ImageSet, Rating, SetKind
from curator.core.settings import ProjectSettings
from curator.core.shares import Standing, shares, standing, tell_steps
from tests.core.test_balance import PLAIN, primaries, supporting
from tests.helpers.projects import record

FRED = ProjectSettings(trigger="fr3dd1e", class_word="dog")


def test_an_epoch_is_told_by_rating() -> None:
    plan = plan_repeats([primaries(58), supporting(164)], PLAIN)
    assert tell_steps(plan) == "primary 58x5=290 · supporting 164x2=328 · 618 steps/epoch"
    found = shares(plan)
    assert (found.primary.images, found.primary.repeats, found.primary.steps) == (58, 5, 290)
    assert found.primary.share + found.supporting.share == 1
    assert found.steps == 618


def test_repeats_are_told_only_where_all_pictures_of_a_rating_share_them() -> None:
    plan = plan_repeats([primaries(2), primaries(300, 1, 10), primaries(4, 2, 10)], PLAIN)
    assert tell_steps(plan) == "primary 306: 3,050 · 3,050 steps/epoch"
    same = plan_repeats([primaries(2), primaries(3, 1, 5)], PLAIN)
    assert tell_steps(same) == "primary 5x5=25 · 25 steps/epoch"


def test_nothing_rated_is_said() -> None:
    assert tell_steps(plan_repeats([], PLAIN)) == "nothing rated yet"


def test_a_picture_stands_in_its_folder_with_its_share() -> None:
    plan = plan_repeats([primaries(6), supporting(10), primaries(5, 1, 10)], FRED)
    coat = ImageSet(1, "coat", trigger="in a coat", repeats=10)
    outside = standing(record(1, rating=Rating.PRIMARY), None, plan, FRED)
    assert outside == Standing(
        takes_part=True, folder="img/5_fr3dd1e dog", repeats=5, share=Fraction(5, 100)
    )
    inside = standing(record(2, rating=Rating.SUPPORTING, set_id=1), coat, plan, FRED)
    assert (inside.folder, inside.repeats) == ("img/4_fr3dd1e in a coat dog", 4)


def test_a_picture_that_the_plan_has_not_counted_yet_stands_too() -> None:
    rated = standing(record(1, rating=Rating.PRIMARY), None, plan_repeats([], PLAIN), PLAIN)
    assert (rated.repeats, rated.share) == (5, 1)


def test_a_regularization_picture_has_a_folder_and_no_share() -> None:
    dogs = ImageSet(1, "dogs", kind=SetKind.REGULARIZATION)
    plan = plan_repeats([primaries(6)], FRED)
    assert standing(record(1, set_id=1), dogs, plan, FRED) == Standing(
        takes_part=True, folder="reg/1_dog", repeats=1
    )


@pytest.mark.parametrize(
    ("decided", "why"),
    [
        ({}, "It is not rated."),
        ({"rating": 1, "rejected": True}, "It is rejected."),
        ({"rejected": True, "reject_reason": "blurry"}, "It is rejected (blurry)."),
        ({"rating": 1, "removed": True}, "It was removed from the project."),
    ],
)
def test_a_picture_that_takes_no_part_has_a_reason(decided: dict[str, object], why: str) -> None:
    plan = plan_repeats([primaries(6)], PLAIN)
    assert standing(record(1, **decided), None, plan, PLAIN) == Standing(False, why)
