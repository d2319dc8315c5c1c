"""What a project withstands: odd text, edits that meet, threads, listeners that break."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from curator.core import caption_edits, edits
from curator.core.edits import Edit, FieldChange
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.query_tree import QueryError
from curator.core.records import ImageSet, ImportNote, SavedFilter
from curator.core.store.changes import StaleEdit
from tests.helpers.projects import fill, new_image

_HALF = "half a \ud83d racoon"


# -- odd text


@pytest.mark.parametrize("text", ["", "NUL \0, in it", "a\nline", "x" * 200_000, "🦝, Ünï, مرحبا"])
def test_any_text_is_kept_in_a_caption_to_the_letter(project: Project, text: str) -> None:
    images = fill(project, 1, ["before"])
    project.apply(caption_edits.set_caption(images, text))
    assert project.image(1).caption == text
    project.undo()
    project.redo()
    assert project.image(1).caption == text


def test_half_a_surrogate_pair_is_refused_with_a_sentence(project: Project) -> None:
    images = fill(project, 1)
    with pytest.raises(UserError, match="caption of image 1 holds a character"):
        project.apply(caption_edits.set_caption(images, _HALF))
    with pytest.raises(UserError, match="Trigger word holds"):
        project.change_settings({"trigger": _HALF})
    with pytest.raises(UserError, match="holds a line break"):
        edits.create_set(ImageSet(1, _HALF))
    with pytest.raises(UserError, match="holds a line break"):
        edits.save_filter(SavedFilter(1, "mine", _HALF))
    assert project.image(1).caption == ""


def test_half_a_surrogate_pair_in_an_imported_file_costs_one_character(project: Project) -> None:
    ids = project.new_image_ids(1)
    found = new_image(1, caption=_HALF, source_url="https://\udc00", name="\ud800.jpg")
    project.apply(edits.add_images(ids), [ImportNote(1, 1.0, (_HALF,)), found])
    assert project.image(1).caption == "half a \ufffd racoon"
    assert project.tag_counts() == [("half a \ufffd racoon", 1)]
    assert project.imports()[0].sources == (_HALF,)


@pytest.mark.parametrize("odd", ["two\nlines", "nul\0x", "a\u2028b"])
def test_names_and_triggers_are_one_line(project: Project, odd: str) -> None:
    with pytest.raises(UserError, match="line"):
        project.change_settings({"trigger": odd})
    for field in ("name", "trigger", "class_word"):
        with pytest.raises(UserError, match="line"):
            edits.create_set(replace(ImageSet(1, "hats"), **{field: odd}))


@pytest.mark.parametrize("evil", ["x'; DROP TABLE images; --", '" OR 1=1 --', "%_*?[a-z]"])
def test_no_text_is_ever_sql(project: Project, evil: str) -> None:
    images = fill(project, 2)
    one = ImageSet(project.new_set_id(), evil, trigger=evil)
    project.apply(edits.create_set(one))
    project.apply(caption_edits.set_caption(images[:1], evil))
    project.change_settings({"trigger": evil})
    for query in (evil, f'"{evil}"', f'set:"{evil}"', f'tag:"{evil}"', f"sort:{evil}"):
        with suppress(QueryError):
            project.select(query)
    with pytest.raises(ValueError, match="can't be edited"):
        project.apply(Edit("x", (FieldChange("image", 1, 'caption" = 1 --', "", evil),)))
    assert project.sets() == [one]
    assert len(project.select()) == 2


# -- edits that meet in a way no single builder makes them


def test_a_caption_changed_twice_in_one_edit_leaves_the_last_tags(project: Project) -> None:
    fill(project, 1, ["a"])
    texts = ["a", "a, b", "a", "b, c", "c"]
    changes = [FieldChange("image", 1, "caption", old, new) for old, new in pairwise(texts)]
    project.apply(Edit("twice", tuple(changes)))
    assert project.tag_counts() == [("c", 1)]
    project.undo()
    assert project.tag_counts() == [("a", 1)]


def test_names_differ_by_more_than_case_in_every_alphabet(project: Project) -> None:
    project.apply(edits.create_set(ImageSet(project.new_set_id(), "Übermut")))
    with pytest.raises(UserError, match="already a set"):
        project.apply(edits.create_set(ImageSet(project.new_set_id(), "üBERMUT")))
    project.apply(edits.save_filter(SavedFilter(project.new_filter_id(), "Öl", "a")))
    with pytest.raises(UserError, match="already a filter"):
        project.apply(edits.save_filter(SavedFilter(project.new_filter_id(), "öl", "b")))
    assert [one.name for one in project.sets()] == ["Übermut"]


def test_a_deleted_set_frees_its_pictures_and_one_undo_brings_all_back(project: Project) -> None:
    images = fill(project, 2)
    hats = ImageSet(project.new_set_id(), "hats")
    project.apply(edits.create_set(hats))
    project.apply(edits.assign_to_set(images, hats))
    project.apply(edits.change_set(hats, replace(hats, removed=True)))
    assert list(project.select("set:hats")) == []
    again = ImageSet(project.new_set_id(), "hats")
    project.apply(edits.create_set(again))
    assert list(project.select("set:hats")) == []
    project.undo()
    project.undo()
    assert list(project.select("set:hats")) == [1, 2]


def test_pictures_are_not_put_into_a_set_that_was_deleted_meanwhile(project: Project) -> None:
    images = fill(project, 1)
    hats = ImageSet(project.new_set_id(), "hats")
    project.apply(edits.create_set(hats))
    late = edits.assign_to_set(images, hats)
    project.apply(edits.change_set(hats, replace(hats, removed=True)))
    with pytest.raises(StaleEdit, match="set does not exist any more"):
        project.apply(late)
    assert project.image(1).set_id is None


# -- threads, listeners, closing


def test_a_listener_that_breaks_keeps_no_other_from_hearing(project: Project) -> None:
    heard: list[str] = []

    def breaks(_edit: Edit) -> None:
        raise RuntimeError("a widget is gone")

    project.subscribe(breaks)
    project.subscribe(lambda edit: heard.append(edit.label))
    ids = project.new_image_ids(1)
    with pytest.raises(RuntimeError, match="a widget is gone"):
        project.apply(edits.add_images(ids), [new_image(1)])
    assert heard == ["Import 1 image"]
    assert list(project.select()) == [1]


def test_a_listener_can_not_close_the_project(project: Project) -> None:
    project.subscribe(lambda _edit: project.close())
    with pytest.raises(RuntimeError, match="never edit or close"):
        fill(project, 1)
    assert list(project.select()) == [1]


def test_closing_twice_does_nothing_and_what_follows_is_a_sentence(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p")
    images = fill(project, 1)
    project.close()
    project.close()
    with pytest.raises(UserError, match="was closed"):
        project.apply(caption_edits.set_caption(images, "late"))
    with pytest.raises(UserError, match="was closed"):
        project.select()


def test_what_was_submitted_before_closing_is_written(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p")
    images = fill(project, 50)
    waiting = [project.submit(caption_edits.set_caption([image], "in time")) for image in images]
    project.close()
    assert all(future.done() and future.exception() is None for future in waiting)
    with Project.open(tmp_path / "p") as again:
        assert {i.caption for i in again.images(again.select())} == {"in time"}


def test_many_threads_write_and_read_at_once(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p")
    fill(project, 8)
    problems: list[BaseException] = []
    given: list[int] = []

    def work(image_id: int) -> None:
        try:
            for turn in range(15):
                project.apply(caption_edits.set_caption(project.images([image_id]), f"turn {turn}"))
                given.append(project.new_set_id())
                assert len(project.select("turn")) >= 1
        except BaseException as error:  # noqa: BLE001 - a thread's failure is told by the test
            problems.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(set(given)) == 8 * 15
    assert {i.caption for i in project.images(project.select())} == {"turn 14"}
    project.close()


def test_closing_under_reading_threads_ends_them_with_a_sentence(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p")
    fill(project, 200, ["a caption"])
    ends: list[BaseException] = []
    begun = threading.Barrier(5)

    def read() -> None:
        begun.wait()
        try:
            while True:
                project.images(project.select("caption"))
        except BaseException as error:  # noqa: BLE001 - what it is the test asserts
            ends.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    begun.wait()
    project.close()
    for thread in threads:
        thread.join(20)
    assert [str(end) for end in ends] == [f"{project.root} was closed. Open it again."] * 4
    assert not list(project.root.glob("project.db-*"))
