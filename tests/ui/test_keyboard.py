"""Changing keys: they hold at once, and two actions that share one are named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from curator.core.records import Rating
from curator.ui.app import App
from curator.ui.dialogs.keyboard import KeyboardDialog
from curator.ui.preferences import Preferences
from tests.helpers.windows import dialog_of, make_project, press, session_of, settle, wait_for

Open = Callable[..., App]


def opened(app: App, action: str) -> KeyboardDialog:
    """The dialog with an action chosen."""
    app.window.actions_table["keyboard"].trigger()
    dialog = dialog_of(app, KeyboardDialog)
    (item,) = dialog.tree.findItems(action, Qt.MatchFlag.MatchExactly)
    dialog.tree.setCurrentItem(item)
    return dialog


def add(dialog: KeyboardDialog, key: str) -> None:
    dialog.key.setKeySequence(QKeySequence(key))
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)


def test_a_new_key_rates_and_is_kept(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    context = session_of(app).context
    dialog = opened(app, "Primary")
    add(dialog, "Q")
    dialog.close()
    app.window.activateWindow()
    wait_for(app.window.isActiveWindow, "the window to be active")
    first = context.model.ids[0]
    press(session_of(app).pictures.grid, "q")
    settle(context)
    assert context.project.image(first).rating == Rating.PRIMARY
    app.preferences.save()
    kept = Preferences(tmp_path / "preferences.ini").keys["rate_primary"]
    assert kept == ["1", "Ctrl+1", "Q"]


def test_a_shared_key_is_named_and_can_be_set_back(open_window: Open) -> None:
    app = open_window()
    dialog = opened(app, "Primary")
    add(dialog, "2")
    assert "Primary" in dialog.problem.text()
    assert "Supporting" in dialog.problem.text()
    QTest.mouseClick(dialog.reset, Qt.MouseButton.LeftButton)
    assert dialog.problem.text() == ""
    assert app.preferences.keys == {}


def test_an_action_may_have_no_key(open_window: Open) -> None:
    app = open_window()
    dialog = opened(app, "Undo")
    QTest.mouseClick(dialog.clear, Qt.MouseButton.LeftButton)
    assert app.window.actions_table["undo"].shortcuts() == []


def test_searching_narrows_the_list(open_window: Open) -> None:
    dialog = opened(open_window(), "Undo")
    QTest.keyClicks(dialog.search, "reject")
    rows = [dialog.tree.topLevelItem(at) for at in range(dialog.tree.topLevelItemCount())]
    shown = [row.text(0) for row in rows if row is not None and not row.isHidden()]
    assert "Reject" in shown
    assert "Undo" not in shown
