"""Removing hides; emptying the trash asks once, with the numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from curator.ui.app import App
from tests.helpers.windows import make_project, press, session_of, wait_for

Open = Callable[..., App]


def test_a_removed_picture_goes_and_undo_brings_it_back(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    context, grid = session.context, session.pictures.grid
    second = context.model.ids[1]
    press(grid, Qt.Key.Key_Delete)
    wait_for(lambda: len(context.model.ids) == 11, "one picture less")
    assert context.selection.current == second
    press(grid, Qt.Key.Key_Backspace)
    wait_for(lambda: len(context.model.ids) == 12, "the picture again")


def test_emptying_the_trash_asks_once_and_sends_the_copies_away(
    open_window: Open, tmp_path: Path, system_trash: Path
) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    context = session.context
    file = context.project.root / context.project.image(context.model.ids[0]).path
    press(session.pictures.grid, Qt.Key.Key_Delete)
    wait_for(lambda: len(context.model.ids) == 11, "one picture less")
    app.window.actions_table["empty_trash"].trigger()
    wait_for(lambda: app.window.findChildren(QMessageBox), "the question")
    (box,) = app.window.findChildren(QMessageBox)
    assert "1 removed picture" in box.text()
    yes = next(b for b in box.buttons() if b.text() == "Empty it")
    QTest.mouseClick(yes, Qt.MouseButton.LeftButton)
    wait_for(lambda: not context.project.trash().ids, "an empty trash")
    assert not file.exists()
    assert list(system_trash.rglob(file.name))


def test_an_empty_trash_asks_nothing(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    app.window.actions_table["empty_trash"].trigger()
    wait_for(lambda: session_of(app).notices.lines(), "a notice")
    assert app.window.findChildren(QMessageBox) == []
