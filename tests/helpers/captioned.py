"""Projects of drawn pictures with captions, for tests of windows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from curator.core.caption_edits import change_captions
from curator.core.edits import create_set
from curator.core.project import Project
from curator.core.records import ImageSet, SetKind
from tests.helpers.windows import make_project


def captioned(folder: Path, captions: Sequence[str]) -> Path:
    """A project with a picture for each caption, closed again."""
    root = make_project(folder, len(captions))
    with Project.open(root) as project:
        images = project.images(project.select("sort:name"))
        project.apply(change_captions("Caption", dict(zip(images, captions, strict=True))))
    return root


def captions_of(project: Project) -> list[str]:
    """The captions, by the names of the pictures."""
    return [image.caption for image in project.images(project.select("sort:name"))]


def make_outfits(root: Path, **queries: str) -> None:
    """Sets that are outfits, by name, of what a query finds."""
    with Project.open(root) as project:
        for name, query in queries.items():
            new = ImageSet(project.new_set_id(), name, SetKind.OUTFIT)
            project.apply(create_set(new, project.images(project.select(query))))
