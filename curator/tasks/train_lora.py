"""Trains a LoRA on an exported dataset as a run of its project, and keeps what it tells."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from curator.core.errors import UserError
from curator.core.extras import require_extra
from curator.core.files import write_atomic, write_error
from curator.core.jobs import Cancelled, Job
from curator.core.project import Project
from curator.core.run_control import RunStarted
from curator.core.run_history import EVENTS_FILE, RUN_FILE
from curator.core.run_plan import PlannedRun, TrainRequest, plan_run, preflight
from trainer.config import RunConfig, dump_run
from trainer.dataset import read_dataset
from trainer.errors import TrainerError
from trainer.events import (
    Event,
    Failed,
    Finished,
    Note,
    Sampled,
    Saved,
    StateSaved,
    Stopped,
    to_json,
)
from trainer.runs import Run, start_in_process, start_in_thread

POLL_S = 0.2
Start = Callable[[RunConfig, Callable[[Event], None]], Run]


class TrainingFailedError(Exception):
    """A run ended by a fault of the program; the text holds the run's own traceback."""


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What a run left behind; `state` is what it can be resumed from."""

    run: str
    folder: Path
    checkpoints: tuple[Path, ...]
    samples: tuple[Path, ...]
    stopped: bool
    state: Path | None

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return {
            "run": self.run,
            "folder": str(self.folder),
            "checkpoints": [str(path) for path in self.checkpoints],
            "samples": [str(path) for path in self.samples],
            "stopped": self.stopped,
            "state": str(self.state) if self.state else None,
        }


def plan_training(project: Project, request: TrainRequest) -> PlannedRun:
    """The run that is asked for, before anything is written. Raises UserError."""
    require_extra("train")
    with _told_to_the_user():
        return plan_run(project, request)


def train_lora(job: Job, plan: PlannedRun, in_process: bool = False) -> TrainReport:
    """Train a planned run to its end, in a thread or a process of its own.

    Hands over one Preflight, one RunStarted, then every event. Cancelling the job stops the run,
    which saves its state and a checkpoint first; the report then says `stopped`. Raises UserError
    when the run can't go on, TrainingFailedError when a bug ended it.
    """
    with _told_to_the_user():
        job.hand_over(preflight(plan, read_dataset(plan.config)))
        _write_run(plan)
        start = start_in_process if in_process else start_in_thread
        with _recorder(job, plan) as recorder:
            run = start(plan.config, recorder.hear)
            recorder.announce(RunStarted(plan.name, run))
            last = _wait(job, run)
    if isinstance(last, Failed):
        raise _failure(last)
    saved = last.checkpoints if isinstance(last, Finished) else recorder.checkpoints
    return TrainReport(
        run=plan.name,
        folder=plan.folder,
        checkpoints=tuple(path for path in dict.fromkeys(saved) if path.exists()),
        samples=tuple(recorder.samples),
        stopped=isinstance(last, Stopped),
        state=recorder.state,
    )


def _wait(job: Job, run: Run) -> Event:
    """The last event of the run; a cancelled job asks it to stop once."""
    asked = False
    while (last := run.wait(POLL_S)) is None:
        try:
            job.check()
        except Cancelled:
            if not asked:
                run.stop()
            asked = True
    return last


class _Recorder:
    """Hears the events of a run, in the run's thread: keeps them in a file and hands them on."""

    def __init__(self, job: Job, file: TextIO) -> None:
        self._job = job
        self._file = file
        self._records = True
        self._announced = threading.Event()
        self.checkpoints: list[Path] = []
        self.samples: list[Path] = []
        self.state: Path | None = None

    def announce(self, started: RunStarted) -> None:
        """Hand over the run itself, for which its first event waits."""
        try:
            self._job.hand_over(started)
        finally:
            self._announced.set()

    def hear(self, event: Event) -> None:
        """Take one event."""
        self._announced.wait()
        self._record(event)
        if isinstance(event, Saved):
            self.checkpoints.append(event.path)
        elif isinstance(event, Sampled):
            self.samples.append(event.path)
        elif isinstance(event, StateSaved):
            self.state = event.path
        self._job.hand_over(event)

    def _record(self, event: Event) -> None:
        """A full disk must not end the run from here; its next checkpoint says so in a sentence."""
        if not self._records:
            return
        try:
            self._file.write(to_json(event) + "\n")
            self._file.flush()
        except OSError as error:
            self._records = False
            name = Path(self._file.name)
            self._job.hand_over(Note(f"{write_error(error, name)} The run goes on."))


@contextmanager
def _recorder(job: Job, plan: PlannedRun) -> Iterator[_Recorder]:
    path = plan.folder / EVENTS_FILE
    try:
        is_cut_off = path.exists() and path.read_bytes()[-1:] not in (b"", b"\n")
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise write_error(error, path) from error
    try:
        if is_cut_off:
            file.write("\n")  # else what comes now would be lost with the half line
        yield _Recorder(job, file)
    finally:
        with suppress(OSError):  # what a full disk refused, as was told, is still waiting
            file.close()


def _write_run(plan: PlannedRun) -> None:
    try:
        plan.folder.mkdir(parents=True, exist_ok=plan.resumed)
    except OSError as error:
        raise write_error(error, plan.folder) from error
    write_atomic(plan.folder / RUN_FILE, dump_run(plan.config).encode())


def _failure(event: Failed) -> Exception:
    if "Traceback (most recent call last)" in event.details:
        return TrainingFailedError(f"{event.message}\n{event.details}")
    return UserError(event.message, f"{event.hint} {event.details}".strip())


@contextmanager
def _told_to_the_user() -> Iterator[None]:
    """What the trainer says to its owner is said to the user."""
    try:
        yield
    except TrainerError as error:
        raise UserError(error.message, error.hint) from error
