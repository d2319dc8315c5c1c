"""A run as its owner holds it: in a thread or in a process of its own, with the same verbs."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from trainer.config import RunConfig, anchored, dump_run
from trainer.control import Control
from trainer.errors import TrainerError
from trainer.events import LAST_EVENTS, Event
from trainer.perform import Emit, perform
from trainer.run_process import TRAINER_COMMAND, ProcessRun


class Run(Protocol):
    """A run under way. The verbs return at once and do nothing once the run has ended."""

    def stop(self) -> None:
        """Save the state and a checkpoint at the next step border, then end."""

    def stop_after_epoch(self) -> None:
        """The same when the epoch under way is done."""

    def pause(self) -> None:
        """Wait at the next step border."""

    def resume(self) -> None:
        """Go on after a pause."""

    def save_now(self) -> None:
        """Save a checkpoint and the state at the next step border."""

    def sample_now(self) -> None:
        """Draw the sample pictures at the next step border."""

    def wait(self, timeout_s: float | None = None) -> Event | None:
        """The last event (Finished, Stopped, Failed) once the run is over; None on a time-out."""


def start_in_thread(config: RunConfig, emit: Emit) -> Run:
    """Train in a thread of this process; `emit` is called from that thread, in order."""
    return _ThreadRun(config, emit)


def start_in_process(
    config: RunConfig,
    emit: Emit,
    *,
    run_file: Path | None = None,
    command: Sequence[str] = TRAINER_COMMAND,
) -> Run:
    """Train in a process of its own; `emit` is called from a thread of this one, in order.

    The run is written to `run_file`, or to a temporary one. `command` is how the trainer is
    started, for an app that has no Python of its own to call. When this process dies, the run saves
    its state and ends. Raises TrainerError when the process cannot be started.
    """
    path, clean_up = _place_for(run_file)
    try:
        path.write_text(dump_run(anchored(config, Path.cwd())), encoding="utf-8")
    except OSError as error:
        clean_up()
        raise TrainerError(f"Cannot write {path}: {error.strerror}.") from error
    try:
        return ProcessRun(path, emit, command, clean_up)
    except TrainerError:
        clean_up()
        raise


def _place_for(run_file: Path | None) -> tuple[Path, Callable[[], None]]:
    if run_file is not None:
        return run_file, lambda: None
    folder = tempfile.TemporaryDirectory(prefix="run-")
    return Path(folder.name) / "run.toml", folder.cleanup


class _ThreadRun:
    def __init__(self, config: RunConfig, emit: Emit) -> None:
        self._control = Control()
        self.stop = self._control.stop
        self.stop_after_epoch = self._control.stop_after_epoch
        self.pause = self._control.pause
        self.resume = self._control.resume
        self.save_now = self._control.save_now
        self.sample_now = self._control.sample_now
        self._emit = emit
        self._last: Event | None = None
        self._thread = threading.Thread(
            target=perform, args=(config, self._hear, self._control), name="training"
        )
        self._thread.start()

    def wait(self, timeout_s: float | None = None) -> Event | None:
        self._thread.join(timeout_s)
        return None if self._thread.is_alive() else self._last

    def _hear(self, event: Event) -> None:
        if isinstance(event, LAST_EVENTS):
            self._last = event
        self._emit(event)
