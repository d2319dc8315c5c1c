"""Choosing by a few letters: the palette, and what was typed where nothing fits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from curator.ui.app import App
from curator.ui.chooser import Choice, Chooser
from tests.helpers.windows import press

Open = Callable[..., App]


def opened(parent: QWidget, chosen: list[str]) -> Chooser:
    """A chooser of two sets, that makes a new one of anything else."""

    def choice(title: str) -> Choice:
        return Choice(title, lambda: chosen.append(title))

    choices = [choice("red coat"), choice("blue coat")]
    chooser = Chooser(parent, "Set", choices, lambda typed: choice(f"New set {typed}"))
    chooser.open_over(parent)
    return chooser


def test_letters_and_enter_choose(open_window: Open) -> None:
    chosen: list[str] = []
    chooser = opened(open_window().window, chosen)
    QTest.keyClicks(chooser.edit, "blu")
    press(chooser.edit, Qt.Key.Key_Return)
    assert chosen == ["blue coat"]


def test_arrows_go_down_the_list(open_window: Open) -> None:
    chosen: list[str] = []
    chooser = opened(open_window().window, chosen)
    press(chooser.edit, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert chosen == ["blue coat"]


def test_what_fits_nothing_can_be_made(open_window: Open) -> None:
    chosen: list[str] = []
    chooser = opened(open_window().window, chosen)
    QTest.keyClicks(chooser.edit, "hat")
    press(chooser.edit, Qt.Key.Key_Return)
    assert chosen == ["New set hat"]


def test_escape_chooses_nothing(open_window: Open) -> None:
    chosen: list[str] = []
    chooser = opened(open_window().window, chosen)
    press(chooser.edit, Qt.Key.Key_Escape)
    assert chosen == []


def test_the_palette_does_an_action_and_leaves_out_what_needs_a_project(open_window: Open) -> None:
    app = open_window()
    app.window.actions_table["palette"].trigger()
    (palette,) = app.window.findChildren(Chooser)
    QTest.keyClicks(palette.edit, "full screen")
    press(palette.edit, Qt.Key.Key_Return)
    assert app.window.windowState() & Qt.WindowState.WindowFullScreen
    app.window.actions_table["palette"].trigger()
    palette = app.window.findChildren(Chooser)[-1]
    QTest.keyClicks(palette.edit, "select all")
    item = palette.list.item(0)
    assert item.text().startswith("Select all")
    assert not item.flags() & Qt.ItemFlag.ItemIsEnabled
