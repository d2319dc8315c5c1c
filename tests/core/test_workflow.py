"""Chains of tasks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.run_plan import PlannedRun
from curator.core.workflow import export_then_train
from trainer.config import RunConfig

PLAN = PlannedRun("fred-001", Path("fred-001"), RunConfig(), resumed=False, wants_export=True)


class Calls:
    """Two tasks that write down in which order they are done."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def export(self, _job: Job, _plan: PlannedRun) -> str:
        self.done.append("export")
        return "exported"

    def train(self, _job: Job, _plan: PlannedRun) -> str:
        self.done.append("train")
        return "trained"


def test_the_dataset_is_written_and_told_before_training() -> None:
    calls, parts = Calls(), []
    job = Job(on_part=lambda part: parts.append((part, list(calls.done))))
    assert export_then_train(job, PLAN, calls.export, calls.train) == "trained"
    assert calls.done == ["export", "train"]
    assert parts == [("exported", ["export"])]


def test_a_run_with_a_dataset_of_its_own_is_only_trained() -> None:
    calls = Calls()
    export_then_train(Job(), replace(PLAN, wants_export=False), calls.export, calls.train)
    assert calls.done == ["train"]


def test_nothing_is_trained_when_the_export_fails() -> None:
    calls = Calls()

    def fail(_job: Job, _plan: PlannedRun) -> str:
        raise UserError("No picture is rated.")

    with pytest.raises(UserError):
        export_then_train(Job(), PLAN, fail, calls.train)
    assert calls.done == []
