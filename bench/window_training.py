"""A training beside the window, for bench/window.py."""

from __future__ import annotations

import time
from typing import Any

from window_rows import until

from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.run_plan import TrainRequest
from curator.tasks.export_dataset import ExportOptions, export_dataset
from curator.tasks.train_lora import TrainReport, plan_training, train_lora
from curator.ui.job_bridge import JobBridge, Ticket
from trainer.buckets import BucketRule
from trainer.events import Step


class Training:
    """A training of the practice model in the window's worker thread."""

    def __init__(self, jobs: JobBridge, project: Project) -> None:
        self.steps: list[float] = []
        self._ticket: Ticket = jobs.start("Train", _train, project, on_part=self._hear)
        until(lambda: len(self.steps) > 3 or self._ticket.error, "the first steps")
        if self._ticket.error:
            raise self._ticket.error

    def _hear(self, part: Any) -> None:
        if isinstance(part, Step):
            self.steps.append(time.perf_counter())

    def per_second(self, since: float) -> float:
        """Steps a second since then."""
        return sum(step > since for step in self.steps) / (time.perf_counter() - since)

    def stop(self) -> None:
        """Stop and wait."""
        self._ticket.cancel()
        until(lambda: self._ticket.state.value != "running", "the end of the training")


def _train(job: Job, project: Project) -> TrainReport:
    options = ("max_train_epochs=100000", "sample_prompts=", "save_every_n_epochs=0")
    plan = plan_training(project, TrainRequest(base="practice", assignments=options))
    rule = BucketRule.of(plan.config)
    export_dataset(job, project, project.dataset_dir, ExportOptions(rule=rule))
    return train_lora(job, plan)
