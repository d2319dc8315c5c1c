"""Makes masks for the training from what was cut out of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from curator.core.edits import Edit
from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.masks import TrainingMask, set_masks
from curator.core.parallel import in_threads
from curator.core.project import Project
from curator.core.records import Image
from curator.core.regions import Region
from curator.core.workflow import Make, nothing_made
from curator.imaging.masking import cut_out_alone, subject_region


@dataclass(frozen=True, slots=True)
class MasksReport:
    """What was masked, by ids, and what could not be: (image id, name, reason)."""

    label: str
    masked: tuple[int, ...]
    failed: tuple[tuple[int, str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        failed = [{"id": id_, "name": name, "reason": why} for id_, name, why in self.failed]
        return {"label": self.label, "changed": len(self.masked), "failed": failed}


def mask_subjects(
    job: Job,
    project: Project,
    ids: Sequence[int],
    like: TrainingMask,
    make: Make = nothing_made,
) -> MasksReport:
    """Mask pictures by their cut-outs, in one step of undo; `like` says what a mask then means.

    `make` makes the cut-outs that are lacking first. A picture without one is reported. A cancelled
    job changes nothing. Raises UserError.
    """
    images = project.images(ids)
    unmade = make(job, project, [cut_out_alone(image) for image in images])
    regions: dict[int, Region] = {}
    failed = []
    work = partial(_region, project)
    for image, found in in_threads(job, work, images, lambda image: image.name):
        if isinstance(found, str):
            failed.append((image.id, image.name, unmade.get(image.id, found)))
        else:
            regions[image.id] = found

    def build(now: Sequence[Image]) -> Edit:
        return set_masks(
            {i: TrainingMask(regions[i.id], like.learns_inside, like.rest) for i in now}
        )

    edit = project.submit_change(sorted(regions), build).result()
    return MasksReport(edit.label, tuple(sorted(regions)), tuple(failed))


def _region(project: Project, image: Image) -> Region | str:
    try:
        return subject_region(image, project.root, project.settings.max_pixels)
    except UserError as error:
        return str(error)
