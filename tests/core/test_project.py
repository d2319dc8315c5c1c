"""The one door: edits, undo, restarts, two windows, read-only disks.

One class, whose promises hold only together; its history has a file of its own.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from curator.core import caption_edits, edits
from curator.core.edits import Edit, FieldChange
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.project_folder import ProjectInUse
from curator.core.records import (
    Fact,
    ImageSet,
    ImportNote,
    MirrorState,
    MirrorWritten,
    Rating,
    RejectReason,
    SavedFilter,
)
from curator.core.store.changes import StaleEdit
from tests.helpers.processes import python_without_root
from tests.helpers.projects import dump, fill, new_image


def test_a_project_is_a_folder_that_can_be_moved(tmp_path: Path) -> None:
    with Project.create(tmp_path / "here") as project:
        fill(project, 2, ["a cat"])
    assert not list((tmp_path / "here").glob("project.db-*"))
    shutil.move(tmp_path / "here", tmp_path / "there")
    with Project.open(tmp_path / "there") as project:
        assert [i.caption for i in project.images(project.select())] == ["a cat", ""]
        assert not project.read_only


def test_a_folder_that_holds_something_does_not_become_a_project(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"mine")
    with pytest.raises(UserError, match="not empty"):
        Project.create(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["photo.jpg"]


def test_a_creation_that_was_cut_off_can_be_repeated(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "project.lock").touch()
    with Project.create(tmp_path) as project:
        assert len(project.select()) == 0


def test_a_creation_that_failed_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr("curator.core.store.schema.migrate", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Project.create(tmp_path / "p")
        assert not list((tmp_path / "p").iterdir())
    Project.create(tmp_path / "p").close()


def test_opening_what_is_no_project_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a Curator project"):
        Project.open(tmp_path)


def test_a_second_window_is_told_and_can_look(project: Project) -> None:
    fill(project, 1)
    with pytest.raises(ProjectInUse, match="another window"):
        Project.open(project.root)
    with Project.open(project.root, read_only=True) as second:
        assert len(second.select()) == 1
        with pytest.raises(UserError, match="reading only"):
            second.apply(caption_edits.set_caption(second.images([1]), "x"))
        project.apply(caption_edits.set_caption(project.images([1]), "seen by the other"))
        assert second.image(1).caption == "seen by the other"


def test_another_process_can_not_write_meanwhile(project: Project) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from curator.core.project import Project\n"
        "from curator.core.project_folder import ProjectInUse\n"
        "try: Project.open(Path(sys.argv[1]))\n"
        "except ProjectInUse: sys.exit(7)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(project.root)], check=False)
    assert done.returncode == 7


def test_a_read_only_folder_can_be_looked_at(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        fill(project, 1)
    code = (
        "from pathlib import Path\n"
        "from curator.core.errors import UserError\n"
        "from curator.core.project import Project\n"
        "try: Project.open(Path('p'))\n"
        "except UserError as error: print(error)\n"
        "with Project.open(Path('p'), read_only=True) as look: print(len(look.select()))\n"
    )
    for entry in (tmp_path / "p", *(tmp_path / "p").iterdir()):
        entry.chmod(entry.stat().st_mode & ~0o222)
    says = python_without_root(code, tmp_path).splitlines()
    assert "can't be written" in says[0]
    assert says[1] == "1"


def test_rating_undo_and_redo(project: Project) -> None:
    images = fill(project, 3)
    project.apply(edits.set_rating(images[:2], Rating.PRIMARY))
    assert [i.rating for i in project.images([1, 2, 3])] == [1, 1, 0]
    assert project.undo() == "Rate 2 images primary"
    assert [i.rating for i in project.images([1, 2, 3])] == [0, 0, 0]
    assert project.redo() == "Rate 2 images primary"
    assert [i.rating for i in project.images([1, 2, 3])] == [1, 1, 0]


def test_undo_survives_a_restart(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        images = fill(project, 2, ["one, two", "three"])
        before = dump(project)
        project.apply(caption_edits.set_caption(images, "four"))
        project.apply(edits.reject(project.images([1]), RejectReason.BLURRY))
    with Project.open(tmp_path / "p") as project:
        project.undo()
        project.undo()
        assert dump(project) == before
        assert project.undo() == "Import 2 images"
        assert project.undo() is None
        assert len(project.select()) == 0
    with Project.open(tmp_path / "p") as project:
        for _ in range(3):
            project.redo()
        assert project.redo() is None
        assert project.image(1).reject_reason == "blurry"
        assert project.image(2).caption == "four"


def test_a_new_edit_ends_redo(project: Project) -> None:
    images = fill(project, 1)
    project.apply(caption_edits.set_caption(images, "a"))
    project.undo()
    project.apply(caption_edits.set_caption(images, "b"))
    assert project.redo() is None
    assert project.image(1).caption == "b"


def test_a_stale_edit_is_refused_whole(project: Project) -> None:
    images = fill(project, 3)
    late = caption_edits.set_caption(images, "late")
    project.apply(caption_edits.set_caption(images[2:], "typed meanwhile"))
    before = dump(project)
    with pytest.raises(StaleEdit, match="typed meanwhile"):
        project.apply(late)
    assert dump(project) == before
    assert project.history()[0].label == "Caption 1 image"


def test_an_edit_of_an_unknown_image_or_field_is_refused(project: Project) -> None:
    with pytest.raises(StaleEdit, match="no image 9"):
        project.apply(Edit("x", (FieldChange("image", 9, "rating", 0, 1),)))
    fill(project, 1)
    with pytest.raises(ValueError, match="sha256"):
        project.apply(Edit("x", (FieldChange("image", 1, "sha256", "", "y"),)))


def test_one_undo_takes_a_whole_group_and_leaves_other_edits(project: Project) -> None:
    images = fill(project, 3)
    project.apply(Edit("tagger", caption_edits.set_caption(images[:1], "a").changes, "job"))
    project.apply(edits.set_rating(images[2:], Rating.PRIMARY))
    project.apply(Edit("tagger", caption_edits.set_caption(images[1:2], "b").changes, "job"))
    assert project.undo() == "tagger"
    assert [i.caption for i in project.images([1, 2, 3])] == ["", "", ""]
    assert project.image(3).rating == 1
    assert project.redo() == "tagger"
    assert [i.caption for i in project.images([1, 2, 3])] == ["a", "b", ""]


def test_undo_of_a_group_never_overruns_a_later_edit_of_the_same_field(project: Project) -> None:
    images = fill(project, 2)
    project.apply(Edit("tagger", caption_edits.set_caption(images[:1], "a").changes, "job"))
    project.apply(caption_edits.set_caption(project.images([1]), "mine"))
    project.apply(Edit("tagger", caption_edits.set_caption(images[1:], "b").changes, "job"))
    project.undo()
    assert [i.caption for i in project.images([1, 2])] == ["mine", ""]
    project.undo()
    assert [i.caption for i in project.images([1, 2])] == ["a", ""]
    project.undo()
    assert [i.caption for i in project.images([1, 2])] == ["", ""]


def test_listeners_hear_after_the_commit_and_may_not_edit(project: Project) -> None:
    heard: list[tuple[str, int]] = []
    leave = project.subscribe(lambda edit: heard.append((edit.label, project.image(1).rating)))
    images = fill(project, 1)
    project.apply(edits.set_rating(images, Rating.PRIMARY))
    project.undo()
    assert heard == [
        ("Import 1 image", 0),
        ("Rate 1 image primary", 1),
        ("Rate 1 image primary", 0),
    ]
    leave()
    project.subscribe(lambda _edit: project.apply(caption_edits.set_caption(images, "no")))
    with pytest.raises(RuntimeError, match="never edit"):
        project.apply(edits.set_rating(images, Rating.SUPPORTING))


def test_settings_are_checked_kept_and_undone(project: Project) -> None:
    project.change_settings({"trigger": "fr3dd1e", "class": "man", "resolution": "768"})
    assert (project.settings.trigger, project.settings.class_word) == ("fr3dd1e", "man")
    with pytest.raises(UserError, match="Did you mean trigger"):
        project.change_settings({"triger": "x"})
    with pytest.raises(UserError, match="64 to 4096"):
        project.change_settings({"resolution": "12"})
    with pytest.raises(UserError, match="plain, double"):
        project.change_settings({"balance": "triple"})
    project.undo()
    assert project.settings.trigger == ""
    assert project.settings.resolution == 512


def test_sets_are_made_renamed_filled_and_deleted(project: Project) -> None:
    images = fill(project, 2)
    armour = ImageSet(project.new_set_id(), "armour", trigger="arm0r", repeats=3)
    project.apply(edits.create_set(armour))
    project.apply(edits.assign_to_set(images, armour))
    assert project.sets() == [armour]
    assert {i.set_id for i in project.images([1, 2])} == {armour.id}
    with pytest.raises(UserError, match="already a set"):
        project.apply(edits.create_set(ImageSet(project.new_set_id(), "Armour")))
    project.undo()
    project.undo()
    assert project.sets() == []
    assert project.set_named("ARMOUR") is None
    project.redo()
    assert project.set_named("ARMOUR") == armour


def test_saved_filters_are_kept(project: Project) -> None:
    mine = SavedFilter(project.new_filter_id(), "wide ones", "ratio:>1.5")
    project.apply(edits.save_filter(mine))
    assert project.filters() == [mine]
    project.undo()
    assert project.filters() == []


def test_facts_are_outside_undo(project: Project) -> None:
    project.record([Fact("hash", "abc", b"1"), ImportNote(1, 5.0, ("/a",), licence="CC0")])
    project.record([Fact("hash", "abc", b"2")])
    assert project.facts("hash", ["abc", "other"]) == {"abc": b"2"}
    assert project.imports()[0].licence == "CC0"
    assert project.undo() is None


def test_what_must_be_mirrored_is_in_the_database_until_written(project: Project) -> None:
    images = fill(project, 2, ["a caption"])
    assert project.mirrors_due(10) == [1]
    project.apply(edits.set_rating(images[1:], Rating.PRIMARY))
    assert project.mirrors_due(10) == [1, 2]
    old = project.image(2)
    project.apply(caption_edits.set_caption(project.images([2]), "typed while it was written"))
    state = MirrorState(1, "caption", "d1")
    numbers = project.settings.rating_numbers
    project.record([MirrorWritten(images[0], (state,), numbers), MirrorWritten(old, (), numbers)])
    assert project.mirrors_due(10) == [2]
    assert project.mirror_states([1]) == {(1, "caption"): state}


def test_other_numbers_for_ratings_make_every_mirror_of_one_due(project: Project) -> None:
    images = fill(project, 4, ["a caption"])
    project.apply(edits.set_rating(images[1:2], Rating.PRIMARY))
    project.apply(edits.reject(images[2:3]))
    numbers = project.settings.rating_numbers

    def written(numbers: tuple[int, int, int]) -> list[int]:
        """What is still due when all is noted as written with these numbers."""
        now = project.images(project.mirrors_due(10))
        project.record([MirrorWritten(image, (), numbers) for image in now])
        return project.mirrors_due(10)

    assert written(numbers) == []
    project.change_settings({"xmp_primary": "5"})
    assert project.mirrors_due(10) == [2, 3]
    assert written(numbers) == [2, 3]  # by a job that had read the old numbers
    assert written(project.settings.rating_numbers) == []
    project.undo()
    assert project.mirrors_due(10) == [2, 3]
    project.change_settings({"trigger": "fr3dd1e"})
    assert written(project.settings.rating_numbers) == []
    project.change_settings({"sidecars": "no"})
    assert project.mirrors_due(10) == []


def test_settings_that_contradict_each_other_are_refused_together(project: Project) -> None:
    project.change_settings({"xmp_primary": "5", "xmp_supporting": "1"})
    for wrong in ({"xmp_rejected": "5"}, {"xmp_supporting": "2", "xmp_rejected": "2"}):
        with pytest.raises(UserError, match="three different numbers"):
            project.change_settings(wrong)
    assert project.settings.rating_numbers == (5, 1, -1)


def test_known_content_is_found_by_hash_also_when_removed(project: Project) -> None:
    images = fill(project, 1)
    project.apply(edits.remove_images(images))
    assert list(project.known(images[0].sha256)) == [0]
    assert project.known(images[0].sha256)[0].removed
    assert project.known("f" * 64) == {}


def test_names_that_are_no_text_are_kept(project: Project) -> None:
    odd = os.fsdecode(b"caf\xe9 \xf0\x9f\x98\x80\n.jpg")
    ids = project.new_image_ids(1)
    project.apply(edits.add_images(ids), [new_image(1, name=odd, source="/in/" + odd)])
    assert project.image(1).source == "/in/" + odd


def test_ids_are_never_used_again(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        fill(project, 3)
        reserved = project.new_image_ids(2)
    db = sqlite3.connect(tmp_path / "p" / "project.db")
    db.execute("DELETE FROM images WHERE id = 3")
    db.commit()
    db.close()
    with Project.open(tmp_path / "p") as project:
        assert project.new_image_ids(1).start > 3
    assert list(reserved) == [4, 5]


def test_tag_counts_follow_captions_and_removal(project: Project) -> None:
    images = fill(project, 3, ["cat, hat", "cat", "cat, cat, dog"])
    assert project.tag_counts() == [("cat", 3), ("dog", 1), ("hat", 1)]
    project.apply(edits.remove_images(images[2:]))
    assert project.tag_counts() == [("cat", 2), ("hat", 1)]
