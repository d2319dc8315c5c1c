"""Projects with real pictures in them, brought in by a real import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PIL import Image as Pillow

from curator.core.caption_edits import set_caption
from curator.core.edits import set_rating
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.records import Image, Rating
from curator.tasks.export_dataset import ExportOptions, ExportReport, export_dataset
from curator.tasks.import_images import import_images
from tests.helpers.pictures import draw, write


def bring_in(
    project: Project, folder: Path, pictures: Mapping[str, Pillow.Image | bytes]
) -> dict[str, Image]:
    """Write pictures (drawn ones, or whole files as bytes) into `folder`, import it; by name."""
    for name, picture in pictures.items():
        path = folder / name
        if isinstance(picture, bytes):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture)
        else:
            write(path, picture)
    report = import_images(Job(), project, [folder])
    assert not report.rejected, report.rejected
    return {image.name: image for image in project.images(a.id for a in report.accepted)}


def decide(project: Project, query: str, rating: Rating, caption: str = "") -> None:
    """Rate, and caption where there is one, what a query finds."""
    project.apply(set_rating(project.images(project.select(query)), rating))
    if caption:
        project.apply(set_caption(project.images(project.select(query)), caption))


def export(project: Project, dest: Path, **options: object) -> ExportReport:
    return export_dataset(Job(), project, dest, replace(ExportOptions(), **options))  # type: ignore[arg-type]


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def times(root: Path) -> dict[str, int]:
    return {path.as_posix(): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


def rated(project: Project, scraped: Path) -> None:
    """Three primaries and two supporting pictures, one unrated, with a trigger and class."""
    bring_in(project, scraped, {f"{n}.jpg": draw(n) for n in range(6)})
    decide(project, "name:0* OR name:1* OR name:2*", Rating.PRIMARY, "fr3dd1e, on grass")
    decide(project, "name:3* OR name:4*", Rating.SUPPORTING)
    project.change_settings({"trigger": "fr3dd1e", "class": "dog"})
