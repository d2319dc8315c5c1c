"""The table of losses and rates that a run writes beside its events, for spreadsheets and plots."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from trainer.events import Event, Note, Step, Validated
from trainer.files import disk_error

Emit = Callable[[Event], None]
_COLUMNS = ("step", "epoch", "loss", "learning_rate", "validation_loss")


@contextmanager
def logged(emit: Emit, path: Path | None) -> Iterator[Emit]:
    """`emit` that also writes steps and validations to the CSV file `path`; None writes nothing.

    A resumed run adds to its table. Raises TrainerError when the disk refuses the file; when it
    fills up later, a Note says so and the run goes on without its table.
    """
    if path is None:
        yield emit
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a", newline="", encoding="utf-8", buffering=1)
    except OSError as error:
        raise disk_error(path, error) from error
    try:
        yield _Table(file, path, emit).hear
    finally:
        with suppress(OSError):  # what the disk refused is still waiting to be written
            file.close()


class _Table:
    """Writes the rows as long as the disk takes them."""

    def __init__(self, file: TextIO, path: Path, emit: Emit) -> None:
        self._file = file
        self._path = path
        self._emit = emit
        self._refused = False

    def hear(self, event: Event) -> None:
        row = _row(event)
        if row and not self._refused:
            self._write(row)
        self._emit(event)

    def _write(self, row: tuple[object, ...]) -> None:
        try:
            table = csv.writer(self._file)
            if self._file.tell() == 0:
                table.writerow(_COLUMNS)
            table.writerow(row)
        except OSError as error:
            self._refused = True
            self._emit(Note(f"{disk_error(self._path, error).message} The run goes on."))


def _row(event: Event) -> tuple[object, ...]:
    if isinstance(event, Step):
        return event.step, event.epoch, event.loss, event.learning_rate, ""
    if isinstance(event, Validated):
        return event.step, event.epoch, "", "", event.loss
    return ()
