"""Tables that a resumed run goes on with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from trainer.errors import TrainerError
from trainer.events import Event, Note
from trainer.tables import Table

COLUMNS = ("step", "loss")


def write(path: Path, first_step: int, *steps: int) -> list[Event]:
    heard: list[Event] = []
    table = Table(path, COLUMNS, heard.append)
    table.begin(first_step)
    table.add((step, 0.5) for step in steps)
    table.close()
    return heard


def steps_in(path: Path) -> list[str]:
    header, *rows = path.read_text("utf-8").splitlines()
    assert header == "step,loss"
    return [row.partition(",")[0] for row in rows]


def test_a_resumed_run_drops_what_was_written_beyond_its_state(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "fred.csv"
    write(path, 0, 1, 2, 3, 4)
    with path.open("a") as file:
        file.write("5,0.")  # the run was killed here
        file.write("\nhalf a li")
    assert write(path, 2, 3) == []
    assert steps_in(path) == ["1", "2", "3"]


def test_a_new_run_puts_the_table_of_an_older_one_aside(tmp_path: Path) -> None:
    path = tmp_path / "fred.csv"
    for step in (1, 2, 3):
        write(path, 0, step)
    rows = [steps_in(tmp_path / name) for name in ("fred-1.csv", "fred-2.csv", "fred.csv")]
    assert rows == [["1"], ["2"], ["3"]]


def test_a_table_of_an_older_version_gets_the_new_columns(tmp_path: Path) -> None:
    path = tmp_path / "fred.csv"
    path.write_text("step,epoch\n1,1\n", "utf-8")
    write(path, 1, 2)
    assert path.read_text("utf-8").splitlines() == ["step,loss", "1,", "2,0.5"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TrainerError, match="could not be written"):
        Table(tmp_path / "file" / "a.csv", COLUMNS, lambda _event: None)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a device that is always full")
def test_a_disk_that_fills_up_is_noted_once(tmp_path: Path) -> None:
    path = tmp_path / "fred.csv"
    path.symlink_to("/dev/full")
    (note,) = write(path, 0, 1, 2)
    assert isinstance(note, Note)
    assert "the disk is full" in note.text
    assert "The run goes on" in note.text
