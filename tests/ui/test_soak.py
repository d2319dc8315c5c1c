"""Thirty thousand paints and emits of the real grid lose no reference and keep no memory."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QPixmap, QRegion

from curator.ui import cells_view
from curator.ui.app import App
from curator.ui.cells_view import SMALLEST_PX
from curator.ui.grid import Grid
from tests.helpers.windows import make_project, session_of, wait_for

TIMES = 30_000
WARM_UP = 5_000
LINE = 5  # cells side by side, painted together
MOST_GROWN = 10 << 20  # bytes
# PySide6 6.12 lost a reference to None or True at each such call, and aborted within thousands.
MOST_LOST = 1_000


class Bell(QObject):
    """Tells True, which is what 6.12 lost."""

    rung = Signal(bool)


class Counts:
    """How often cells were painted and a bell was heard."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.painted = self.heard = 0
        self.bell = Bell()
        self.bell.rung.connect(self._hear)
        paint_cell = cells_view.paint_cell

        def counted(*drawn: object) -> None:
            self.painted += 1
            paint_cell(*drawn)  # type: ignore[arg-type]

        monkeypatch.setattr(cells_view, "paint_cell", counted)

    def _hear(self, is_so: bool) -> None:
        self.heard += is_so


def references() -> list[int]:
    return [sys.getrefcount(None), sys.getrefcount(True)]


def soak(grid: Grid, counts: Counts, times: int) -> None:
    """So many cells painted, a line of them at a time, and as many questions and emits."""
    model = grid.model()
    first, last = (model.index(row, 0) for row in (0, LINE - 1))
    line = QRegion(grid.visualRect(first).united(grid.visualRect(last)))
    screen = QPixmap(line.boundingRect().size())
    for at in range(times):
        if at % LINE == 0:
            grid.viewport().render(screen, QPoint(), line)
        assert first.data(Qt.ItemDataRole.DecorationRole) is None
        counts.bell.rung.emit(True)


@pytest.mark.slow
def test_thirty_thousand_paints_and_emits_leave_no_trace(
    open_window: Callable[..., App], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = Counts(monkeypatch)
    session = session_of(open_window(make_project(tmp_path, 12)))
    grid = session.pictures.grid
    grid.set_cell_px(SMALLEST_PX)
    wait_for(lambda: not session.context.jobs.running, "the first jobs")
    soak(grid, counts, WARM_UP)
    gc.collect()
    known, size = references(), psutil.Process().memory_info().rss
    counts.painted = counts.heard = 0
    soak(grid, counts, TIMES)
    gc.collect()
    assert counts.painted == counts.heard == TIMES
    assert all(abs(now - then) < MOST_LOST for now, then in zip(references(), known, strict=True))
    assert psutil.Process().memory_info().rss - size < MOST_GROWN
