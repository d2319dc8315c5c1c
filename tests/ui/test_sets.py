"""Sets: made, changed, filled by drag and by key, and taken away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curator.core import edits
from curator.core.records import ImageSet, SetKind
from curator.ui.app import App
from curator.ui.chooser import Chooser
from curator.ui.panels.sets import SetsPanel
from curator.ui.picture_drag import mime_of
from curator.ui.session import Session
from curator.ui.set_list import SetList
from tests.helpers.pictures import draw
from tests.helpers.windows import make_project, press, session_of, wait_for

Open = Callable[..., App]
COPY, LEFT, NO_KEY = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    """A project of twelve pictures with one set, coat, that is chosen."""
    session = session_of(open_window(make_project(tmp_path)))
    project = session.context.project
    project.apply(edits.create_set(ImageSet(project.new_set_id(), "coat")))
    panel = session.around.sets
    wait_for(lambda: panel.list.rows(), "the set")
    panel.list.setCurrentRow(0)
    return session


def panel_of(session: Session) -> SetsPanel:
    return session.around.sets


def drop(target: SetList, data: QMimeData) -> None:
    """Let go of a drag over the first set."""
    place = QPointF(target.visualItemRect(target.item(0)).center())
    over = QDragMoveEvent(place.toPoint(), COPY, data, LEFT, NO_KEY)
    target.dragMoveEvent(over)
    assert over.isAccepted()
    assert target.over_row == 0
    target.dropEvent(QDropEvent(place, COPY, data, LEFT, NO_KEY))


def chooser() -> Chooser:
    """The chooser that is open over the pictures."""
    wait_for(lambda: isinstance(QApplication.activePopupWidget(), Chooser), "the chooser")
    found = QApplication.activePopupWidget()
    assert isinstance(found, Chooser)
    return found


def test_pictures_are_dragged_onto_a_set(session: Session) -> None:
    context, panel = session.context, panel_of(session)
    ids = list(context.model.ids[:3])
    context.selection.choose(ids, ids[0])
    drop(panel.list, mime_of(context, ids))
    wait_for(lambda: panel.list.rows()[0].pictures == 3, "the count")
    assert list(context.project.select("set:coat")) == ids
    assert panel.list.over_row == -1


def test_files_from_elsewhere_are_dropped_onto_a_set(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for number in (90, 91):
        draw(number).save(folder / f"{number}.png")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    drop(panel_of(session).list, data)
    project = session.context.project
    wait_for(lambda: len(project.select("set:coat")) == 2, "the pictures")
    wait_for(lambda: not session.context.jobs.running, "the job")
    project.undo()
    assert len(project.select("")) == 12


def test_a_set_is_chosen_by_letters(session: Session) -> None:
    context, grid = session.context, session.pictures.grid
    context.project.apply(edits.create_set(ImageSet(context.project.new_set_id(), "beach")))
    ids = list(context.model.ids[:2])
    context.selection.choose(ids, ids[0])
    press(grid, "g")
    asked = chooser()
    QTest.keyClicks(asked.edit, "ct")
    press(asked.edit, Qt.Key.Key_Return)
    wait_for(lambda: list(context.project.select("set:coat")) == ids, "both in the set")
    context.go_to_row(5)
    press(grid, "g")
    asked = chooser()
    assert asked.list.item(0).text() == "coat"  # the one that was chosen last
    press(asked.edit, Qt.Key.Key_Return)
    wait_for(lambda: len(context.project.select("set:coat")) == 3)
    QTest.keyClick(grid, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    wait_for(lambda: len(context.project.select("set:coat")) == 2, "one out again")


def test_a_new_set_is_made_while_choosing(session: Session) -> None:
    context = session.context
    context.go_to_row(4)
    press(session.pictures.grid, "g")
    asked = chooser()
    QTest.keyClicks(asked.edit, "red hat")
    assert asked.list.currentItem().text() == 'New set "red hat"'
    press(asked.edit, Qt.Key.Key_Return)
    wait_for(lambda: len(context.project.select('set:"red hat"')) == 1, "the set")
    context.undo()
    wait_for(lambda: context.project.set_named("red hat") is None, "one undo for both")


def test_a_set_is_made_by_its_name(session: Session) -> None:
    panel = panel_of(session)
    session.window.actions_table["new_set"].trigger()
    assert panel.new_name.hasFocus()
    QTest.keyClicks(panel.new_name, "hat")
    press(panel.new_name, Qt.Key.Key_Return)
    wait_for(lambda: panel.form.name.text() == "hat", "the new set to be chosen")
    assert panel.list.hasFocus()
    session.window.actions_table["new_set"].trigger()
    QTest.keyClicks(panel.new_name, "COAT")
    press(panel.new_name, Qt.Key.Key_Return)
    wait_for(lambda: session.notices.lines(), "the refusal")
    assert "already a set" in session.notices.lines()[0].notice.text


def test_the_fields_of_a_set_are_kept_as_they_are_left(session: Session) -> None:
    project, form = session.context.project, panel_of(session).form
    form.trigger.setFocus()
    QTest.keyClicks(form.trigger, "c0at")
    press(form.trigger, Qt.Key.Key_Return)
    form.repeats.setValue(10)
    form.repeats.setValue(11)
    form.kind.setCurrentIndex(form.kind.findData(SetKind.OUTFIT))
    form.kind.activated.emit(form.kind.currentIndex())
    wait_for(lambda: project.sets() == [ImageSet(1, "coat", "outfit", "c0at", "", 11)])
    assert "outfit" in panel_of(session).list.rows()[0].spoken()
    session.context.undo()
    wait_for(lambda: form.kind.currentData() == SetKind.CONCEPT, "undo in the form")
    form.repeats.setValue(0)
    wait_for(lambda: project.sets()[0].repeats is None, "the project's repeats")
    assert not session.notices.lines()


def test_a_regularization_set_says_what_it_is_for(session: Session) -> None:
    form = panel_of(session).form
    form.kind.setCurrentIndex(form.kind.findData(SetKind.REGULARIZATION))
    form.kind.activated.emit(form.kind.currentIndex())
    wait_for(lambda: "no rating" in form.what.text(), "the sentence")
    assert not form.trigger.isEnabled()


def test_a_set_is_renamed_shown_and_deleted_by_keys(session: Session) -> None:
    panel, project = panel_of(session), session.context.project
    panel.list.setFocus()
    press(panel.list, Qt.Key.Key_F2)
    assert panel.form.name.hasFocus()
    QTest.keyClicks(panel.form.name, "red coat")
    press(panel.form.name, Qt.Key.Key_Return)
    wait_for(lambda: project.set_named("red coat"), "the new name")
    panel.list.setFocus()
    press(panel.list, Qt.Key.Key_Return)
    wait_for(lambda: session.finder.query == 'set:"red coat"')
    press(panel.list, Qt.Key.Key_Delete)
    wait_for(lambda: not project.sets(), "its end")
    wait_for(lambda: not panel.list.rows())
    assert not panel.form.isVisible()
    session.context.undo()
    wait_for(panel.list.rows, "it to come back")
