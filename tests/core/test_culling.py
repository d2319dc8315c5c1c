"""How long the rest takes, and which picture comes next."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from curator.core import edits
from curator.core.culling import BREAK_S, Pace, next_undecided, waiting, waiting_query
from curator.core.project import Project
from curator.core.records import ImageSet, SetKind
from tests.helpers.projects import fill


def pace(moments: Iterable[float]) -> Pace:
    kept = Pace()
    for moment in moments:
        kept.decided(moment)
    return kept


def test_two_decisions_say_nothing_yet() -> None:
    assert pace([]).left_s(100) is None
    assert pace([5, 7]).left_s(100) is None
    assert pace([5, 7, 9]).left_s(100) == 200


def test_the_median_counts_so_that_one_hard_picture_does_not() -> None:
    assert pace([0, 1, 2, 3, 25, 26]).left_s(10) == 10


def test_a_break_does_not_count() -> None:
    assert pace([0, 2, 2 + BREAK_S + 1]).left_s(10) is None
    assert pace([0, 2, 4, 5000, 5002, 5004]).left_s(10) == 20


def test_only_the_last_decisions_count() -> None:
    slow, fast = [10.0 * n for n in range(30)], [300 + 1.0 * n for n in range(30)]
    assert pace([*slow, *fast]).left_s(10) == 10


IDS = st.lists(st.integers(1, 30), unique=True)


@given(IDS, st.sets(st.integers(1, 30)), st.integers(-1, 30))
def test_the_next_undecided_one_is_the_nearest_below_or_else_the_first_from_the_top(
    ids: list[int], undecided: set[int], after_row: int
) -> None:
    rows = [row for row, id_ in enumerate(ids) if id_ in undecided]
    below = [row for row in rows if row > after_row]
    expected = below[0] if below else rows[0] if rows else None
    assert next_undecided(ids, undecided, after_row) == expected


def test_regularization_pictures_wait_for_no_decision(project: Project) -> None:
    images = fill(project, 5)
    reg = ImageSet(project.new_set_id(), 'all "dogs"', SetKind.REGULARIZATION)
    outfit = ImageSet(project.new_set_id(), "coat")
    for one, some in ((reg, images[:2]), (outfit, images[2:3])):
        project.apply(edits.create_set(one, some))
    project.apply(edits.reject(images[4:]))
    sets = {one.id: one for one in project.sets()}
    assert waiting(project.group_counts(), sets) == 2
    assert list(project.select(waiting_query(sets.values()))) == [3, 4]
