"""Entries of the journal as the steps that people took."""

from __future__ import annotations

from curator.core import caption_edits, edits
from curator.core.history_steps import BEGINNING, HistoryStep, steps_of
from curator.core.project import Project
from curator.core.records import HistoryEntry, Rating
from tests.helpers.projects import fill


def entry(id_: int, group: str = "", **found: bool) -> HistoryEntry:
    flags = {"undone": False, "final": False} | found
    return HistoryEntry(id_, f"step {id_}", group, 100.0 + id_, changes=2, **flags)


def shown(steps: list[HistoryStep]) -> list[tuple[int, int, bool]]:
    return [(step.entry_id, step.changes, step.is_now) for step in steps]


def test_a_group_is_one_step() -> None:
    entries = [entry(5), entry(4, "import"), entry(3, "import"), entry(2, "other"), entry(1)]
    assert shown(steps_of(entries, whole=False)) == [
        (5, 2, True),
        (4, 4, False),
        (2, 2, False),
        (1, 2, False),
    ]


def test_the_present_is_the_newest_that_is_not_undone() -> None:
    entries = [entry(3, undone=True), entry(2), entry(1)]
    assert [step.is_now for step in steps_of(entries, whole=True)] == [False, True, False, False]


def test_with_all_undone_the_present_is_the_beginning() -> None:
    beginning = steps_of([entry(1, undone=True)], whole=True)[-1]
    assert (beginning.entry_id, beginning.is_now) == (BEGINNING, True)
    assert shown(steps_of([], whole=True)) == [(BEGINNING, 0, True)]


def test_every_step_can_be_gone_to_and_is_then_the_present(project: Project) -> None:
    images = fill(project)
    project.apply(edits.Edit("a", edits.set_rating(images, Rating.PRIMARY).changes, "g"))
    project.apply(edits.Edit("a", caption_edits.set_caption(images, "cat").changes, "g"))
    project.apply(edits.reject(project.images([1])))
    for step in steps_of(project.history(), whole=True):
        project.go_to(step.entry_id)
        now = next(one for one in steps_of(project.history(), whole=True) if one.is_now)
        assert now.entry_id == step.entry_id
