"""Letters in a menu over pictures choose from it, whatever they do to pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from curator.ui.app import App
from curator.ui.key_menu import KeyMenu
from tests.helpers.windows import make_project, press, session_of, settle, wait_for


@pytest.mark.parametrize(("key", "reason"), [(Qt.Key.Key_C, "cluttered"), (Qt.Key.Key_B, "blurry")])
def test_a_letter_names_the_reason_though_it_is_a_key_of_pictures(
    open_window: Callable[..., App], tmp_path: Path, key: Qt.Key, reason: str
) -> None:
    session = session_of(open_window(make_project(tmp_path, 3)))
    grid, context = session.pictures.grid, session.context
    first = context.model.ids[0]
    QTest.keyClick(grid, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    wait_for(lambda: _open(session.window), "the reasons")
    QTest.keyClick(session.window.windowHandle(), key)  # as the system sends it
    wait_for(lambda: not _open(session.window), "the menu to go")
    settle(context)
    assert context.project.image(first).reject_reason == reason
    assert not session.pictures.is_comparing
    press(grid, Qt.Key.Key_Space)
    assert not grid.isVisible()  # the keys of pictures hold again


def _open(window: QWidget) -> list[KeyMenu]:
    return [menu for menu in window.findChildren(KeyMenu) if menu.isVisible()]
