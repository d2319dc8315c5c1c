"""Measures the quality of pictures that were not measured yet, and orders all by likeness."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from curator.core.errors import UserError
from curator.core.installed_models import model_for, require_model
from curator.core.jobs import Job
from curator.core.parallel import in_threads
from curator.core.project import Project
from curator.core.query_words import with_term
from curator.core.recording import Recording
from curator.core.records import Arranged, Measured
from curator.core.view import ProjectView
from curator.imaging.faces import FaceFinder
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


@dataclass(frozen=True, slots=True)
class Measuring:
    """How pictures are measured.

    `counts_faces`: whether the face detector that is installed is used. `begin` is called in each
    thread first. `most_failed`: so many unreadable pictures in a row end it; 0 means none do.
    """

    counts_faces: bool = False
    begin: Callable[[], None] = lambda: None
    most_failed: int = 0


def measure_quality(
    job: Job, project: Project, query: str = "", how: Measuring = Measuring()
) -> QualityReport:
    """Measure what the query finds and has no current measures; hands over the ids of each batch.

    What is measured is recorded a batch at a time, so that it outlives a kill. Raises QueryError.
    """
    finder, no_faces = _face_finder() if how.counts_faces else (None, "")
    wanted = OR_WITHOUT_FACES if finder else UNMEASURED
    ids = project.select(with_term(query, wanted))
    batch = Recording(job, project, BATCH, BATCH_S)
    failed: list[tuple[int, str, str]] = []
    work = partial(_measure, project, project.settings.max_pixels, finder)
    in_a_row = 0
    try:
        for _id, found in in_threads(job, work, ids, lambda _id: "", how.begin):
            if isinstance(found, Measured):
                batch.add([found])
                in_a_row = 0
            elif found is not None:
                failed.append(found)
                in_a_row += 1
                if in_a_row == how.most_failed:
                    break  # their disk is not there
    finally:
        batch.record()
    _arrange(job, project)
    return QualityReport(tuple(batch.done), tuple(failed), no_faces)


def _face_finder() -> tuple[FaceFinder | None, str]:
    """The finder, or why there is none where a file was meant to be one."""
    try:
        return (FaceFinder(require_model("faces").path), "") if model_for("faces") else (None, "")
    except UserError as error:
        return None, str(error)


def _measure(
    project: ProjectView, max_pixels: int, finder: FaceFinder | None, image_id: int
) -> Measured | tuple[int, str, str] | None:
    """The measures of one picture, or id, source and reason; None for one that is gone."""
    for image in project.images([image_id]):
        try:
            return measure_file(image_id, project.root / image.path, max_pixels, finder)
        except UserError as error:
            return image_id, image.source, str(error)
    return None


def _arrange(job: Job, project: Project) -> None:
    """Order all that is measured by likeness."""
    from curator.core.likeness import arranged, points_of

    job.check()
    described = project.descriptors(project.select())
    ids: Sequence[int] = list(described)
    if ids:
        order = arranged(points_of([described[id_] for id_ in ids]))
        project.record([Arranged(tuple(ids[n] for n in order))])
