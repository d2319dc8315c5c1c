"""What a project withstands from outside: killed processes, copies, damage, no room for backups."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PureWindowsPath

import pytest

from curator.core import caption_edits, edits
from curator.core.errors import UserError
from curator.core.files import temp_path
from curator.core.project import Project
from curator.core.records import Rating
from curator.core.store import backups
from curator.core.store.changes import StaleEdit
from curator.core.store.connection import uri_of
from curator.core.store.writer import LARGE_EDIT
from tests.helpers.processes import python_without_root
from tests.helpers.projects import fill, made_backups


def _killed_while_open(root: Path, then: str = "") -> None:
    """Open the project in another process, run `then`, and kill it."""
    code = (
        "import os, signal; from pathlib import Path\n"
        "from curator.core import caption_edits\n"
        "from curator.core.project import Project\n"
        f"project = Project.open(Path({str(root)!r}))\n"
        f"{then}\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -9


# -- processes that were killed, copies, damage


def test_half_files_of_a_killed_process_are_swept_when_opened_next(tmp_path: Path) -> None:
    root = tmp_path / "p"
    Project.create(root).close()
    places = [root / "images", root / "cache" / "thumbnails" / "ab"]
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
    left = [place / ".curator-tmp-999999-abc" for place in places]
    for path in left:
        path.touch()
    Project.open(root).close()
    assert all(path.exists() for path in left)  # nobody was killed: no time is spent on looking
    _killed_while_open(root)
    with Project.open(root) as project:
        mine = temp_path(project.images_dir)
        mine.touch()
    assert [path for path in left if path.exists()] == []
    assert mine.exists()


def test_an_edit_outlives_the_process_that_is_killed_right_after(tmp_path: Path) -> None:
    root = tmp_path / "p"
    with Project.create(root) as project:
        fill(project, 1)
    _killed_while_open(
        root, "project.apply(caption_edits.set_caption(project.images([1]), 'kept'))"
    )
    shutil.copytree(root, tmp_path / "copy")  # with the log, as a file manager would
    for place in (root, tmp_path / "copy"):
        with Project.open(place) as project:
            assert project.image(1).caption == "kept"
            assert project.undo() == "Caption 1 image"


def test_a_copy_of_an_open_project_is_a_project_of_its_own(project: Project) -> None:
    fill(project, 2, ["shared"])
    shutil.copytree(project.root, project.root.parent / "copy")
    with Project.open(project.root.parent / "copy") as copy:
        copy.apply(caption_edits.set_caption(copy.images([1]), "of the copy"))
        assert project.image(1).caption == "shared"


def test_last_edits_in_a_read_only_folder_are_never_left_out_in_silence(tmp_path: Path) -> None:
    root = tmp_path / "p"
    with Project.create(root) as project:
        fill(project, 1)
    _killed_while_open(
        root, "project.apply(caption_edits.set_caption(project.images([1]), 'kept'))"
    )
    (root / "project.db-shm").unlink()
    for entry in (root, *root.iterdir()):
        entry.chmod(entry.stat().st_mode & ~0o222)
    code = (
        "from pathlib import Path\n"
        "from curator.core.errors import UserError\n"
        "from curator.core.project import Project\n"
        "try: print(Project.open(Path('p'), read_only=True).image(1).caption)\n"
        "except UserError as error: print(error)\n"
    )
    says = python_without_root(code, tmp_path)
    assert "kept" in says or "last edits" in says


def test_a_closed_folder_is_no_project_and_no_crash(tmp_path: Path) -> None:
    Project.create(tmp_path / "shut" / "p").close()
    code = (
        "from pathlib import Path\n"
        "from curator.core.errors import UserError\n"
        "from curator.core.project import Project\n"
        "for how in (Project.open, Project.create):\n"
        "    try: how(Path('shut/p'))\n"
        "    except UserError as error: print(error)\n"
    )
    (tmp_path / "shut").chmod(0)
    says = python_without_root(code, tmp_path)
    (tmp_path / "shut").chmod(0o755)
    assert "is not a Curator project" in says
    assert "can't be made" in says


def test_damage_met_while_reading_is_a_sentence_that_leads_to_the_backups(tmp_path: Path) -> None:
    root = tmp_path / "p"
    with Project.create(root) as project:
        fill(project, 300, ["a caption " * 50] * 300)
    whole = bytearray((root / "project.db").read_bytes())
    for page in range(60 * 4096, len(whole), 4096):
        whole[page : page + 4096] = os.urandom(4096)
    (root / "project.db").write_bytes(whole)
    with Project.open(root, read_only=True) as project:
        with pytest.raises(UserError, match="damaged") as caught:
            project.images(range(1, 301))
        assert "backups" in caught.value.hint
        assert "project.db-wal" in caught.value.hint  # an old log would spoil the backup


def test_a_backup_put_in_place_as_the_sentence_says_opens(tmp_path: Path) -> None:
    root = tmp_path / "p"
    with Project.create(root) as project:
        fill(project, 2, ["safe"])
    Project.open(root).close()  # makes the backup
    _killed_while_open(
        root, "project.apply(caption_edits.set_caption(project.images([2]), 'lost'))"
    )
    (root / "project.db").write_bytes(b"")
    for read_only in (True, False):
        with pytest.raises(UserError, match="database is empty"):
            Project.open(root, read_only=read_only)
    for name in ("project.db", "project.db-wal", "project.db-shm"):
        (root / name).unlink()
    shutil.copy(backups.existing(root / "backups")[-1], root / "project.db")
    with Project.open(root) as project:
        assert [i.caption for i in project.images(project.select())] == ["safe", ""]


@pytest.mark.parametrize(("version", "says"), [(99, "newer version"), (0, "older version")])
def test_a_look_at_another_version_is_refused(tmp_path: Path, version: int, says: str) -> None:
    Project.create(tmp_path / "p").close()
    db = sqlite3.connect(tmp_path / "p" / "project.db")
    db.execute(f"PRAGMA user_version = {version}")
    db.close()
    with pytest.raises(UserError, match=says):
        Project.open(tmp_path / "p", read_only=True)


# -- backups that can't be made


def test_a_large_edit_is_refused_with_a_sentence_where_no_backup_can_be_made(
    project: Project,
) -> None:
    images = fill(project, LARGE_EDIT)
    shutil.rmtree(project.backups_dir)
    project.backups_dir.write_text("a file in the way")
    with pytest.raises(UserError, match="backups could not be written"):
        project.apply(caption_edits.set_caption(images, "all the same"))
    assert project.image(1).caption == ""
    project.apply(edits.set_rating(images[:10], Rating.PRIMARY))
    project.backups_dir.unlink()
    project.apply(caption_edits.set_caption(project.images(project.select()), "all the same"))
    assert len(made_backups(project)) == 1


def test_a_backup_that_fails_behind_an_edit_is_told_on_closing_and_costs_no_edit(
    tmp_path: Path,
) -> None:
    root = tmp_path / "p"
    project = Project.create(root)
    images = fill(project, LARGE_EDIT)
    (root / "backups" / ".project-in-the-way.part").mkdir()
    for text in ("once", "twice"):
        edit = caption_edits.set_caption(images, text)
        project.apply(replace(edit, group="a job"))
        images = project.images(range(1, LARGE_EDIT + 1))
    with pytest.raises(UserError, match="backups could not be written"):
        project.close()
    (root / "backups" / ".project-in-the-way.part").rmdir()
    with Project.open(root) as project:
        assert project.image(LARGE_EDIT).caption == "twice"
        assert project.undo() is not None
        assert project.image(1).caption == ""


def test_a_large_edit_that_is_refused_leaves_no_backup(project: Project) -> None:
    images = fill(project, LARGE_EDIT)
    edit = caption_edits.set_caption(images, "mine")
    project.apply(caption_edits.set_caption(images[-1:], "somebody else's"))
    with pytest.raises(StaleEdit, match=f"The caption of image {LARGE_EDIT} is"):
        project.apply(edit)
    assert made_backups(project) == []
    assert project.image(1).caption == ""


def test_a_caption_is_not_changed_where_somebody_gave_its_tags_meanwhile(project: Project) -> None:
    [image] = fill(project, 1, ["a"])
    edit = caption_edits.change_captions("Rules", {image: "a, b"}, "rule")
    project.apply(edits.change_image("Sources", image, {"tag_sources": "\na,file,"}))
    with pytest.raises(StaleEdit, match="The tag_sources of image 1 is"):
        project.apply(edit)
    assert project.image(1).caption == "a"


def test_a_backup_that_fails_on_opening_is_told_on_closing_and_costs_no_edit(
    tmp_path: Path,
) -> None:
    root = tmp_path / "p"
    with Project.create(root) as project:
        fill(project, 1)
    (root / "backups" / ".project-in-the-way.part").mkdir()
    project = Project.open(root)
    project.apply(caption_edits.set_caption(project.images([1]), "kept"))
    with pytest.raises(UserError, match="backups could not be written"):
        project.close()
    (root / "backups" / ".project-in-the-way.part").rmdir()
    with Project.open(root) as project:
        assert project.image(1).caption == "kept"


def test_a_file_where_a_folder_of_the_project_should_be_is_a_sentence(tmp_path: Path) -> None:
    root = tmp_path / "p"
    Project.create(root).close()
    (root / "samples").rmdir()
    (root / "samples").touch()
    with pytest.raises(UserError, match="samples"):
        Project.open(root)
    (root / "samples").unlink()
    Project.open(root).close()
    assert (root / "samples").is_dir()


def test_nothing_edited_since_the_last_backup_needs_no_other(project: Project) -> None:
    images = fill(project, LARGE_EDIT)
    project.apply(caption_edits.set_caption(images, "one"))
    project.undo()
    project.redo()
    made = made_backups(project)
    project.undo()
    project.apply(caption_edits.set_caption(images, "two"))
    assert len(made_backups(project)) == len(made) + 1


def test_a_job_of_many_large_parts_makes_one_backup(project: Project) -> None:
    images = fill(project, LARGE_EDIT)
    for text in ("one", "two", "three"):
        edit = caption_edits.set_caption(images, text)
        project.apply(replace(edit, group="a job"))
        images = project.images(range(1, LARGE_EDIT + 1))
    assert len(made_backups(project)) == 1


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("C:/Users/Äpfel #1/project.db", "file:///C%3A/Users/%C3%84pfel%20%231/project.db?mode=ro"),
        ("//nas/share/p/project.db", "file:////nas/share/p/project.db?mode=ro"),
    ],
)
def test_a_share_of_a_server_is_named_as_sqlite_wants_it(path: str, uri: str) -> None:
    assert uri_of(PureWindowsPath(path), "mode=ro") == uri
