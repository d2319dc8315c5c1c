"""Chains of tasks that belong together; passed in, because tasks do not know each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.records import Image
from curator.core.run_plan import PlannedRun, TrainRequest
from curator.core.view import ProjectView

Exported = TypeVar("Exported")
Trained = TypeVar("Trained")
# Makes what heavy steps of these pictures lack; gives why some can't be made, by image id.
Make = Callable[[Job, ProjectView, Sequence[Image]], Mapping[int, str]]


def nothing_made(_job: Job, _project: ProjectView, _images: Sequence[Image]) -> Mapping[int, str]:
    """For those that write only what is made already."""
    return {}


def told_why(
    failed: Sequence[tuple[int, str, str]], unmade: Mapping[int, str]
) -> tuple[tuple[int, str, str], ...]:
    """Failures (image id, source, reason), each with why its steps could not be made, if so."""
    return tuple((id_, source, unmade.get(id_, reason)) for id_, source, reason in failed)


def plan_export_train(
    job: Job,
    project: Project,
    request: TrainRequest,
    plan: Callable[[Project, TrainRequest], PlannedRun],
    export: Callable[[Job, Project, PlannedRun], Exported],
    train: Callable[[Job, PlannedRun], Trained],
) -> Trained:
    """Plan the run that is asked for, write the dataset that it wants, and train on it.

    Hands over what `export` reports, and what `train` hands over. Window and command line pass in
    the same three: plan_training, export_for_run, and train_lora as it is or with in_process=True.
    """
    planned = plan(project, request)
    if planned.wants_export:
        job.hand_over(export(job, project, planned))
    return train(job, planned)
