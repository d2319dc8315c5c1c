"""Writes pictures as the project shows them, upright and in sRGB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from curator.core.errors import UserError
from curator.core.files import write_atomic, write_error
from curator.core.jobs import Job
from curator.core.parallel import in_threads
from curator.core.records import Image
from curator.core.view import ProjectView
from curator.core.workflow import Make, nothing_made
from curator.imaging.encode import picture_bytes
from curator.imaging.render import render


@dataclass(frozen=True, slots=True)
class RenderReport:
    """What was written, (image id, file), and what was not, (image id, source, reason)."""

    written: tuple[tuple[int, Path], ...]
    failed: tuple[tuple[int, str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return {
            "written": [{"id": id_, "path": str(path)} for id_, path in self.written],
            "failed": [
                {"id": id_, "source": source, "reason": reason}
                for id_, source, reason in self.failed
            ],
        }


def render_images(
    job: Job,
    project: ProjectView,
    images: Sequence[Image],
    dest: Path,
    suffix: str = ".png",
    make: Make = nothing_made,
) -> RenderReport:
    """Write each picture as `<id>` with a suffix into `dest`, replacing files of that name.

    `suffix`: ".png" or ".webp", without loss and with alpha, or ".jpg", over white. `make` makes
    what heavy steps lack first. A picture that can't be made is reported; raises UserError when the
    disk refuses.
    """
    try:
        dest.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, dest) from error
    unmade = make(job, project, images)
    written, failed = [], []
    work = partial(_write, project, dest.absolute(), suffix)
    for image, reason in in_threads(job, work, images, lambda image: image.name):
        if reason:
            failed.append((image.id, image.source, unmade.get(image.id, reason)))
        else:
            written.append((image.id, _target(dest.absolute(), image, suffix)))
    return RenderReport(tuple(written), tuple(failed))


def _target(dest: Path, image: Image, suffix: str) -> Path:
    return dest / f"{image.id}{suffix}"


def _write(project: ProjectView, dest: Path, suffix: str, image: Image) -> str:
    """Write one picture; gives the reason if it can't be made, else ""."""
    try:
        picture = render(image, project.root, project.settings.max_pixels)
        data = picture_bytes(picture, suffix)
    except UserError as error:
        return str(error)
    write_atomic(_target(dest, image, suffix), data)
    return ""
