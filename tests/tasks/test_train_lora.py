"""A run of a project: what it keeps, how it is stopped, and how its end is told."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import pytest

from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.records import Rating
from curator.core.run_plan import PlannedRun, Preflight, TrainRequest
from curator.tasks.export_dataset import ExportOptions, export_dataset
from curator.tasks.train_lora import TrainingFailedError, plan_training, train_lora
from tests.helpers.imported import bring_in, decide
from tests.helpers.pictures import draw
from trainer.buckets import BucketRule
from trainer.config import load_run
from trainer.events import Finished, Note, Saved, Started, Step, Stopped, from_json

QUICK = (
    "resolution=64",
    "network_dim=2",
    "torch_threads=1",
    "max_validation_steps=1",
    "sample_prompts=",
    "validate_every_n_epochs=0",
)


@pytest.fixture
def ready(project: Project, tmp_path: Path) -> Project:
    """Three primaries of 64 pixels, to train on the practice model."""
    bring_in(project, tmp_path / "in", {f"{n}.png": draw(n, (64, 64)) for n in range(3)})
    decide(project, "", Rating.PRIMARY, "fr3dd1e, on grass")
    settings = {"trigger": "fr3dd1e", "base": "practice", "primary_repeats": "1"}
    project.change_settings(settings)
    return project


def planned(project: Project, *options: str, **wishes: Any) -> PlannedRun:
    plan = plan_training(project, TrainRequest(assignments=(*QUICK, *options), **wishes))
    rule = BucketRule.of(plan.config)
    export_dataset(Job(), project, project.dataset_dir, ExportOptions(rule=rule))
    return plan


@pytest.mark.parametrize("in_process", [False, True], ids=["thread", "process"])
def test_a_run_leaves_checkpoints_options_and_events(ready: Project, in_process: bool) -> None:
    plan = planned(ready, "max_train_epochs=2")
    parts: list[Any] = []
    report = train_lora(Job(on_part=parts.append), plan, in_process)
    assert isinstance(parts[0], Preflight)
    assert (parts[0].steps_per_epoch, parts[0].epochs) == (3, 2)
    assert isinstance(parts[-1], Finished)
    assert [path.name for path in report.checkpoints] == [
        "fr3dd1e-000001.safetensors",
        "fr3dd1e.safetensors",
    ]
    assert all(path.is_file() for path in report.checkpoints)
    assert not report.stopped
    assert load_run(plan.folder / "run.toml") == plan.config
    lines = (plan.folder / "events.jsonl").read_text("utf-8").splitlines()
    assert [from_json(line) for line in lines] == parts[2:]


def test_cancelling_saves_the_state_and_resuming_ends_the_run(ready: Project) -> None:
    job = Job(on_part=lambda part: job.cancel() if isinstance(part, Step) else None)
    first = train_lora(job, planned(ready, "max_train_epochs=200"))
    assert first.stopped
    assert first.state == ready.runs_dir / first.run / "state"
    parts: list[Any] = []
    wish = TrainRequest(assignments=("max_train_epochs=201",), resume=True)
    job = Job(on_part=lambda part: (parts.append(part), stop_later(part, job)))
    second = train_lora(job, plan_training(ready, wish))
    assert second.run == first.run
    (started,) = (part for part in parts if isinstance(part, Started))
    assert started.first_step > 0
    lines = (ready.runs_dir / first.run / "events.jsonl").read_text("utf-8").splitlines()
    steps = [event.step for event in map(from_json, lines) if isinstance(event, Step)]
    assert steps == list(range(1, len(steps) + 1))  # not one twice, not one left out


def stop_later(part: object, job: Job) -> None:
    if isinstance(part, Step) and part.step >= 9:
        job.cancel()


def test_what_the_trainer_refuses_is_told_to_the_user(ready: Project) -> None:
    with pytest.raises(UserError, match='There is no option "lerning_rate"'):
        planned(ready, "lerning_rate=1")
    nothing = ready.root / "no-model.safetensors"
    nothing.write_bytes(b"")
    with pytest.raises(UserError, match="damaged"):
        train_lora(Job(), planned(ready, base=str(nothing)))


def test_a_bug_in_a_run_is_no_fault_of_the_user(
    ready: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("deliberate")

    monkeypatch.setattr("trainer.loop.train", broken)
    with pytest.raises(TrainingFailedError, match="deliberate"):
        train_lora(Job(), planned(ready))


def test_a_full_disk_under_the_events_does_not_end_the_run(
    ready: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(ready, "max_train_epochs=1")
    monkeypatch.setattr(Path, "open", _full_for("events.jsonl", Path.open))
    parts: list[Any] = []
    report = train_lora(Job(on_part=parts.append), plan)
    assert len(report.checkpoints) == 1
    notes = [part.text for part in parts if isinstance(part, Note) and "disk is full" in part.text]
    assert len(notes) == 1


def _full_for(name: str, really_open: Callable[..., Any]) -> Callable[..., Any]:
    def open_(path: Path, *arguments: Any, **options: Any) -> Any:
        file = really_open(path, *arguments, **options)
        return _Full(file) if path.name == name else file

    return open_


class _Full:
    """A file on a disk that has no room left."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.name = file.name

    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        """As a real file does: what could not be written is tried once more."""
        self._file.close()
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_run_never_writes_into_the_folder_of_another(ready: Project) -> None:
    plan = planned(ready, "max_train_epochs=1")
    train_lora(Job(), plan)
    with pytest.raises(UserError, match="could not be written"):
        train_lora(Job(), replace(plan, resumed=False))


def test_events_after_a_stop_tell_of_the_saving(ready: Project) -> None:
    parts: list[Any] = []
    job = Job(on_part=lambda part: (parts.append(part), stop_later(part, job)))
    train_lora(job, planned(ready, "max_train_epochs=200"))
    assert isinstance(parts[-1], Stopped)
    assert any(isinstance(part, Saved) for part in parts)
