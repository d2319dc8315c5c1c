"""The status line, the workspaces' counts and the balance follow every key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core import edits
from curator.core.records import ImageSet, SetKind
from curator.ui.app import App
from curator.ui.session import Session
from tests.helpers.windows import make_project, press, session_of, wait_for

Open = Callable[..., App]


def strip_words(session: Session) -> str:
    return session.around.status.strip.accessibleName()


def test_the_shares_follow_every_key(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    status, switch = session.around.status, session.around.switch
    wait_for(lambda: strip_words(session) == "Balance: nothing rated yet")
    assert status.shown.text() == "12 of 12 shown"
    press(session.pictures.grid, "1", "1", "2")
    words = "Balance: primary 2x5=10 · supporting 1x2=2 · 12 steps/epoch"
    wait_for(lambda: strip_words(session) == words, "the shares")
    assert status.progress.text().startswith("9 unrated")
    assert switch.buttons["cull"].text() == "Cull   9 unrated"
    assert switch.buttons["train"].text() == "Train   3 pictures"
    press(session.pictures.grid, *"1" * 4)
    wait_for(lambda: " left" in status.progress.text(), "the pace")
    press(session.pictures.grid, *"1" * 5)
    wait_for(lambda: status.progress.text() == "all rated", "the end")


def test_the_selection_is_counted(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    QTest.keyClick(session.pictures.grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert session.around.status.shown.text() == "12 of 12 shown, 12 selected"


def test_regularization_pictures_are_not_waited_for(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    project, ids = session.context.project, session.context.model.ids
    reg = ImageSet(project.new_set_id(), "dogs", SetKind.REGULARIZATION)
    project.apply(edits.create_set(reg, project.images(ids[:5])))
    wait_for(lambda: session.around.status.progress.text().startswith("7 unrated"))


def test_what_left_the_filter_is_told_and_asked_again(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    outdated = session.around.status.outdated
    found: list[str] = []
    session.finder.found.connect(lambda: found.append(session.finder.query))
    session.finder.ask("is:undecided")
    wait_for(lambda: found, "the undecided")
    press(session.pictures.grid, "1", "2")
    wait_for(lambda: outdated.text() == "2 pictures differ from the filter - F5", "the words")
    assert outdated.isVisible()
    QTest.mouseClick(outdated, Qt.MouseButton.LeftButton)
    wait_for(lambda: len(session.context.model.ids) == 10, "the filter")
    assert not outdated.isVisible()


def test_the_workspaces_are_pressed(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    buttons = session.around.switch.buttons
    assert buttons["cull"].isChecked()
    QTest.keyClick(session.window, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert session.window.workspace == "train"
    assert buttons["train"].isChecked()
    assert not session.around.facets.isVisible()
    QTest.mouseClick(buttons["cull"], Qt.MouseButton.LeftButton)
    assert session.around.facets.isVisible()
