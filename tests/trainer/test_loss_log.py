"""The table of losses beside the events."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from trainer.errors import TrainerError
from trainer.events import Event, Note, Step, Validated
from trainer.loss_log import logged


def test_steps_and_validations_become_rows_and_every_event_is_passed_on(tmp_path: Path) -> None:
    heard: list[Event] = []
    events: list[Event] = [Step(1, 1, 0.5, 1e-4, None), Note("hello"), Validated(1, 1, 0.25)]
    for _ in range(2):  # as a resumed run does
        with logged(heard.append, tmp_path / "logs" / "fred.csv") as emit:
            for event in events:
                emit(event)
    assert heard == events * 2
    rows = ["1,1,0.5,0.0001,", "1,1,,,0.25"]
    assert (tmp_path / "logs" / "fred.csv").read_text("utf-8").splitlines() == [
        "step,epoch,loss,learning_rate,validation_loss",
        *rows * 2,
    ]


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    heard: list[Event] = []
    with logged(heard.append, None) as emit:
        emit(Note("hello"))
    assert heard == [Note("hello")]
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(TrainerError, match="could not be written"),
        logged(lambda _event: None, tmp_path / "file" / "a.csv"),
    ):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="needs a device that is always full")
def test_a_disk_that_fills_up_is_noted_once_and_the_run_goes_on(tmp_path: Path) -> None:
    table = tmp_path / "fred.csv"
    table.symlink_to("/dev/full")
    heard: list[Event] = []
    steps = [Step(number, 1, 0.5, 1e-4, None) for number in (1, 2)]
    with logged(heard.append, table) as emit:
        for step in steps:
            emit(step)
    note, *rest = heard
    assert isinstance(note, Note)
    assert "the disk is full" in note.text
    assert rest == steps
