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
from curator.core.run_control import RunStarted
from curator.core.run_history import RunState, resumable_run, runs
from curator.core.run_plan import PlannedRun, Preflight, TrainRequest
from curator.tasks.export_dataset import export_for_run
from curator.tasks.train_lora import TrainingFailedError, plan_training, train_lora
from tests.helpers.imported import bring_in, decide
from tests.helpers.pictures import draw
from trainer.config import load_run
from trainer.events import (
    Caching,
    Finished,
    Note,
    Paused,
    Resumed,
    Sampled,
    Saved,
    Started,
    StateSaved,
    Step,
    Stopped,
    from_json,
)

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
    export_for_run(Job(), project, plan)
    return plan


def test_a_run_leaves_checkpoints_options_and_events(ready: Project) -> None:
    plan = planned(ready, "max_train_epochs=2")
    parts: list[Any] = []
    report = train_lora(Job(on_part=parts.append), plan)
    assert isinstance(parts[0], Preflight)
    assert (parts[0].steps_per_epoch, parts[0].epochs) == (3, 2)
    assert isinstance(parts[1], RunStarted)
    assert parts[1].name == plan.name
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


class Presser:
    """Presses the buttons of a run, each once the one before has shown."""

    def __init__(self) -> None:
        self.parts: list[Any] = []
        self._run: Any = None

    def hear(self, part: Any) -> None:
        self.parts.append(part)
        if isinstance(part, RunStarted):
            self._run = part.run
        elif isinstance(part, Step) and part.step == 1:
            self._run.pause()
        elif isinstance(part, Paused):
            self._run.save_now()
        elif isinstance(part, StateSaved) and not self.heard(Sampled):
            self._run.sample_now()
        elif isinstance(part, Sampled):
            self._run.resume()
        elif isinstance(part, Resumed):
            self._run.stop()

    def heard(self, kind: type) -> bool:
        return any(isinstance(part, kind) for part in self.parts)


@pytest.mark.parametrize("in_process", [False, True], ids=["thread", "process"])
def test_a_run_under_way_is_paused_saved_sampled_and_stopped_from_outside(
    ready: Project, in_process: bool
) -> None:
    presser = Presser()
    plan = planned(ready, "max_train_epochs=20000", "sample_prompts=a dog --s 1")
    report = train_lora(Job(on_part=presser.hear), plan, in_process)
    order = [type(part) for part in presser.parts if not isinstance(part, Step | Note)]
    asked = [Paused, Saved, StateSaved, Sampled, Resumed]
    at = order.index(Paused)
    assert order[at : at + len(asked)] == asked
    assert order[-1] is Stopped
    assert report.stopped
    assert report.samples
    (summary,) = runs(ready)
    assert (summary.state, summary.resumable) == (RunState.STOPPED, True)
    assert summary.steps_done == summary.resumes_at == presser.parts[-1].step


def test_what_follows_a_line_that_was_cut_off_is_not_lost(ready: Project) -> None:
    job = Job(on_part=lambda part: stop_later(part, job))
    first = train_lora(job, planned(ready, "max_train_epochs=200"))
    events = ready.runs_dir / first.run / "events.jsonl"
    with events.open("a", encoding="utf-8") as file:
        file.write('{"event": "Step", "st')
    found = resumable_run(ready)
    assert found is not None
    assert found.state == RunState.CUT_OFF
    again = Job(on_part=lambda part: again.cancel() if isinstance(part, Started) else None)
    train_lora(again, plan_training(ready, TrainRequest(resume=True)))
    lines = events.read_text("utf-8").splitlines()
    cut_off = lines.index('{"event": "Step", "st')
    assert isinstance(from_json(lines[cut_off + 1]), Caching | Started)


def test_a_new_run_continues_from_a_checkpoint_whatever_its_network(ready: Project) -> None:
    small = train_lora(Job(), planned(ready, "max_train_epochs=1", "network_alpha=1"))
    wish = TrainRequest(
        assignments=(*(it for it in QUICK if "dim" not in it), "max_train_epochs=1"),
        start_from=small.checkpoints[-1],
    )
    plan = plan_training(ready, wish)
    assert (plan.config.network_dim, plan.config.network_alpha) == (2, 1)
    export_for_run(Job(), ready, plan)
    assert len(train_lora(Job(), plan).checkpoints) == 1


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
