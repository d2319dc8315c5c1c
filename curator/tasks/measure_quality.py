"""Measures the quality of pictures that were not measured yet, and orders all by likeness."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.parallel import in_threads
from curator.core.project import Project
from curator.core.query_words import with_term
from curator.core.records import Arranged, Image, Measured
from curator.imaging.faces import FaceFinder, model_in
from curator.imaging.quality import measure_file

BATCH = 64
BATCH_S = 1.0  # what is measured is on the disk so soon
UNMEASURED = "is:unmeasured"
OR_WITHOUT_FACES = "(is:unmeasured OR -faces:>=0)"


@dataclass(frozen=True, slots=True)
class QualityReport:
    """`measured`: ids of what was measured now. `failed`: image id, source and reason.

    `faces`: why faces were not counted, "" where they were.
    """

    measured: tuple[int, ...]
    failed: tuple[tuple[int, str, str], ...]
    faces: str = ""

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        rows = [{"id": i, "source": source, "reason": why} for i, source, why in self.failed]
        return {"measured": len(self.measured), "failed": rows, "faces": self.faces}

    def lines(self) -> list[str]:
        """What could not be measured, for people."""
        return [f"{source}: {reason}" for _id, source, reason in self.failed]


def measure_quality(
    job: Job,
    project: Project,
    query: str = "",
    faces_folder: Path | None = None,
    begin: Callable[[], None] = lambda: None,
) -> QualityReport:
    """Measure what the query finds and has no current measures; hands over the ids of each batch.

    What is measured is recorded a batch at a time, so that it outlives a kill. `faces_folder`:
    where a YuNet model may lie. `begin` is called in each thread first. Raises QueryError.
    """
    finder, no_faces = _face_finder(faces_folder)
    images = project.images(
        project.select(with_term(query, OR_WITHOUT_FACES if finder else UNMEASURED))
    )
    batch = _Batch(job, project)
    failed = []
    work = partial(_measure, project.root, project.settings.max_pixels, finder)
    try:
        for image, found in in_threads(job, work, images, lambda image: image.name, begin):
            if isinstance(found, str):
                failed.append((image.id, image.source, found))
            else:
                batch.add(found)
    finally:
        batch.record()
    _arrange(job, project)
    return QualityReport(tuple(batch.done), tuple(failed), no_faces)


def _face_finder(folder: Path | None) -> tuple[FaceFinder | None, str]:
    """The finder, or why there is none where a file was meant to be one."""
    model = model_in(folder) if folder else None
    if model is None:
        return None, ""
    try:
        return FaceFinder(model), ""
    except UserError as error:
        return None, str(error)


def _measure(
    root: Path, max_pixels: int, finder: FaceFinder | None, image: Image
) -> Measured | str:
    """The measures of one picture, or why there are none."""
    try:
        return measure_file(image.id, root / image.path, max_pixels, finder)
    except UserError as error:
        return str(error)


class _Batch:
    """Gathers what is measured and records it from time to time."""

    def __init__(self, job: Job, project: Project) -> None:
        self._job, self._project = job, project
        self._waiting: list[Measured] = []
        self._since = time.monotonic()
        self.done: list[int] = []

    def add(self, found: Measured) -> None:
        """Take one in; records when there are many or some time has passed."""
        self._waiting.append(found)
        if len(self._waiting) >= BATCH or time.monotonic() - self._since >= BATCH_S:
            self.record()

    def record(self) -> None:
        """Record what waits."""
        waiting, self._waiting = self._waiting, []
        self._since = time.monotonic()
        if waiting:
            self._project.record(waiting)
            ids = [found.image_id for found in waiting]
            self.done += ids
            self._job.hand_over(ids)


def _arrange(job: Job, project: Project) -> None:
    """Order all that is measured by likeness."""
    from curator.core.likeness import arranged, points_of

    job.check()
    described = project.descriptors(project.select())
    ids: Sequence[int] = list(described)
    if ids:
        order = arranged(points_of([described[id_] for id_ in ids]))
        project.record([Arranged(tuple(ids[n] for n in order))])
