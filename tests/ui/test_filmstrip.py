"""The line of neighbours below the loupe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curator.ui.app import App
from curator.ui.session import Session
from tests.helpers.windows import make_project, press, session_of

Open = Callable[..., App]


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    found = session_of(open_window(make_project(tmp_path, 60)))
    press(found.pictures.grid, Qt.Key.Key_Space)
    return found


def middle_of(session: Session, row: int) -> QPoint:
    return session.pictures.loupe.strip.rect_of(row).center()


def test_the_current_picture_is_in_the_middle_unless_near_an_end(session: Session) -> None:
    strip = session.pictures.loupe.strip
    assert strip.rect_of(0).left() == 0
    session.context.go_to_row(30)
    assert abs(middle_of(session, 30).x() - strip.width() // 2) <= 1
    session.context.go_to_row(59)
    assert strip.rect_of(59).right() == strip.width() - 1


def test_few_pictures_stand_in_the_middle(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path / "few", 3)))
    press(session.pictures.grid, Qt.Key.Key_Space)
    strip = session.pictures.loupe.strip
    assert abs(middle_of(session, 1).x() - strip.width() // 2) <= 1


def test_a_click_goes_there(session: Session) -> None:
    strip, ids = session.pictures.loupe.strip, session.context.model.ids
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=middle_of(session, 6))
    assert session.context.selection.current == ids[6]
    assert session.pictures.loupe.pane.hasFocus()


def test_the_wheel_looks_around_without_going(session: Session) -> None:
    strip = session.pictures.loupe.strip
    current = session.context.selection.current
    before = strip.rect_of(10).left()
    at = QPointF(strip.rect().center())
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    place = at, strip.mapToGlobal(at), QPoint(), QPoint(0, -240)
    QApplication.sendEvent(strip, QWheelEvent(*place, *none, False))
    assert strip.rect_of(10).left() == before - 240
    assert session.context.selection.current == current
