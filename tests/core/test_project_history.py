"""Going through the history of a project: labels, any earlier or later state, what is final.

One file, because its tests go through the same made histories.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core import caption_edits, edits
from curator.core.edits import Edit
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.records import Image, Rating
from curator.core.store.changes import StaleEdit
from tests.helpers.projects import dump, fill, made_backups


def caption(project: Project, text: str, ids: tuple[int, ...] = (1,), group: str = "") -> None:
    edit = caption_edits.set_caption(project.images(ids), text)
    project.apply(replace(edit, label=text, group=group))


def captions(project: Project) -> list[str]:
    return [image.caption for image in project.images(range(1, 10))]


def remove(project: Project, *ids: int) -> None:
    project.apply(edits.remove_images(project.images(ids)))


def forget(project: Project, *ids: int, group: str = "emptying") -> int:
    forgotten = project.forget(ids, lambda _image: True, group)
    project.seal_history()
    return forgotten


# -- labels


def test_the_next_undo_and_redo_are_named(project: Project) -> None:
    assert (project.undo_label(), project.redo_label()) == (None, None)
    fill(project, 1)
    caption(project, "a")
    caption(project, "b")
    assert (project.undo_label(), project.redo_label()) == ("b", None)
    project.undo()
    assert (project.undo_label(), project.redo_label()) == ("a", "b")
    project.undo()
    project.undo()
    assert (project.undo_label(), project.redo_label()) == (None, "Import 1 image")


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["", "job 1", "job 2"])),
        st.sampled_from(["undo", "undo", "redo"]),
        st.integers(0, 12),
    ),
    max_size=25,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=_STEPS)
def test_undo_and_redo_do_what_their_labels_say_wherever_one_goes(
    tmp_path_factory: pytest.TempPathFactory, steps: list[object]
) -> None:
    with Project.create(tmp_path_factory.mktemp("p") / "p") as project:
        fill(project, 3)
        for number, step in enumerate(steps):
            if step == "undo":
                assert project.undo_label() == project.undo()
            elif step == "redo":
                assert project.redo_label() == project.redo()
            elif isinstance(step, tuple):
                image = number % 3 + 1
                edit = caption_edits.set_caption(project.images([image]), f"{step[0]} {number}")
                project.apply(replace(edit, label=f"{number}", group=step[1]))
            elif isinstance(step, int):
                _go_somewhere(project, step)


def _go_somewhere(project: Project, choice: int) -> None:
    entries = project.history(1000)
    target = entries[choice % len(entries)].id if choice else 0
    project.go_to(target)
    after = {entry.id: entry.undone for entry in project.history(1000)}
    assert not after.get(target, False)
    before = dump(project)
    assert project.go_to(target) == 0
    assert dump(project) == before
    if not target:
        assert all(after.values())


# -- going to a state


def test_any_state_is_one_call_away_and_every_edit_is_heard(project: Project) -> None:
    fill(project, 1)
    for text in "abc":
        caption(project, text)
    heard: list[str] = []
    project.subscribe(lambda edit: heard.append(edit.label))
    assert project.go_to(2) == 2
    assert captions(project) == ["a"]
    assert project.go_to(4) == 2
    assert captions(project) == ["c"]
    assert project.go_to(0) == 4
    assert list(project.select()) == []
    assert project.go_to(4) == 4
    assert captions(project) == ["c"]
    back, forth = ["c", "b", "a", "Import 1 image"], ["Import 1 image", "a", "b", "c"]
    assert heard == [*back[:2], *forth[2:], *back, *forth]


def test_a_group_is_one_step_that_is_taken_or_left_whole(project: Project) -> None:
    fill(project, 3)
    for id_ in (1, 2, 3):
        caption(project, "tagged", (id_,), group="job")
    caption(project, "typed")
    assert project.go_to(3) == 1
    assert captions(project) == ["tagged", "tagged", "tagged"]
    assert project.go_to(1) == 1
    assert captions(project) == ["", "", ""]
    assert project.go_to(2) == 1
    assert captions(project) == ["tagged", "tagged", "tagged"]


def test_a_step_that_left_the_history_is_refused_with_a_sentence(project: Project) -> None:
    fill(project, 1)
    caption(project, "a")
    project.undo()
    caption(project, "b")
    with pytest.raises(UserError, match="not in the history any more"):
        project.go_to(2)
    assert captions(project) == ["b"]


# -- what is final


def test_forgotten_images_are_gone_and_the_history_says_that_undo_ends_there(
    project: Project,
) -> None:
    fill(project, 3, ["one", "two", "three"])
    caption(project, "mine alone", (2,))
    remove(project, 1, 2)
    heard: list[Edit] = []
    project.subscribe(heard.append)
    assert forget(project, 1, 2) == 2
    assert [edit.final for edit in heard] == [True]
    assert captions(project) == ["three"]
    assert project.known(f"{1:064x}") == {}
    assert list(project.select("is:removed")) == []
    assert project.mirrors_due(10) == [3]
    told = [(entry.label, entry.final) for entry in project.history()]
    assert told == [
        ("Empty the trash: 2 images", True),
        ("Remove 2 images", True),  # there is nothing left that it was about
        ("mine alone", True),
        ("Import 3 images", False),
    ]
    assert project.undo_label() == "Import 3 images"
    assert project.undo() == "Import 3 images"
    assert list(project.select()) == []
    assert project.redo() == "Import 3 images"
    assert captions(project) == ["three"]
    assert project.redo_label() is None


def test_only_what_is_removed_by_then_is_forgotten(project: Project) -> None:
    fill(project, 3)
    remove(project, 1, 2)
    project.apply(edits.restore_images(project.images([2])))
    asked: list[int] = []

    def let_go(image: Image) -> bool:
        asked.append(image.id)
        return True

    assert project.forget([1, 2, 3, 99], let_go, "emptying") == 1
    assert asked == [1]
    assert [image.id for image in project.images([1, 2, 3])] == [2, 3]


def test_an_image_whose_files_stay_keeps_its_record_and_its_undo(project: Project) -> None:
    fill(project, 2)
    remove(project, 1, 2)
    project.forget([1, 2], lambda image: image.id == 1, "emptying")
    project.seal_history()
    assert project.undo_label() == "Remove 2 images"
    project.undo()
    assert list(project.select()) == [2]


def test_edits_made_before_an_emptying_are_undone_for_what_remains(project: Project) -> None:
    images = fill(project, 4, ["a", "b", "c", "d"])
    project.apply(edits.set_rating(images, Rating.PRIMARY))
    caption(project, "together", (1, 2, 3, 4))
    remove(project, 1, 3)
    forget(project, 1, 3)
    caption(project, "after", (2,))
    assert [project.undo() for _ in range(3)] == ["after", "together", "Rate 4 images primary"]
    assert [(i.id, i.rating, i.caption) for i in project.images(range(9))] == [
        (2, 0, "b"),
        (4, 0, "d"),
    ]
    assert [project.redo() for _ in range(3)] == ["Rate 4 images primary", "together", "after"]
    assert captions(project) == ["after", "together"]
    assert dump(project)["tags"] == [(2, "after"), (4, "together")]


def test_one_goes_past_a_final_entry_and_it_stays(project: Project) -> None:
    fill(project, 2)
    caption(project, "before", (2,))
    remove(project, 1)
    forget(project, 1)
    caption(project, "after", (2,))
    final = project.history()[1].id
    assert project.go_to(1) == 2
    assert captions(project) == [""]
    assert project.go_to(final) == 1
    assert captions(project) == ["before"]
    assert project.go_to(project.history()[0].id) == 1
    assert captions(project) == ["after"]
    assert project.go_to(final) == 1
    assert project.go_to(0) == 2
    assert [e.undone for e in project.history()] == [True, False, False, True, True]
    assert project.history()[1].final


def test_emptying_ends_redo(project: Project) -> None:
    fill(project, 2)
    remove(project, 1)
    caption(project, "undone", (2,))
    project.undo()
    forget(project, 1)
    assert project.redo_label() is None
    assert project.redo() is None


def test_a_group_of_which_a_part_is_gone_is_still_one_step(project: Project) -> None:
    fill(project, 3)
    for id_ in (1, 2, 3):
        caption(project, "tagged", (id_,), group="job")
    remove(project, 2)
    forget(project, 2)
    assert project.undo() == "tagged"
    assert captions(project) == ["", ""]
    assert project.redo() == "tagged"
    assert captions(project) == ["tagged", "tagged"]


def test_an_emptying_that_was_cut_off_still_lets_undo_and_redo_through(project: Project) -> None:
    fill(project, 2)
    caption(project, "of one", (1,))
    remove(project, 1)
    project.forget([1], lambda _image: True, "emptying")  # and killed before the history is sealed
    heard: list[Edit] = []
    project.subscribe(heard.append)
    assert [project.undo() for _ in range(3)] == ["Remove 1 image", "of one", "Import 2 images"]
    assert [project.redo() for _ in range(3)] == ["Import 2 images", "of one", "Remove 1 image"]
    assert list(project.select()) == [2]
    assert [edit.label for edit in heard] == ["Import 2 images"] * 2


def test_an_edit_of_a_forgotten_image_is_stale(project: Project) -> None:
    images = fill(project, 1)
    remove(project, 1)
    forget(project, 1)
    with pytest.raises(StaleEdit, match="no image 1"):
        project.apply(caption_edits.set_caption(images, "too late"))


def test_ids_of_forgotten_images_are_not_given_again(project: Project) -> None:
    fill(project, 2)
    remove(project, 2)
    forget(project, 2)
    assert [image.id for image in fill(project, 1)] == [3]


def test_a_backup_comes_before_each_emptying(project: Project) -> None:
    fill(project, 4, ["kept in the backup"])
    remove(project, 1, 2)
    forget(project, 1, group="first")
    forget(project, 2, group="first")
    [backup] = made_backups(project)
    copy = sqlite3.connect(backup)
    assert copy.execute("SELECT caption FROM images WHERE id = 1").fetchone() == (
        "kept in the backup",
    )
    copy.close()


def test_no_file_goes_where_no_backup_can_be_made(project: Project) -> None:
    fill(project, 1)
    remove(project, 1)
    project.backups_dir.rmdir()
    project.backups_dir.write_text("a file in the way")
    asked: list[Image] = []
    with pytest.raises(UserError, match="backups could not be written"):
        project.forget([1], lambda image: not asked.append(image), "emptying")
    assert not asked


def test_a_copy_that_another_image_refers_to_stays(project: Project) -> None:
    fill(project, 3)
    remove(project, 1, 2)
    db = sqlite3.connect(project.root / "project.db")
    db.execute("UPDATE images SET path_folded = 'images/3.jpg' WHERE id = 1")
    db.commit()
    db.close()
    asked: list[int] = []
    assert project.forget([1, 2], lambda i: not asked.append(i.id), "emptying") == 2
    assert asked == [2]
    assert [image.id for image in project.images([1, 2, 3])] == [3]


def test_the_trash_counts_what_is_removed(project: Project) -> None:
    images = fill(project, 3)
    (project.images_dir / "1.jpg").write_bytes(b"x" * 500)
    (project.images_dir / "2.jpg").write_bytes(b"x" * 50)
    assert project.trash().ids == ()
    project.apply(edits.remove_images(images[:1]))
    db = sqlite3.connect(project.root / "project.db")
    db.execute("UPDATE images SET path = '/elsewhere/3.jpg', removed = 1 WHERE id = 3")
    db.commit()
    db.close()
    held = project.trash()
    assert (held.ids, held.copies, held.in_place, held.size_bytes) == ((1, 3), 1, 1, 500)
