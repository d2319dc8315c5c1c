"""Repeats by rule, and the one edit that keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core import edits
from curator.core.balance import MAX_REPEATS, Group, Plan, plan_of, plan_repeats
from curator.core.balance_rules import (
    Repeats,
    apply_repeats,
    fix_outweighed,
    steps_per_set,
    weigh,
)
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.records import ImageSet, Rating
from curator.core.settings import ProjectSettings
from tests.core.test_balance import DOUBLE, GROUPS, NUMBERS, PLAIN, primaries, steps, supporting
from tests.helpers.projects import fill


def plan_with(groups: Sequence[Group], settings: ProjectSettings, repeats: Repeats) -> Plan:
    """The plan as it would be with these numbers."""
    chosen = replace(
        settings,
        primary_repeats=repeats.primary,
        supporting_repeats=repeats.supporting,
        balance=repeats.balance,
    )
    own = [
        replace(it, set_repeats=repeats.sets.get(it.set_id, it.set_repeats)) if it.set_id else it
        for it in groups
    ]
    return plan_repeats(own, chosen)


def test_double_weight_is_the_balance_double_with_fixed_numbers() -> None:
    groups = [primaries(58), supporting(164)]
    assert weigh(groups, PLAIN, 2) == Repeats(6, 1)
    assert plan_with(groups, PLAIN, Repeats(6, 1)).rows == plan_repeats(groups, DOUBLE).rows


@pytest.mark.parametrize(("k", "repeats"), [(1, 3), (1.1, 4), (Fraction(1, 2), 2), (3, 9)])
def test_primaries_may_weigh_any_number_of_times(k: Fraction | float, repeats: int) -> None:
    assert weigh([primaries(58), supporting(164)], PLAIN, k) == Repeats(repeats, 1)


def test_a_decimal_weight_is_meant_as_it_is_written() -> None:
    assert weigh([primaries(10), supporting(100)], PLAIN, 1.1) == Repeats(11, 1)


def test_sets_with_numbers_of_their_own_are_raised_only_where_they_must() -> None:
    free = [primaries(10), supporting(100), primaries(10, 1, 7)]
    assert weigh(free, PLAIN, 2).sets == {}
    held = [supporting(100), primaries(10, 1, 7), primaries(5, 2, 2)]
    repeats = weigh(held, PLAIN, 2)
    assert repeats.sets == {1: 21, 2: 6}
    assert weighs(plan_with(held, PLAIN, repeats)) >= 2


@pytest.mark.parametrize("groups", [[primaries(3)], [supporting(3)], []])
def test_without_the_one_or_the_other_there_is_nothing_to_weigh(groups: list[Group]) -> None:
    assert weigh(groups, PLAIN, 2) == Repeats(5, 2)


@pytest.mark.parametrize(("images", "repeats"), [(100, 10), (50, 20), (10, 100), (3000, 1)])
def test_a_set_makes_a_thousand_steps(images: int, repeats: int) -> None:
    assert steps_per_set([primaries(images, 1)], PLAIN, 1000).sets == {1: repeats}


def test_pictures_in_no_set_make_as_many_steps_as_each_set() -> None:
    groups = [primaries(30), supporting(10), primaries(20, 1), supporting(50, 1), supporting(9, 2)]
    repeats = steps_per_set(groups, PLAIN, 500)
    rows = plan_with(groups, PLAIN, repeats).rows
    assert [row.repeats for row in rows] == [15, 6, 13, 5, 56]
    assert (repeats.primary, repeats.supporting) == (15, 6)


def test_the_numbers_of_the_project_stay_when_every_picture_is_in_a_set() -> None:
    assert steps_per_set([primaries(20, 1)], PLAIN, 500) == Repeats(5, 2, {1: 25})


def weighs(plan: Plan) -> Fraction:
    return Fraction(steps(plan, Rating.PRIMARY), steps(plan, Rating.SUPPORTING))


@given(GROUPS, NUMBERS, st.fractions(Fraction(1, 4), 5, max_denominator=20))
def test_weighing_reaches_its_goal_wherever_it_can_be_reached(
    groups: list[Group], settings: ProjectSettings, k: Fraction
) -> None:
    ones = sum(group.images for group in groups if group.rating == Rating.PRIMARY)
    twos = sum(group.images for group in groups if group.rating == Rating.SUPPORTING)
    repeats = weigh(groups, settings, k)
    if ones and twos and ones * MAX_REPEATS >= k * twos:
        assert weighs(plan_with(groups, settings, repeats)) >= k


@given(GROUPS, NUMBERS, st.integers(1, 3000))
def test_every_set_makes_its_steps_and_not_one_round_more(
    groups: list[Group], settings: ProjectSettings, n: int
) -> None:
    repeats = steps_per_set(groups, settings, n)
    made: dict[int | None, list[Group]] = {}
    for group in groups:
        made.setdefault(group.set_id, []).append(group)
    for set_id, own in repeats.sets.items():
        assert own is not None
        for fewer, enough in ((own, True), (own - 1, False)):
            numbers = replace(repeats, sets={set_id: fewer})
            plan = plan_with(made[set_id], settings, numbers)
            if 1 <= fewer < MAX_REPEATS:
                assert (plan.total >= n) == enough


@pytest.fixture
def sets(project: Project) -> list[ImageSet]:
    """A set with a number of its own and one without; ten pictures in the first, two outside."""
    images = fill(project, 12)
    coat = ImageSet(project.new_set_id(), "coat", repeats=3)
    hats = ImageSet(project.new_set_id(), "hats")
    for one in (coat, hats):
        project.apply(edits.create_set(one))
    project.apply(edits.set_rating(images[:2], Rating.PRIMARY))
    project.apply(edits.set_rating(images[2:], Rating.SUPPORTING))
    project.apply(edits.assign_to_set(images[:2], coat))
    return project.sets()


def groups_in(project: Project) -> list[Group]:
    return [row.group for row in plan_of(project).rows]


def test_numbers_of_project_and_sets_are_one_edit_with_one_undo(
    project: Project, sets: list[ImageSet]
) -> None:
    project.change_settings({"balance": "double"})
    before = (project.settings, project.sets())
    repeats = Repeats(7, 2, {sets[0].id: None, sets[1].id: 12})
    edit = apply_repeats(project.stored_settings(), sets, repeats)
    assert edit.label == "Repeat primaries 7x, supporting 2x, 2 sets by numbers of their own"
    project.apply(edit)
    settings = project.settings
    assert (settings.primary_repeats, settings.supporting_repeats) == (7, 2)
    assert settings.balance == "plain"
    assert [one.repeats for one in project.sets()] == [None, 12]
    assert not apply_repeats(project.stored_settings(), project.sets(), repeats)
    project.undo()
    assert (project.settings, project.sets()) == before


def test_a_number_out_of_range_is_refused(project: Project, sets: list[ImageSet]) -> None:
    for repeats in (Repeats(1001, 1), Repeats(5, 0), Repeats(5, 2, {sets[0].id: 1001})):
        with pytest.raises(UserError):
            apply_repeats(project.stored_settings(), sets, repeats)


def test_one_click_lets_primaries_weigh_double_from_now_on(
    project: Project, sets: list[ImageSet]
) -> None:
    (finding,) = plan_of(project).findings
    assert finding.fixable
    groups, settings = groups_in(project), project.settings
    project.apply(fix_outweighed(project.stored_settings(), sets, groups, settings))
    assert plan_of(project).findings == ()
    assert project.settings == replace(settings, balance="double")
    assert [one.repeats for one in project.sets()] == [12, None]  # 3 could not outweigh ten
    more = fill(project, 1)
    project.apply(edits.set_rating(more, Rating.PRIMARY))
    assert plan_of(project).findings == ()
    assert "Let primaries weigh double" in {entry.label for entry in project.history()}
