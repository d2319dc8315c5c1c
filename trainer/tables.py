"""Tables that a run writes beside its events, for spreadsheets, plots and the window."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from trainer.errors import TrainerError
from trainer.events import Event, Note
from trainer.files import disk_error, replaced

Emit = Callable[[Event], None]
Row = Sequence[object]


class Table:
    """A CSV file whose first column is the step. A disk that refuses later is noted once."""

    def __init__(self, path: Path, columns: Sequence[str], emit: Emit) -> None:
        """Raises TrainerError when the disk refuses the file."""
        self._path = path
        self._columns = columns
        self._emit = emit
        self._file: TextIO | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("a").close()
        except OSError as error:
            raise disk_error(path, error) from error

    def begin(self, first_step: int) -> None:
        """Go on after `first_step`: what a run that was cut off wrote beyond it is dropped.

        A run from the first step on puts a table that is there aside, as NAME-1.csv and so on.
        """
        try:
            if self._path.stat().st_size:
                if first_step:
                    self._drop_after(first_step)
                else:
                    self._path.rename(_free(self._path))
            self._file = self._path.open("a", newline="", encoding="utf-8", buffering=1)
            if not self._file.tell():
                csv.writer(self._file).writerow(self._columns)
        except OSError as error:
            self._give_up(disk_error(self._path, error))
        except TrainerError as error:
            self._give_up(error)

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows, in the order of the columns."""
        if self._file is None:
            return
        try:
            csv.writer(self._file).writerows(rows)
        except OSError as error:
            self._give_up(disk_error(self._path, error))

    def close(self) -> None:
        """Nothing is written any more."""
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):  # what the disk refused is still waiting to be written
                file.close()

    def _drop_after(self, step: int) -> None:
        with self._path.open(newline="", encoding="utf-8", errors="replace") as file:
            kept = [row for row in csv.DictReader(file, restval="") if _step(row) <= step]
        with (
            replaced(self._path) as beside,
            beside.open("w", newline="", encoding="utf-8") as file,
        ):
            table = csv.DictWriter(file, self._columns, restval="", extrasaction="ignore")
            table.writeheader()
            table.writerows(kept)

    def _give_up(self, error: TrainerError) -> None:
        self.close()
        self._emit(Note(f"{error.message} The run goes on."))


def _step(row: dict[str, str]) -> float:
    try:
        return int(row.get("step", ""))
    except ValueError:  # half a line of a run that was killed
        return float("inf")


def _free(path: Path) -> Path:
    number = 1
    while (found := path.with_name(f"{path.stem}-{number}{path.suffix}")).exists():
        number += 1
    return found
