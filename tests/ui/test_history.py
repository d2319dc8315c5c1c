"""The history panel, and undo and redo in the menu that name their step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt

from curator.core.jobs import Job
from curator.core.records import Rating
from curator.tasks.empty_trash import empty_trash
from curator.ui.app import App
from curator.ui.panels.history import HistoryPanel
from curator.ui.session import Session
from tests.helpers.windows import make_project, press, session_of, wait_for

Open = Callable[..., App]


def opened(open_window: Open, tmp_path: Path) -> tuple[Session, HistoryPanel]:
    """Two pictures were rated."""
    session = session_of(open_window(make_project(tmp_path)))
    panel = session.around.history
    session.window.show_panel("history")
    press(session.pictures.grid, "1", "2")
    wait_for(lambda: len(panel.list.lines()) == 4, "the steps")
    return session, panel


def spoken(panel: HistoryPanel) -> list[str]:
    return [line.spoken for line in panel.list.lines()]


def test_steps_are_listed_the_newest_first(open_window: Open, tmp_path: Path) -> None:
    _session, panel = opened(open_window, tmp_path)
    assert spoken(panel)[0] == "Rate 1 image supporting, just now, now"
    assert spoken(panel)[1] == "Rate 1 image primary, just now"
    assert spoken(panel)[2].startswith("Import")
    assert spoken(panel)[3] == "The beginning"
    assert panel.list.lines()[0].is_now


def test_activating_a_step_goes_there_and_on_again(open_window: Open, tmp_path: Path) -> None:
    session, panel = opened(open_window, tmp_path)
    context = session.context
    panel.list.setFocus()
    panel.list.go_to(3)
    press(panel.list, Qt.Key.Key_Return)
    wait_for(lambda: not context.model.ids, "nothing to be there")
    wait_for(lambda: spoken(panel)[3] == "The beginning, now")
    assert panel.list.lines()[0].is_quiet
    assert spoken(panel)[0].endswith("undone")
    panel.list.go_to(1)
    press(panel.list, Qt.Key.Key_Return)
    wait_for(lambda: len(context.model.ids) == 12, "the pictures")
    wait_for(lambda: spoken(panel)[1].endswith("now, now"))
    ratings = [image.rating for image in context.project.images(context.model.ids[:2])]
    assert ratings == [Rating.PRIMARY, Rating.UNRATED]


def test_the_menu_names_the_step_and_is_off_where_there_is_none(
    open_window: Open, tmp_path: Path
) -> None:
    session, _panel = opened(open_window, tmp_path)
    table = session.window.actions_table
    undo, redo = table["undo"], table["redo"]
    wait_for(lambda: undo.text() == "Undo Rate 1 image supporting", "the words")
    assert not redo.isEnabled()
    undo.trigger()
    wait_for(lambda: redo.text() == "Redo Rate 1 image supporting", "the way back")
    assert undo.text() == "Undo Rate 1 image primary"
    session.context.go_to_entry(0)
    wait_for(lambda: not undo.isEnabled(), "nothing left to undo")
    assert undo.text() == "Undo"


def test_what_was_emptied_cannot_be_taken_back(
    open_window: Open, tmp_path: Path, system_trash: Path
) -> None:
    session, panel = opened(open_window, tmp_path)
    press(session.pictures.grid, Qt.Key.Key_Delete)
    wait_for(lambda: len(session.context.model.ids) == 11, "the removal")
    project = session.context.project
    empty_trash(Job(), project, list(project.select("is:removed")))
    wait_for(lambda: "can't be taken back" in spoken(panel)[0], "the end")
    assert "Empty the trash" in spoken(panel)[0]
