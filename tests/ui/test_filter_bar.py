"""The filter: completed while it is typed, sorted and grouped by menus, explained where wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core import caption_edits, edits
from curator.core.records import ImageSet
from curator.ui.app import App
from curator.ui.filter_bar import marked_at
from curator.ui.query_edit import QueryEdit
from curator.ui.session import Session
from tests.helpers.windows import make_project, press, session_of, wait_for

Open = Callable[..., App]


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    """Twelve pictures, two of them in the set "red coat"; the filter has the keyboard."""
    session = session_of(open_window(make_project(tmp_path)))
    project = session.context.project
    coat = ImageSet(project.new_set_id(), "red coat")
    project.apply(edits.create_set(coat, project.images(session.context.model.ids[:2])))
    QTest.keyClick(session.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: session.filter_bar.edit.words.sets, "the words")
    return session


def offered(edit: QueryEdit) -> list[str]:
    if not edit.offers.isVisible():
        return []
    return [edit.offers.item(at).text() for at in range(edit.offers.count())]


def test_a_query_is_completed_by_keys(session: Session) -> None:
    edit = session.filter_bar.edit
    QTest.keyClicks(edit, "se")
    assert offered(edit) == ["set:"]
    press(edit, Qt.Key.Key_Tab)
    assert edit.text() == "set:"
    QTest.keyClicks(edit, "co")
    assert offered(edit) == ["red coat"]
    press(edit, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert edit.text() == 'set:"red coat" '
    wait_for(lambda: len(session.context.model.ids) == 2, "the set")
    assert edit.hasFocus()
    press(edit, Qt.Key.Key_Escape)
    assert not edit.hasFocus()


def test_enter_without_a_choice_asks_what_is_typed(session: Session) -> None:
    edit = session.filter_bar.edit
    QTest.keyClicks(edit, "id:..4 i")
    assert "is:" in offered(edit)
    press(edit, Qt.Key.Key_Escape)
    assert offered(edit) == []
    press(edit, Qt.Key.Key_Backspace, Qt.Key.Key_Return)
    wait_for(lambda: len(session.context.model.ids) == 4)


def test_a_word_is_chosen_by_the_mouse_and_the_arrows_go_round(session: Session) -> None:
    edit = session.filter_bar.edit
    QTest.keyClicks(edit, "is:")
    titles = offered(edit)
    press(edit, Qt.Key.Key_Up)
    assert edit.offers.currentRow() == len(titles) - 1
    press(edit, Qt.Key.Key_Down)
    assert edit.offers.currentRow() == 0
    place = edit.offers.visualItemRect(edit.offers.item(titles.index("undecided"))).center()
    QTest.mouseClick(edit.offers.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert edit.text() == "is:undecided "
    press(edit, Qt.Key.Key_Down)
    assert "tag:" in offered(edit)


def test_the_words_follow_edits(session: Session) -> None:
    context = session.context
    context.change([1], lambda images: caption_edits.set_caption(images, "striped tail"))
    wait_for(lambda: session.filter_bar.edit.words.tags, "the tag")
    QTest.keyClicks(session.filter_bar.edit, "strip")
    assert offered(session.filter_bar.edit) == ["tag:striped tail"]


def test_the_order_is_kept_in_the_query(session: Session) -> None:
    bar = session.filter_bar
    ids = list(session.context.model.ids)
    bar.edit.setText("id:..6")
    bar.sorting.setCurrentIndex(bar.sorting.findData("-added"))
    bar.sorting.activated.emit(bar.sorting.currentIndex())
    wait_for(lambda: list(session.context.model.ids) == ids[5::-1], "the order")
    assert bar.edit.text() == "id:..6 sort:-added"
    session.finder.ask("sort:width")
    assert bar.sorting.currentIndex() == -1
    assert bar.edit.text() == "sort:width"
    session.finder.ask("")
    assert bar.sorting.currentData() == ""


def test_groups_have_headings(session: Session) -> None:
    bar = session.filter_bar
    bar.grouping.setCurrentIndex(bar.grouping.findData("set"))
    bar.grouping.activated.emit(bar.grouping.currentIndex())
    wait_for(
        lambda: [one.title for one in session.context.model.sections] == ["red coat", "no set"]
    )


def test_what_is_wrong_is_said_and_marked(session: Session) -> None:
    bar = session.filter_bar
    before = list(session.context.model.ids)
    QTest.keyClicks(bar.edit, "id:..4 colour:red ")
    press(bar.edit, Qt.Key.Key_Return)
    wait_for(bar.problem.isVisible, "the problem")
    assert "There is no field" in bar.problem.text()
    assert "id:..4 <u><b>c</b></u>olour:red" in bar.problem.text()
    assert list(session.context.model.ids) == before
    bar.edit.setText("id:..4")
    press(bar.edit, Qt.Key.Key_Return)
    wait_for(lambda: not bar.problem.isVisible(), "its end")


def test_a_long_query_is_shown_around_the_mark() -> None:
    assert marked_at("a<b", 1) == "a<u><b>&lt;</b></u>b"
    assert marked_at("ab", 2) == "ab<u><b>&nbsp;</b></u>"
    assert marked_at("x" * 100 + "!" + "y" * 100, 100) == (
        "…" + "x" * 40 + "<u><b>!</b></u>" + "y" * 40 + "…"
    )
