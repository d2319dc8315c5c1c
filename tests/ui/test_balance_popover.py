"""The balance: repeats by hand and by rule, each change one edit, the warning with its way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core import edits
from curator.core.records import ImageSet, Rating
from curator.ui.app import App
from curator.ui.balance_popover import BalancePopover
from curator.ui.session import Session
from tests.helpers.windows import make_project, press, session_of, wait_for

Open = Callable[..., App]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    """Two primary pictures, one of them in the set coat, and six supporting; balance is open."""
    session = session_of(open_window(make_project(tmp_path)))
    project, ids = session.context.project, session.context.model.ids
    project.apply(edits.set_rating(project.images(ids[:2]), Rating.PRIMARY))
    project.apply(edits.set_rating(project.images(ids[2:8]), Rating.SUPPORTING))
    project.apply(edits.create_set(ImageSet(project.new_set_id(), "coat"), project.images(ids[:1])))
    QTest.keyClick(session.window, Qt.Key.Key_B, CTRL)
    wait_for(lambda: "coat" in titles(session.around.balance), "the set")
    return session


def titles(balance: BalancePopover) -> list[str]:
    return [row.title for row in balance.rows.rows()]


def test_it_opens_over_the_pictures_and_gives_the_keys_back(session: Session) -> None:
    balance = session.around.balance
    assert balance.isVisible()
    assert balance.rows.spin_of("primary").hasFocus()
    press(balance.rows.spin_of("primary"), Qt.Key.Key_Escape)
    assert not balance.isVisible()
    assert session.pictures.grid.hasFocus()
    QTest.mouseClick(session.around.status.strip, Qt.MouseButton.LeftButton)
    assert balance.isVisible()


def test_repeats_by_hand_are_one_edit_each(session: Session) -> None:
    balance, project = session.around.balance, session.context.project
    spin = balance.rows.spin_of("primary")
    press(spin, Qt.Key.Key_Up, Qt.Key.Key_Up)
    wait_for(lambda: project.settings.primary_repeats == 7, "seven")
    session.context.undo()
    wait_for(lambda: project.settings.primary_repeats == 6, "six again")
    wait_for(lambda: spin.value() == 6)
    balance.rows.spin_of("coat").setValue(9)
    wait_for(lambda: project.sets()[0].repeats == 9, "the set's own")
    session.context.undo()
    wait_for(lambda: balance.rows.spin_of("coat").value() == 0, "the project's again")
    assert not session.notices.lines()


def test_the_supporting_outweigh_and_one_click_mends_it(session: Session) -> None:
    balance, project = session.around.balance, session.context.project
    assert balance.warning.isVisible()
    assert "12 against 10" in balance.warning.text()
    QTest.mouseClick(balance.fix_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: not balance.warning.isVisible(), "the end of the warning")
    assert project.settings.balance == "double"
    assert balance.double.isChecked()
    assert balance.rows.spin_of("primary").value() == 6
    session.context.undo()
    wait_for(balance.warning.isVisible, "undo")
    QTest.mouseClick(balance.double, Qt.MouseButton.LeftButton, pos=balance.double.rect().center())


def test_rules_set_the_repeats(session: Session) -> None:
    balance, project = session.around.balance, session.context.project
    balance.times.setValue(3)
    QTest.mouseClick(balance.weigh_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: project.settings.primary_repeats == 9, "three times six steps")
    assert project.settings.supporting_repeats == 1
    balance.steps.setValue(40)
    QTest.mouseClick(balance.steps_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: project.sets()[0].repeats == 40, "forty steps of one picture")
    session.context.undo()
    wait_for(lambda: project.sets()[0].repeats is None)
    assert project.settings.primary_repeats == 9


def test_the_window_stays_in_use(session: Session) -> None:
    session.pictures.grid.setFocus()
    session.context.go_to_row(9)
    press(session.pictures.grid, "1")
    wait_for(lambda: session.around.balance.rows.rows()[0].images == 3, "the new primary")
