"""The table of losses and rates that a run writes beside its events, for spreadsheets and plots."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trainer.events import Event, Started, Step, Validated
from trainer.tables import Emit, Row, Table

_COLUMNS = ("step", "epoch", "loss", "learning_rate", "validation_loss", "train_loss")


@contextmanager
def logged(emit: Emit, path: Path | None) -> Iterator[Emit]:
    """`emit` that also writes steps and validations to the CSV file `path`; None writes nothing.

    `train_loss` is the loss of trained pictures, measured like the validation loss. Raises
    TrainerError when the disk refuses the file.
    """
    if path is None:
        yield emit
        return
    table = Table(path, _COLUMNS, emit)

    def hear(event: Event) -> None:
        if isinstance(event, Started):
            table.begin(event.first_step)
        table.add(_rows(event))
        emit(event)

    try:
        yield hear
    finally:
        table.close()


def _rows(event: Event) -> list[Row]:
    if isinstance(event, Step):
        return [(event.step, event.epoch, event.loss, event.learning_rate, "", "")]
    if isinstance(event, Validated):
        trained = "" if event.train_loss is None else event.train_loss
        return [(event.step, event.epoch, "", "", event.loss, trained)]
    return []
