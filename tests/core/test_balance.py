"""How often an epoch shows each picture, and when the supporting ones would drown the primaries."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from curator.core import edits
from curator.core.balance import (
    MAX_REPEATS,
    Group,
    Plan,
    count_groups,
    groups_of,
    plan_of,
    plan_repeats,
)
from curator.core.dataset_layout import is_reg, takes_part
from curator.core.findings import About
from curator.core.project import Project
from curator.core.records import Image, ImageSet, Rating, SetKind
from curator.core.settings import ProjectSettings
from tests.helpers.projects import fill, record

PLAIN = ProjectSettings()
DOUBLE = replace(PLAIN, balance="double")


def primaries(images: int, set_id: int | None = None, repeats: int | None = None) -> Group:
    return Group(set_id, Rating.PRIMARY, images, repeats)


def supporting(images: int, set_id: int | None = None, repeats: int | None = None) -> Group:
    return Group(set_id, Rating.SUPPORTING, images, repeats)


def steps(plan: Plan, rating: Rating) -> int:
    return sum(row.steps for row in plan.rows if row.group.rating == rating)


def test_primaries_are_shown_five_times_and_supporting_pictures_twice() -> None:
    plan = plan_repeats([primaries(20), supporting(10)], PLAIN)
    assert [row.repeats for row in plan.rows] == [5, 2]
    assert plan.total == 120
    assert [row.share for row in plan.rows] == [Fraction(5, 6), Fraction(1, 6)]
    assert plan.findings == ()


def test_it_says_so_when_supporting_pictures_would_make_more_steps() -> None:
    plan = plan_repeats([primaries(58), supporting(164)], PLAIN)
    assert [row.steps for row in plan.rows] == [290, 328]
    (finding,) = plan.findings
    assert "328 against 290" in finding.text
    assert (finding.about, finding.fixable) == (About.OUTWEIGHED, True)
    assert "=" not in finding.text  # what to type is for the command line alone
    assert "balance=double" in str(finding)


def test_equal_steps_are_no_reason_to_warn() -> None:
    assert plan_repeats([primaries(2), supporting(5)], PLAIN).findings == ()


def test_balance_double_makes_primaries_weigh_double_with_the_fewest_repeats() -> None:
    plan = plan_repeats([primaries(58), supporting(164)], DOUBLE)
    assert [row.repeats for row in plan.rows] == [6, 1]
    assert [row.steps for row in plan.rows] == [348, 164]
    assert plan.findings == ()


def test_balance_double_leaves_the_numbers_alone_without_supporting_pictures() -> None:
    assert plan_repeats([primaries(30)], DOUBLE) == plan_repeats([primaries(30)], PLAIN)


def test_a_set_with_its_own_repeats_shows_its_supporting_pictures_in_proportion() -> None:
    groups = [primaries(9, 1, 10), supporting(9, 1, 10), primaries(9, 2, 1), supporting(9, 2, 1)]
    assert [row.repeats for row in plan_repeats(groups, PLAIN).rows] == [10, 4, 1, 1]


def test_balance_double_keeps_the_repeats_that_a_set_was_given() -> None:
    groups = [primaries(10), supporting(100), primaries(10, 1, 7), supporting(5, 1, 7)]
    rows = plan_repeats(groups, DOUBLE).rows
    assert [row.repeats for row in rows] == [14, 1, 7, 1]
    assert sum(row.steps for row in rows[::2]) >= 2 * sum(row.steps for row in rows[1::2])


def test_it_says_so_when_primaries_can_not_weigh_double() -> None:
    plan = plan_repeats([primaries(1, 1, 3), supporting(50)], DOUBLE)
    (finding,) = plan.findings
    assert "can't weigh double" in finding.text
    assert (finding.about, finding.fixable) == (About.NOT_DOUBLE, True)
    (hopeless,) = plan_repeats([primaries(1), supporting(501)], DOUBLE).findings
    assert not hopeless.fixable


def test_it_says_so_when_nothing_is_rated_primary() -> None:
    for settings in (PLAIN, DOUBLE):
        (finding,) = plan_repeats([supporting(5)], settings).findings
        assert "No picture is rated primary" in finding.text
        assert not finding.fixable


def test_nothing_rated_makes_an_empty_plan() -> None:
    assert plan_repeats([], PLAIN) == plan_repeats([], DOUBLE) == Plan((), 0, (), 5, 2)


def test_groups_count_the_pictures_that_are_trained_on(project: Project) -> None:
    images = fill(project, 12)
    outfit = ImageSet(project.new_set_id(), "coat", repeats=3)
    regular = ImageSet(project.new_set_id(), "dogs", kind=SetKind.REGULARIZATION)
    gone = ImageSet(project.new_set_id(), "gone")
    for one in (outfit, regular, gone):
        project.apply(edits.create_set(one))
    project.apply(edits.set_rating(images[:6], Rating.PRIMARY))
    project.apply(edits.set_rating(images[6:10], Rating.SUPPORTING))
    project.apply(edits.assign_to_set(images[3:8], outfit))
    project.apply(edits.assign_to_set(images[9:10], regular))
    project.apply(edits.assign_to_set(images[1:2], gone))
    project.apply(edits.change_set(gone, replace(gone, removed=True)))
    project.apply(edits.reject(project.images([images[0].id])))
    project.apply(edits.remove_images(project.images([images[3].id])))
    sets = {one.id: one for one in project.sets()}
    groups = count_groups(project.images(image.id for image in images), sets)
    assert groups == [
        primaries(2),
        supporting(1),
        primaries(2, outfit.id, 3),
        supporting(2, outfit.id, 3),
    ]
    plan = plan_repeats(groups, PLAIN)
    first_of_no_set, *_, in_outfit = project.images([images[1].id, images[4].id])
    assert plan.repeats_of(first_of_no_set, None) == 5
    assert plan.repeats_of(in_outfit, outfit) == 3
    assert groups_of(project.group_counts(), sets) == groups
    assert plan_of(project) == plan


def as_in_a_project(groups: list[Group]) -> list[Group]:
    """Each set with one number of repeats, no set with none, and no group twice."""
    numbers = {group.set_id: group.set_repeats for group in groups} | {None: None}
    once = {(group.set_id, group.rating): group for group in groups}
    return [replace(group, set_repeats=numbers[group.set_id]) for group in once.values()]


GROUPS = st.lists(
    st.builds(
        Group,
        st.none() | st.integers(1, 4),
        st.sampled_from([Rating.PRIMARY, Rating.SUPPORTING]),
        st.integers(1, 3000),
        st.none() | st.integers(1, 60),
    ),
    max_size=8,
).map(as_in_a_project)
NUMBERS = st.builds(
    ProjectSettings,
    primary_repeats=st.integers(1, 40),
    supporting_repeats=st.integers(1, 40),
    balance=st.sampled_from(["plain", "double"]),
)


SETS = {
    1: ImageSet(1, "coat", repeats=3),
    2: ImageSet(2, "dogs", kind=SetKind.REGULARIZATION),
    3: ImageSet(3, "hats"),
}
DECISIONS = st.fixed_dictionaries(
    {
        "rating": st.sampled_from(Rating),
        "rejected": st.booleans(),
        "removed": st.booleans(),
        "set_id": st.none() | st.integers(1, 4),  # the fourth is deleted
    }
)
DECIDED = st.lists(st.builds(lambda fields: record(1, **fields), DECISIONS), max_size=40)


@given(DECIDED)
def test_counts_of_the_database_make_the_same_groups_as_the_records(images: list[Image]) -> None:
    shown = Counter((it.set_id, it.rating, it.rejected) for it in images if not it.removed)
    counts = [(*key, number) for key, number in shown.items()]
    groups = groups_of(counts, SETS)
    assert groups == count_groups(images, SETS)
    used = [it for it in images if takes_part(it, SETS.get(it.set_id or 0))]
    reg = [it for it in used if is_reg(SETS.get(it.set_id or 0))]
    assert sum(group.images for group in groups) == len(used) - len(reg)


@given(GROUPS, NUMBERS)
def test_shares_make_a_whole_and_everybody_is_shown(
    groups: list[Group], settings: ProjectSettings
) -> None:
    plan = plan_repeats(groups, settings)
    assert [row.group for row in plan.rows] == groups
    assert all(1 <= row.repeats <= MAX_REPEATS * 40 for row in plan.rows)
    assert all(row.steps == row.repeats * row.group.images for row in plan.rows)
    assert plan.total == sum(row.steps for row in plan.rows)
    assert sum(row.share for row in plan.rows) == (1 if groups else 0)


@given(GROUPS)
def test_double_is_at_least_double_or_says_that_it_can_not_be(groups: list[Group]) -> None:
    plan = plan_repeats(groups, DOUBLE)
    doubled = steps(plan, Rating.PRIMARY) >= 2 * steps(plan, Rating.SUPPORTING)
    assert doubled == (not plan.findings)


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_double_takes_no_more_repeats_than_it_must(own: int, others: int) -> None:
    first, second = plan_repeats([primaries(own), supporting(others)], DOUBLE).rows
    assert second.repeats == 1
    if 2 * others <= own * MAX_REPEATS:
        assert first.repeats == -(-2 * others // own)
