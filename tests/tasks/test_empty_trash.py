"""Emptying the trash: what goes where, what stays, and that no moment of it can lose anything.

One task with a stand-in for the system's trash, which all of its tests share.
"""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from curator.core.caption_edits import change_captions, set_caption
from curator.core.edits import remove_images, set_rating
from curator.core.errors import UserError
from curator.core.import_options import ImportOptions
from curator.core.jobs import Cancelled, Job
from curator.core.project import Project
from curator.core.records import Image, Rating
from curator.imaging.thumbnails import thumbnail_path
from curator.tasks import empty_trash as module
from curator.tasks.empty_trash import EmptiedReport, empty_trash
from curator.tasks.import_images import import_images
from curator.tasks.mirror_captions import mirror_captions
from tests.helpers.imported import bring_in
from tests.helpers.pictures import draw

pytestmark = pytest.mark.usefixtures("system_trash")


@pytest.fixture
def scraped(tmp_path: Path) -> Path:
    return tmp_path / "scraped"


def imported(project: Project, scraped: Path, count: int = 4) -> list[Image]:
    """Pictures with captions and ratings, mirrored beside their copies."""
    bring_in(project, scraped, {f"{n}.png": draw(n) for n in range(count)})
    images = project.images(project.select("sort:name"))
    project.apply(change_captions("Caption", {image: f"of {image.name}" for image in images}))
    project.apply(set_rating(project.images(project.select()), Rating.PRIMARY))
    mirror_captions(Job(), project)
    return project.images(project.select("sort:name"))


def remove(project: Project, *images: Image) -> None:
    project.apply(remove_images(project.images(image.id for image in images)))


def empty(project: Project) -> EmptiedReport:
    return empty_trash(Job(), project, project.trash().ids)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def thumbnail(project: Project, image: Image, recipe_key: str = "") -> Path:
    return thumbnail_path(project.cache_dir, image.sha256, image.frame, recipe_key)


def forge(project: Project, image: Image, **columns: object) -> None:
    db = sqlite3.connect(project.root / "project.db")
    for name, value in columns.items():
        db.execute(f"UPDATE images SET {name} = ? WHERE id = ?", (value, image.id))
    db.commit()
    db.close()


def test_copies_and_their_mirrors_go_to_the_system_trash_and_all_else_stays(
    project: Project, scraped: Path, system_trash: Path
) -> None:
    images = imported(project, scraped)
    size = sum((project.root / image.path).stat().st_size for image in images[:2])
    changed = thumbnail(project, images[0], "0123456789abcdef")
    changed.touch()
    remove(project, *images[:2])
    held = project.trash()
    assert (len(held.ids), held.copies, held.in_place, held.size_bytes) == (2, 2, 0, size)
    assert empty(project) == EmptiedReport(2, 2, size, ())
    assert names(system_trash) == {"0.png", "0.txt", "0.png.xmp", "1.png", "1.txt", "1.png.xmp"}
    assert names(project.images_dir) == {
        "2.png", "2.txt", "2.png.xmp", "3.png", "3.txt", "3.png.xmp",
    }  # fmt: skip
    assert names(scraped) == {"0.png", "1.png", "2.png", "3.png"}
    assert [thumbnail(project, image).exists() for image in images] == [False, False, True, True]
    assert not changed.exists()
    assert project.trash().ids == ()
    assert project.history()[0].label == "Empty the trash: 2 images"
    assert project.history()[0].final
    assert project.undo() == "Rate 4 images primary"
    assert {image.rating for image in project.images(project.select())} == {0}
    assert mirror_captions(Job(), project).outside == []
    assert empty(project) == EmptiedReport(0, 0, 0, ())


def test_pictures_in_place_are_only_forgotten(
    project: Project, scraped: Path, system_trash: Path
) -> None:
    scraped.mkdir()
    draw().save(scraped / "photo.png")
    import_images(Job(), project, [scraped], ImportOptions(in_place=True))
    [image] = project.images(project.select())
    project.apply(set_caption([image], "mirrored by id"))
    mirror_captions(Job(), project)
    remove(project, image)
    held = project.trash()
    assert (held.copies, held.in_place, held.size_bytes) == (0, 1, 0)
    assert empty(project) == EmptiedReport(1, 0, 0, ())
    assert names(scraped) == {"photo.png"}
    assert names(system_trash) == {f"{image.id}.txt"}
    assert names(project.images_dir) == set()


def test_the_same_file_imported_again_is_a_fresh_picture(
    project: Project, scraped: Path, system_trash: Path
) -> None:
    old, *_ = imported(project, scraped, 1)
    remove(project, old)
    empty(project)
    assert project.known(old.sha256) == {}
    [new] = bring_in(project, scraped, {}).values()
    assert new.id > old.id
    assert (new.caption, new.rating, new.path) == ("", 0, "images/0.png")
    assert (project.root / new.path).exists()
    assert thumbnail(project, new).exists()
    assert project.mirror_states([new.id]) == {}
    mirror_captions(Job(), project)
    assert names(project.images_dir) == {"0.png"}


def test_pictures_of_an_undone_import_are_in_the_trash_too(
    project: Project, scraped: Path, system_trash: Path
) -> None:
    bring_in(project, scraped, {f"{n}.png": draw(n) for n in range(2)})
    project.undo()
    assert empty(project).images == 2
    assert project.redo() is None
    assert names(system_trash) == {"0.png", "1.png"}


def test_what_was_brought_back_since_the_question_stays(
    project: Project, scraped: Path, system_trash: Path
) -> None:
    images = imported(project, scraped)
    remove(project, *images)
    asked = project.trash().ids
    project.undo()
    assert empty_trash(Job(), project, asked) == EmptiedReport(0, 0, 0, ())
    assert len(project.select()) == 4
    assert names(system_trash) == set()


def test_undo_during_an_emptying_brings_back_no_picture_without_its_file(
    project: Project, scraped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = imported(project, scraped)
    remove(project, *images)
    monkeypatch.setattr(module, "CHUNK", 2)

    class Undoing(Job):
        def progress(self, done: int, total: int, note: str = "") -> None:
            if done == 2:
                project.undo()

    report = empty_trash(Undoing(), project, project.trash().ids)
    assert report.images == 2
    left = project.images(project.select())
    assert len(left) == 2
    assert all((project.root / image.path).exists() for image in left)


@pytest.mark.parametrize("path", ["/../victim.png", "images/../victim.png", "images/a\\..\\b.png"])
def test_a_forged_record_is_forgotten_and_touches_nothing(
    project: Project, scraped: Path, system_trash: Path, tmp_path: Path, path: str
) -> None:
    image, *_ = imported(project, scraped, 1)
    remove(project, image)
    before = names(project.images_dir)
    victims = [tmp_path / "victim.png", project.root / "victim.png", tmp_path / "victim-0.jpg"]
    for victim in victims:
        victim.touch()
    forge(project, image, path=path, sha256="../../../../victim")
    assert empty(project) == EmptiedReport(1, 0, 0, ())
    assert all(victim.exists() for victim in victims)
    assert names(project.images_dir) == before
    assert names(system_trash) == set()


def test_a_folder_of_images_that_leads_out_is_left_alone(
    project: Project, scraped: Path, system_trash: Path, tmp_path: Path
) -> None:
    images = imported(project, scraped, 2)
    project.images_dir.rename(tmp_path / "elsewhere")
    project.images_dir.symlink_to(tmp_path / "elsewhere")
    remove(project, *images)
    assert empty(project) == EmptiedReport(2, 0, 0, ())
    assert len(names(tmp_path / "elsewhere")) == 6
    assert names(system_trash) == set()


def test_what_the_system_trash_does_not_take_stays_with_the_reason(
    project: Project, scraped: Path, system_trash: Path
) -> None:
    images = imported(project, scraped, 2)
    remove(project, *images)
    system_trash.parent.parent.mkdir(exist_ok=True)
    system_trash.parent.write_text("a file in the way")
    report = empty(project)
    assert (report.images, report.copies, len(report.kept)) == (0, 0, 2)
    assert report.kept[0].name == "0.png"
    assert report.kept[0].reason
    assert len(project.trash().ids) == 2
    assert project.undo_label() == "Remove 2 images"
    system_trash.parent.unlink()
    assert empty(project).images == 2


def test_a_cancelled_emptying_keeps_what_is_done(
    project: Project, scraped: Path, system_trash: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = imported(project, scraped)
    remove(project, *images)
    monkeypatch.setattr(module, "CHUNK", 1)
    parts: list[EmptiedReport] = []
    job = Job(on_part=parts.append)
    project.subscribe(lambda edit: job.cancel() if len(project.trash().ids) == 2 else None)
    with pytest.raises(Cancelled):
        empty_trash(job, project, project.trash().ids)
    assert [part.images for part in parts] == [2]
    assert len(project.trash().ids) == 2
    assert len(names(system_trash)) == 6
    assert project.undo() == "Remove 4 images"
    assert len(project.select()) == 2


def test_a_project_open_for_reading_is_refused(project: Project, scraped: Path) -> None:
    images = imported(project, scraped, 1)
    remove(project, *images)
    with (
        Project.open(project.root, read_only=True) as look,
        pytest.raises(UserError, match="reading only"),
    ):
        empty(look)


# -- killed

_CHILD = """
import os, signal, sys
from pathlib import Path
from curator.core.jobs import Job
from curator.core.project import Project
from curator.tasks import empty_trash as module

root, moment, left = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

def count_down(at):
    global left
    if at == moment:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

move = module.send2trash

def moved(path):
    count_down("before a file")
    move(path)
    count_down("after a file")

module.send2trash, module.CHUNK = moved, 2
with Project.open(root) as project:
    project.subscribe(lambda _edit: count_down("after a transaction"))
    module.empty_trash(Job(), project, project.trash().ids)
"""


@pytest.mark.parametrize(
    ("moment", "left"),
    [(f"{when} a file", left) for when in ("before", "after") for left in (0, 2, 7)]
    + [("after a transaction", left) for left in (0, 2)],
)
def test_a_killed_emptying_loses_nothing_and_is_ended_by_the_next(
    tmp_path: Path, scraped: Path, system_trash: Path, moment: str, left: int
) -> None:
    root = tmp_path / "p"
    with Project.create(root) as project:
        images = imported(project, scraped, 7)
        remove(project, *images[:5])
    command = [sys.executable, "-c", _CHILD, str(root), moment, str(left)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    with Project.open(root) as project:
        _check_survivors(project, images)
        held = project.trash().ids
        there = {image.id for image in project.images(range(1, 8))}
        for image in images[:5]:
            gone = image.id not in there
            stays, went = (root / image.path).exists(), (system_trash / image.name).exists()
            assert stays != went
            assert went or not gone
        empty_trash(Job(), project, held)
        _check_survivors(project, images)
        assert project.trash().ids == ()
        assert len(names(system_trash)) == 15
        assert len(names(project.images_dir)) == 6
        assert project.undo() == "Rate 7 images primary"
    db = sqlite3.connect(root / "project.db")
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()


def _check_survivors(project: Project, images: list[Image]) -> None:
    assert project.images(project.select("sort:name")) == images[5:]
    assert all((project.root / image.path).exists() for image in images[5:])


def test_pictures_of_a_killed_emptying_that_are_imported_again_have_their_files_back(
    tmp_path: Path, scraped: Path, system_trash: Path
) -> None:
    root = tmp_path / "p"
    with Project.create(root) as project:
        images = imported(project, scraped, 2)
        remove(project, *images)
    command = [sys.executable, "-c", _CHILD, str(root), "after a file", "4"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    with Project.open(root) as project:
        import_images(Job(), project, [scraped])
        back = project.images(project.select("sort:name"))
        assert [image.id for image in back] == [image.id for image in images]
        assert all((root / image.path).exists() for image in back)


def test_a_name_given_anew_after_a_kill_is_not_taken_for_the_old_picture(
    tmp_path: Path, scraped: Path, system_trash: Path
) -> None:
    root = tmp_path / "p"
    with Project.create(root) as project:
        images = imported(project, scraped, 1)
        remove(project, *images)
    command = [sys.executable, "-c", _CHILD, str(root), "after a file", "2"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    with Project.open(root) as project:
        assert project.trash().ids == (images[0].id,)
        [other] = bring_in(project, tmp_path / "later", {"0.png": draw(50)}).values()
        assert other.path == images[0].path
        project.apply(set_caption([other], "of the other"))
        mirror_captions(Job(), project)
        assert empty(project).images == 1
        assert {"0.png", "0.txt"} <= names(project.images_dir)
        assert project.image(other.id).caption == "of the other"
