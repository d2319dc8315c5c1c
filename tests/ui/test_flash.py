"""What the last key did, told over the pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.ui.app import App
from tests.helpers.windows import make_project, press, session_of, settle, wait_for

Open = Callable[..., App]


def test_it_tells_of_the_last_key_and_goes(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    grid, flash = session.pictures.grid, session.pictures.flash
    press(grid, "x")
    assert flash.text() == "Rejected"
    press(grid, "2")
    assert flash.text() == "Supporting"
    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(grid, "1")
    assert flash.text() == "Primary, 12 pictures"
    settle(session.context)
    press(grid, Qt.Key.Key_Backspace)
    wait_for(lambda: flash.text() == "Undone: Rate 12 images primary", "the undoing")
    wait_for(lambda: not flash.text(), "the end of it")


def test_it_takes_neither_the_focus_nor_the_mouse(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path, 60)))
    grid, flash = session.pictures.grid, session.pictures.flash
    press(grid, "1")
    assert grid.hasFocus()
    place = grid.viewport().mapFromGlobal(flash.mapToGlobal(flash.rect().center()))
    row = grid.indexAt(place).row()
    assert row > 1
    QTest.mouseClick(session.window.windowHandle(), Qt.MouseButton.LeftButton,
                     pos=flash.mapTo(session.window, flash.rect().center()))  # fmt: skip
    assert session.context.current_row == row
