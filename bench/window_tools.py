"""Tools in bench/window.py: a crop is dragged on a large photo, sixty times a second."""

from __future__ import annotations

import math
import time
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from window_eye import Eye
from window_rows import Row, rest, until

from curator.ui.session import Session
from curator.ui.view_state import Zoom

FRAME_MS = 1000 / 60
NO, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


def drag_crop(session: Session, eye: Eye, times: int, when: str) -> list[Row]:
    """Drag the inside of a crop about; from mouse event to painted, whole and enlarged."""
    session.pictures.show_loupe()
    rest(3)
    session.pictures.open_tool("crop")
    bench, state = session.pictures.tools.bench, session.pictures.view_state
    until(bench.stage.isVisible, "the tool")
    tool = bench.tool
    assert tool is not None
    assert tool.ground is not None
    width, height = tool.ground.size
    tool.do("tool_lock")
    rows = []
    for zoom in (Zoom.FIT, Zoom.ACTUAL):
        state.set(replace(state.view, zoom=zoom))
        rest(3)
        middle = bench.stage.on_screen((width / 2, height / 2)).toPoint()
        took = []
        QTest.mousePress(bench.stage, LEFT, NO, middle)
        for n in range(times):
            before, began = len(eye.large), time.perf_counter()
            turn = n / 10
            by = QPoint(round(90 * math.sin(turn)), round(90 * math.cos(turn)))
            QTest.mouseMove(bench.stage, middle + by)
            until(lambda b=before: len(eye.large) > b, "a paint")
            took.append(time.perf_counter() - began)
            rest(max(0, FRAME_MS / 1000 - took[-1]))
        QTest.mouseRelease(bench.stage, LEFT, NO, middle)
        rows.append(
            Row(f"crop drag, {width}x{height}, {zoom.value}, {when}", took, round(FRAME_MS))
        )
    bench.cancel()
    session.pictures.show_grid()
    return rows
