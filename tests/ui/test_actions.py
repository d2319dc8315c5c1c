"""The action table: every action once, no key twice, and keys that hold where pictures are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from curator.core.records import Rating
from curator.ui import actions
from curator.ui.action_rows import MENUS
from curator.ui.actions import ACTIONS, ActionTable
from curator.ui.app import App
from tests.helpers.windows import make_project, press, session_of, settle

Open = Callable[..., App]


def test_no_key_is_shared() -> None:
    assert actions.clashes({}) == []


def test_every_action_is_named_once_and_has_a_menu_and_words() -> None:
    assert len({row.name for row in ACTIONS}) == len(ACTIONS)
    assert len({(row.menu, row.title) for row in ACTIONS}) == len(ACTIONS)
    assert {row.menu for row in ACTIONS} == set(MENUS)
    assert all(row.title.strip() == row.title != "" for row in ACTIONS)


@pytest.mark.parametrize("key", [key for row in ACTIONS for key in row.keys])
def test_qt_knows_every_key(key: str) -> None:
    assert QKeySequence(key)[0].key() not in (Qt.Key.Key_unknown, Qt.Key(0))


def test_a_chosen_key_that_another_action_has_is_found() -> None:
    assert actions.clashes({"reject": ["1"]}) == [("1", "rate_primary", "reject")]
    assert actions.clashes({"reject": ["ctrl+z"]}) == [("Ctrl+Z", "undo", "reject")]
    assert actions.clashes({"reject": ["Q"], "find": []}) == []


def test_chosen_keys_replace_those_of_the_row(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    table = ActionTable(window, {"reject": ["R"], "undo": []})
    assert [key.toString() for key in table["reject"].shortcuts()] == ["R"]
    assert table["reject"].toolTip() == "Reject (R)"
    assert table["undo"].shortcuts() == []
    assert table["undo"].toolTip() == "Undo"
    table.bind_keys({})
    assert table.keys_text("undo") == "Ctrl+Z"


def test_an_action_does_what_it_was_told_to_until_that_is_forgotten(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    table, done = ActionTable(window, {}), []
    table.do_with({"refresh": lambda: done.append("refresh")})
    table["refresh"].trigger()
    table["balance"].trigger()
    table.forget(["refresh"])
    table["refresh"].trigger()
    assert done == ["refresh"]


def test_without_a_project_only_what_needs_none_is_on(open_window: Open) -> None:
    table = open_window().window.actions_table
    assert all(table[row.name].isEnabled() is not row.needs_project for row in ACTIONS)


def test_letters_are_letters_where_text_is_typed(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    context = session.context
    press(session.pictures.grid, "/")
    assert session.filter_bar.edit.hasFocus()
    press(session.filter_bar.edit, "x", "1")
    settle(context)
    assert session.filter_bar.edit.text() == "x1"
    record = context.project.image(context.model.ids[0])
    assert (record.rejected, record.rating) == (False, Rating.UNRATED)
    press(session.filter_bar.edit, Qt.Key.Key_Escape)
    assert not session.filter_bar.edit.hasFocus()
