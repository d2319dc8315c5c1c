"""The table of losses and rates that a run writes beside its events, for spreadsheets and plots."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trainer.events import Event, Step, Validated
from trainer.files import disk_error

Emit = Callable[[Event], None]
_COLUMNS = ("step", "epoch", "loss", "learning_rate", "validation_loss")


@contextmanager
def logged(emit: Emit, path: Path | None) -> Iterator[Emit]:
    """`emit` that also writes steps and validations to the CSV file `path`; None writes nothing.

    A resumed run adds to its table. Raises TrainerError when the disk refuses.
    """
    if path is None:
        yield emit
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a", newline="", encoding="utf-8", buffering=1)
    except OSError as error:
        raise disk_error(path, error) from error
    with file:
        table = csv.writer(file)
        if file.tell() == 0:
            table.writerow(_COLUMNS)

        def both(event: Event) -> None:
            row = _row(event)
            if row:
                table.writerow(row)
            emit(event)

        yield both


def _row(event: Event) -> tuple[object, ...]:
    if isinstance(event, Step):
        return event.step, event.epoch, event.loss, event.learning_rate, ""
    if isinstance(event, Validated):
        return event.step, event.epoch, "", "", event.loss
    return ()
