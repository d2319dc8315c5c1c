"""Writes pictures as the project shows them, upright, in sRGB, with their alpha, as PNG files."""

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
from curator.imaging.encode import png_bytes
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
    job: Job, images: Sequence[Image], root: Path, dest: Path, max_pixels: int
) -> RenderReport:
    """Write each picture as `<id>.png` into `dest`, replacing files of that name.

    `root` is the project's folder. A picture that can't be read is reported; raises UserError when
    the disk refuses.
    """
    try:
        dest.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, dest) from error
    written, failed = [], []
    work = partial(_write, root, dest.absolute(), max_pixels)
    for image, reason in in_threads(job, work, images, lambda image: image.name):
        if reason:
            failed.append((image.id, image.source, reason))
        else:
            written.append((image.id, _target(dest.absolute(), image)))
    return RenderReport(tuple(written), tuple(failed))


def _target(dest: Path, image: Image) -> Path:
    return dest / f"{image.id}.png"


def _write(root: Path, dest: Path, max_pixels: int, image: Image) -> str:
    """Write one picture; gives the reason if it can't be made, else ""."""
    try:
        data = png_bytes(render(image, root, max_pixels))
    except UserError as error:
        return str(error)
    write_atomic(_target(dest, image), data)
    return ""
