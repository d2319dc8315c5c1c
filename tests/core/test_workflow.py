"""Chains of tasks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.run_plan import PlannedRun, TrainRequest
from curator.core.workflow import plan_export_train
from trainer.config import RunConfig

PLAN = PlannedRun("fred-001", Path("fred-001"), RunConfig(), resumed=False, wants_export=True)


class Calls:
    """Three tasks that write down in which order they are done."""

    def __init__(self, plan: PlannedRun = PLAN, fails: str = "") -> None:
        self.done: list[str] = []
        self.parts: list[tuple[Any, list[str]]] = []
        self._plan = plan
        self._fails = fails

    def plan(self, _project: Project, _request: TrainRequest) -> PlannedRun:
        self._do("plan")
        return self._plan

    def export(self, _job: Job, _project: Project, plan: PlannedRun) -> str:
        assert plan == self._plan
        self._do("export")
        return "exported"

    def train(self, _job: Job, plan: PlannedRun) -> str:
        assert plan == self._plan
        self._do("train")
        return "trained"

    def _do(self, task: str) -> None:
        if task == self._fails:
            raise UserError("No picture is rated.")
        self.done.append(task)

    def run(self, project: Project) -> str:
        job = Job(on_part=lambda part: self.parts.append((part, list(self.done))))
        return plan_export_train(job, project, TrainRequest(), self.plan, self.export, self.train)


def test_the_dataset_is_written_and_told_before_training(project: Project) -> None:
    calls = Calls()
    assert calls.run(project) == "trained"
    assert calls.done == ["plan", "export", "train"]
    assert calls.parts == [("exported", ["plan", "export"])]


def test_a_run_with_a_dataset_of_its_own_is_only_trained(project: Project) -> None:
    calls = Calls(replace(PLAN, wants_export=False))
    calls.run(project)
    assert calls.done == ["plan", "train"]


@pytest.mark.parametrize(("fails", "done"), [("plan", []), ("export", ["plan"])])
def test_nothing_is_trained_when_what_comes_before_fails(
    project: Project, fails: str, done: list[str]
) -> None:
    calls = Calls(fails=fails)
    with pytest.raises(UserError):
        calls.run(project)
    assert calls.done == done
