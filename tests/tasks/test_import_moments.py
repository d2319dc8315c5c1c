"""Frames of a video that were chosen one by one."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from curator.core.edits import remove_images
from curator.core.import_options import ImportOptions
from curator.core.import_report import ImportReport
from curator.core.jobs import Job
from curator.core.project import Project
from curator.tasks.import_images import import_images
from tests.helpers.pictures import write_video


def take(project: Project, path: Path, *moments_ms: float) -> ImportReport:
    return import_images(Job(), project, [path], ImportOptions(moments_ms=moments_ms))


def test_chosen_frames_come_in_and_no_others(project: Project, tmp_path: Path) -> None:
    shades = [Image.new("RGB", (64, 48), (8 * n,) * 3) for n in range(30)]
    path = write_video(tmp_path / "film.mp4", shades, fps=25)
    assert len(take(project, path, 200.0, 800.0).accepted) == 2
    images = project.images(project.select("sort:id"))
    assert [image.frame for image in images] == [5, 20]
    assert [image.path for image in images] == ["images/film-00005.png", "images/film-00020.png"]
    report = take(project, path, 200.0, 400.0)
    assert (len(report.accepted), report.rejected) == (1, [])
    assert sorted(i.frame for i in project.images(project.select())) == [5, 10, 20]
    assert take(project, path, 400.0).accepted == []
    project.apply(remove_images(images))
    take(project, path, 200.0)
    assert sorted(i.frame for i in project.images(project.select())) == [5, 10]
    import_images(Job(), project, [path])  # the first frame, as ever
    assert sorted(i.frame for i in project.images(project.select())) == [0, 5, 10]
