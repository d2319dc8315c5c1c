"""A hundred thousand paints and emits of the real grid lose no reference and keep no memory."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import psutil
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPixmap

from curator.ui.app import App
from curator.ui.cells_view import SMALLEST_PX
from tests.helpers.windows import make_project, session_of, wait_for

PAINTS = 100_000
WARM_UP = 10_000
MOST_GROWTH = 20 << 20  # bytes
# PySide6 6.12 lost a reference at each of these calls, and aborted within thousands of them.
SINGLETONS = (None, True, False)
MOST_LOST = 1_000


def references() -> list[int]:
    return [sys.getrefcount(one) for one in SINGLETONS]


def test_a_hundred_thousand_paints_and_emits_leave_no_trace(
    open_window: Callable[..., App], tmp_path: Path
) -> None:
    session = session_of(open_window(make_project(tmp_path, 30)))
    grid, model = session.pictures.grid, session.context.model
    grid.set_cell_px(SMALLEST_PX)
    side = grid._side_px()
    images = [model.record(row) for row in range(len(model.ids))]
    wait_for(lambda: all(i and session.thumbnails.get(i, side) for i in images), "thumbnails")
    seen, heard = [], []
    screen = QPixmap(grid.viewport().size())
    nothing = Qt.ItemDataRole.DecorationRole

    def soak(times: int) -> None:
        for at in range(times):
            index = model.index(at % len(model.ids), 0)
            cell = grid.visualRect(index)
            grid.viewport().render(screen, cell.topLeft(), cell)
            assert index.data(nothing) is None
            session.context.selection.go_to(model.ids[at % len(model.ids)])
