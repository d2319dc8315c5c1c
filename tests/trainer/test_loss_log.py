"""The table of losses beside the events."""

from __future__ import annotations

from pathlib import Path

from trainer.events import Event, Note, Started, Step, Validated
from trainer.loss_log import logged


def started(first_step: int) -> Started:
    return Started(10, 2, 5, 5, 0, first_step, "cpu", "no")


def told(path: Path | None, *events: Event) -> list[Event]:
    heard: list[Event] = []
    with logged(heard.append, path) as emit:
        for event in events:
            emit(event)
    return heard


def test_steps_and_validations_become_rows_and_every_event_is_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "fred.csv"
    step, gap = Step(1, 1, 0.5, 1e-4, None), Validated(1, 1, 0.25, 0.125)
    events = [started(0), step, Note("hello"), gap, Step(2, 1, 0.4, 1e-4, None)]
    assert told(path, *events) == events
    told(path, started(1), Validated(2, 1, 0.2))  # goes on from step 1
    assert path.read_text("utf-8").splitlines() == [
        "step,epoch,loss,learning_rate,validation_loss,train_loss",
        "1,1,0.5,0.0001,,",
        "1,1,,,0.25,0.125",
        "2,1,,,0.2,",
    ]


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    assert told(None, Note("hello")) == [Note("hello")]
    assert not list(tmp_path.iterdir())
