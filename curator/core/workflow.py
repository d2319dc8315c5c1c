"""Chains of tasks that belong together; passed in, because tasks do not know each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from curator.core.jobs import Job
from curator.core.run_plan import PlannedRun

Exported = TypeVar("Exported")
Trained = TypeVar("Trained")


def export_then_train(
    job: Job,
    plan: PlannedRun,
    export: Callable[[Job, PlannedRun], Exported],
    train: Callable[[Job, PlannedRun], Trained],
) -> Trained:
    """Write the dataset that a planned run wants, hand its report over, and train on it."""
    if plan.wants_export:
        job.hand_over(export(job, plan))
    return train(job, plan)
