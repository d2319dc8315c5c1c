"""Random edits, undo and redo in any order: what stands is what the edits that are left make."""

from __future__ import annotations

import json
import random
import sqlite3
import zlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core import caption_edits, edits
from curator.core.edits import FIELDS, Edit
from curator.core.project import Project
from curator.core.recipe import Turn
from curator.core.records import Image, ImageSet, Rating, RejectReason
from tests.helpers.projects import dump, fill


class _Machine:
    """Random edits through the builders, as a user and jobs would make them."""

    texts = ("", "cat", "cat, hat", "a dog (big:1.2), hat", "Ünïcode, 🦝, cat")

    def __init__(self, project: Project) -> None:
        self.project = project

    def make(self, choice: tuple[int, int, int]) -> Edit:
        what, who, how = choice
        images = self.project.images([1 + (who + n) % 5 for n in range(1 + how % 3)])
        sets = self.project.sets()
        return [
            lambda: edits.set_rating(images, Rating(how % 3)),
            lambda: edits.reject(images, list(RejectReason)[how % 7]),
            lambda: edits.unreject(images),
            lambda: caption_edits.set_caption(images, self.texts[how % 5]),
            lambda: edits.remove_images(images),
            lambda: edits.restore_images(images),
            lambda: edits.turn_images(images, Turn(how % 4)),
            lambda: self._set_edit(sets, how),
            lambda: edits.assign_to_set(images, sets[how % len(sets)] if sets else None),
        ][what]()

    def _set_edit(self, sets: list[ImageSet], how: int) -> Edit:
        if len(sets) < 3:
            new = self.project.new_set_id()
            return edits.create_set(ImageSet(new, f"set {new}", repeats=how % 4 + 1))
        return edits.change_set(sets[how % 3], _renamed(sets[how % 3], how))


def _renamed(old: ImageSet, how: int) -> ImageSet:
    return replace(old, name=f"set {old.id} renamed {how}")


_CHOICE = st.tuples(st.integers(0, 8), st.integers(0, 4), st.integers(0, 30))


def _undo_all(project: Project, keep: int) -> None:
    while [h for h in project.history(10_000) if not h.undone][keep:]:
        project.undo()


def _redo_all(project: Project) -> None:
    while project.redo() is not None:
        pass


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(choices=st.lists(st.tuples(_CHOICE, st.integers(0, 3)), max_size=30))
def test_random_edits_undone_give_the_first_state_and_redone_the_last(
    tmp_path_factory: pytest.TempPathFactory, choices: list[tuple[tuple[int, int, int], int]]
) -> None:
    with Project.create(tmp_path_factory.mktemp("p") / "p") as project:
        fill(project, 5, _Machine.texts)
        _check_round_trip(project, choices)


def _check_round_trip(project: Project, choices: list[tuple[tuple[int, int, int], int]]) -> None:
    machine = _Machine(project)
    first = dump(project)
    for choice, group in choices:
        edit = machine.make(choice)
        project.apply(Edit(edit.label, edit.changes, f"job {group}" if group else ""))
        assert_index_true(project)
    last = dump(project)
    _undo_all(project, keep=1)
    assert dump(project) == first
    _redo_all(project)
    assert dump(project) == last


def assert_index_true(project: Project) -> None:
    """The tag table is what the captions say."""
    found = dump(project)["tags"]
    said = {
        (image.id, tag.strip())
        for image in _all_images(project)
        for tag in image.caption.split(",")
        if tag.strip()
    }
    assert set(found) == said


def _all_images(project: Project) -> list[Image]:
    return project.images(range(1, 6))


def _fields(project: Project) -> dict[tuple[str, int | str, str], object]:
    """Each field that can be edited, of every record there is."""
    db = sqlite3.connect(project.root / "project.db")
    db.row_factory = sqlite3.Row
    found = {
        (record, row["id"], field): row[field]
        for record, table in (("image", "images"), ("set", "sets"))
        for row in db.execute(f"SELECT * FROM {table}")
        for field in FIELDS[record]
    }
    db.close()
    return found


def _replayed(
    project: Project, first: dict[tuple[str, int | str, str], object]
) -> dict[tuple[str, int | str, str], object]:
    """What the edits that are not undone make of the first state, one after the other."""
    db = sqlite3.connect(project.root / "project.db")
    rows = db.execute("SELECT changes FROM journal WHERE undone = 0 ORDER BY id").fetchall()
    db.close()
    state = dict(first)
    for (packed,) in rows[1:]:
        for record, id_, field, old, new in json.loads(zlib.decompress(packed)):
            assert state.setdefault((record, id_, field), _NEW_SET.get(field)) == old
            state[record, id_, field] = new
    return state


_NEW_SET = {
    "name": "",
    "kind": "concept",
    "trigger": "",
    "class_word": "",
    "repeats": None,
    "removed": 1,
}
_STEP = st.one_of(
    st.tuples(_CHOICE, st.integers(0, 3)),
    st.sampled_from(["undo", "undo", "redo", "there and back"]),
)


def _take(project: Project, machine: _Machine, step: object) -> None:
    if step == "undo" and len([h for h in project.history(10_000) if not h.undone]) > 1:
        project.undo()
    elif step == "redo":
        project.redo()
    elif step == "there and back":
        before = dump(project)
        assert project.undo() == project.redo()
        assert dump(project) == before
    elif isinstance(step, tuple):
        choice, group = step
        edit = machine.make(choice)
        project.apply(Edit(edit.label, edit.changes, f"job {group}" if group else ""))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(_STEP, max_size=40))
def test_undo_and_redo_at_any_moment_leave_what_the_edits_that_stand_make_of_the_start(
    tmp_path_factory: pytest.TempPathFactory, steps: list[object]
) -> None:
    with Project.create(tmp_path_factory.mktemp("p") / "p") as project:
        fill(project, 5, _Machine.texts)
        machine, start, first = _Machine(project), _fields(project), dump(project)
        for step in steps:
            _take(project, machine, step)
            wanted, found = _replayed(project, start), _fields(project)
            assert found == {key: wanted.get(key, _NEW_SET.get(key[2])) for key in found}
            assert wanted.keys() <= found.keys()
            assert_index_true(project)
        _undo_all(project, keep=1)
        assert dump(project) == first


def test_a_thousand_random_edits_undone_give_the_first_state(project: Project) -> None:
    rng = random.Random(5)
    fill(project, 5, _Machine.texts)
    machine = _Machine(project)
    first = dump(project)
    made = 0
    while made < 1000:
        edit = machine.make((rng.randrange(9), rng.randrange(5), rng.randrange(31)))
        if edit:
            project.apply(edit)
            made += 1
    last = dump(project)
    _undo_all(project, keep=1)
    assert dump(project) == first
    _redo_all(project)
    assert dump(project) == last


def test_an_edit_of_many_texts_is_taken_back_to_the_letter(project: Project) -> None:
    odd = ('a "quoted" [b], {c}', "\\, ]", "käse\n猫, 😀", "", "],[", "x" * 3000)
    images = fill(project, 450, [odd[n % len(odd)] for n in range(450)])
    before = dump(project)
    captions = {image: f"{odd[-1 - n % len(odd)]}, {n}" for n, image in enumerate(images)}
    project.apply(caption_edits.change_captions("Write", captions, "rule"))
    after = dump(project)
    project.undo()
    assert dump(project) == before
    project.redo()
    assert dump(project) == after
