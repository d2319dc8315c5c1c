"""A second export into the same folder: what it leaves alone, and what it mends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image as Pillow

from curator.core import caption_edits, edits
from curator.core.errors import UserError
from curator.core.export_folder import MANIFEST
from curator.core.files import TEMP_PREFIX
from curator.core.jobs import Cancelled, Job
from curator.core.project import Project
from curator.core.recipe import Turn
from curator.core.records import Rating
from curator.tasks.export_dataset import export_dataset
from tests.helpers.imported import bring_in, decide, export, files, rated, times
from tests.helpers.pictures import draw


@pytest.fixture
def scraped(tmp_path: Path) -> Path:
    return tmp_path / "scraped"


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_a_second_export_changes_nothing(project: Project, scraped: Path, dest: Path) -> None:
    rated(project, scraped)
    export(project, dest)
    before = times(dest / "img")
    report = export(project, dest)
    assert times(dest / "img") == before
    assert (report.written, report.unchanged, report.deleted) == (0, 5, 0)


def test_only_what_changed_is_written_again(project: Project, scraped: Path, dest: Path) -> None:
    rated(project, scraped)
    export(project, dest)
    before = times(dest / "img")
    decide(project, "name:0*", Rating.SUPPORTING)
    project.apply(
        caption_edits.set_caption(project.images(project.select("name:1*")), "fr3dd1e, in snow")
    )
    report = export(project, dest)
    after = times(dest / "img")
    moved = {str(dest / f"img/5_fr3dd1e dog/0.{end}") for end in ("jpg", "txt")}
    assert moved == set(before) - set(after)
    assert {path for path in before if path in after and before[path] != after[path]} == {
        str(dest / "img/5_fr3dd1e dog/1.txt")
    }
    assert (report.written, report.unchanged, report.deleted) == (1, 4, 2)


def test_a_picture_that_was_changed_in_the_dataset_is_written_again(
    project: Project, scraped: Path, dest: Path
) -> None:
    rated(project, scraped)
    export(project, dest)
    before = files(dest)
    (dest / "img/5_fr3dd1e dog/0.jpg").write_bytes(b"overwritten")
    assert export(project, dest).written == 1
    assert files(dest / "img") == {
        k.removeprefix("img/"): v for k, v in before.items() if k.startswith("img/")
    }


def test_a_recipe_and_the_background_make_other_pictures(
    project: Project, scraped: Path, dest: Path
) -> None:
    bring_in(project, scraped, {"a.png": draw(1, (80, 40), alpha=True), "b.jpg": draw(2, (80, 40))})
    decide(project, "", Rating.PRIMARY)
    assert export(project, dest).written == 2
    with Pillow.open(dest / "img/5_style/a.png") as picture:
        assert (picture.mode, picture.getpixel((79, 0))) == ("RGB", (255, 255, 255))
    assert export(project, dest, background="#102030").written == 2
    with Pillow.open(dest / "img/5_style/a.png") as picture:
        assert picture.getpixel((79, 0)) == (16, 32, 48)
    project.apply(edits.turn_images(project.images(project.select("name:b*")), Turn(1)))
    assert export(project, dest, background="#102030").written == 1
    with Pillow.open(dest / "img/5_style/b.png") as picture:
        assert picture.size == (40, 80)


def test_a_folder_with_another_dataset_is_refused_and_left_alone(
    project: Project, scraped: Path, dest: Path
) -> None:
    rated(project, scraped)
    (dest / "img" / "10_cat").mkdir(parents=True)
    (dest / "img" / "10_cat" / "1.jpg").write_bytes(b"somebody's")
    with pytest.raises(UserError, match="is there already and is not from Curator"):
        export(project, dest)
    assert files(dest) == {"img/10_cat/1.jpg": b"somebody's"}


def test_strangers_files_in_our_dataset_stay_and_are_named(
    project: Project, scraped: Path, dest: Path
) -> None:
    rated(project, scraped)
    export(project, dest)
    stranger = dest / "img/2_fr3dd1e dog/mine.jpg"
    stranger.write_bytes(b"mine")
    decide(project, "rating:2", Rating.UNRATED)
    report = export(project, dest)
    assert stranger.read_bytes() == b"mine"
    assert [path.name for path in stranger.parent.iterdir()] == ["mine.jpg"]
    assert any("(1, such as" in w and "mine.jpg" in w for w in report.warnings)


def test_a_strangers_file_is_never_overwritten(project: Project, scraped: Path, dest: Path) -> None:
    rated(project, scraped)
    export(project, dest)
    decide(project, "name:0*", Rating.UNRATED)
    export(project, dest)
    (dest / "img/5_fr3dd1e dog/0.jpg").write_bytes(b"mine")
    decide(project, "name:0*", Rating.PRIMARY)
    with pytest.raises(UserError, match=r"0\.jpg is in the way"):
        export(project, dest)
    assert (dest / "img/5_fr3dd1e dog/0.jpg").read_bytes() == b"mine"


def test_a_manifest_never_makes_it_delete_files_elsewhere(
    project: Project, scraped: Path, dest: Path, tmp_path: Path
) -> None:
    rated(project, scraped)
    precious = tmp_path / "precious.txt"
    precious.write_text("precious")
    dest.mkdir()
    for path in ("img/../../precious.txt", "../precious.txt", str(precious)):
        row = f'{{"made_by": "curator", "version": 1, "files": {{"{path}": null}}}}'
        (dest / MANIFEST).write_text(row)
        with pytest.raises(UserError, match="is damaged"):
            export(project, dest)
    assert precious.read_text() == "precious"


def test_a_cancelled_export_goes_on_where_it_was(
    project: Project, scraped: Path, dest: Path
) -> None:
    bring_in(project, scraped, {f"{n}.jpg": draw(n) for n in range(40)})
    decide(project, "", Rating.PRIMARY)
    job = Job(lambda _progress: job.cancel())
    with pytest.raises(Cancelled):
        export_dataset(job, project, dest)
    assert not (dest / "dataset.toml").exists()
    report = export(project, dest)
    assert 0 < report.unchanged < 40
    assert report.written + report.unchanged == 40
    assert len(list(dest.rglob("*.txt"))) == 40


def test_an_export_that_was_killed_is_finished_by_the_next(
    project: Project, scraped: Path, dest: Path, tmp_path: Path
) -> None:
    bring_in(project, scraped, {f"{n}.png": draw(n, (300, 200), alpha=True) for n in range(60)})
    decide(project, "", Rating.PRIMARY)
    code = f"""
import os, sys, threading; sys.path.insert(0, {str(Path.cwd())!r})
from pathlib import Path
from curator.core.files import TEMP_PREFIX
from curator.core.jobs import Job
from curator.core.project import Project
from curator.tasks.export_dataset import export_dataset
with Project.open(Path({str(project.root)!r}), read_only=True) as project:
    threading.Timer(float(sys.argv[1]), os._exit, (9,)).start()
    export_dataset(Job(), project, Path({str(dest)!r}))
"""
    for delay_s in ("0.02", "0.1", "0.2"):
        subprocess.run([sys.executable, "-c", code, delay_s], check=False)
        for path in dest.rglob("*.png"):
            with Pillow.open(path) as picture:
                picture.load()
    report = export(project, dest)
    assert (report.images, report.failures) == (60, ())
    assert not [path for path in dest.rglob("*") if path.name.startswith(TEMP_PREFIX)]
    clean = tmp_path / "clean"
    export(project, clean)
    assert files(dest / "img") == files(clean / "img")


def test_a_picture_that_is_gone_is_reported_and_the_rest_is_exported(
    project: Project, scraped: Path, dest: Path
) -> None:
    rated(project, scraped)
    export(project, dest)
    gone = project.images(project.select("name:0*"))[0]
    (project.root / gone.path).unlink()
    assert export(project, dest).failures == ()  # the exported picture is still right
    (dest / "img/5_fr3dd1e dog/0.jpg").unlink()
    report = export(project, dest)
    assert [failure.image_id for failure in report.failures] == [gone.id]
    assert report.images == 4
    assert not (dest / "img/5_fr3dd1e dog/0.txt").exists()
    assert any(gone.source in warning for warning in report.warnings)


def test_an_export_of_which_nothing_can_be_read_leaves_the_earlier_one(
    project: Project, scraped: Path, dest: Path
) -> None:
    rated(project, scraped)
    export(project, dest)
    for image in project.images(project.select()):
        (project.root / image.path).unlink()
    for picture in dest.glob("img/*/*.jpg"):
        picture.unlink()
    before = files(dest)
    with pytest.raises(UserError, match="None of the rated pictures could be read"):
        export(project, dest)
    assert set(before) <= set(files(dest))
    assert files(dest)["dataset.toml"] == before["dataset.toml"]
