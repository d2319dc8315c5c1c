"""The first screen: recent projects, and a new one from a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.ui.app import App
from curator.ui.dialogs.new_project import NewProjectDialog
from tests.helpers.pictures import draw, write
from tests.helpers.windows import dialog_of, make_project, press, session_of, wait_for

Open = Callable[..., App]


def test_a_folder_becomes_a_project_with_two_key_presses(open_window: Open, tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / "cat" / f"{number}.jpg", draw(number))
    app = open_window()
    app.preferences.remember("projects_place", str(tmp_path / "projects"))
    app.window.start_page.folder_dropped.emit([tmp_path / "cat"])
    dialog = dialog_of(app, NewProjectDialog)
    assert dialog.name.text() == "cat"
    press(dialog.name, Qt.Key.Key_Return)
    wait_for(lambda: app.session and len(app.session.context.model.ids) == 3, "three pictures")
    assert (tmp_path / "projects" / "cat" / "project.db").is_file()
    assert len(list((tmp_path / "cat").iterdir())) == 3


def test_a_place_that_is_taken_is_refused_in_the_dialog(open_window: Open, tmp_path: Path) -> None:
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "mine.txt").write_text("mine")
    app = open_window()
    app.preferences.remember("projects_place", str(tmp_path))
    app.ask_new()
    dialog = dialog_of(app, NewProjectDialog)
    QTest.keyClicks(dialog.name, "cat")
    press(dialog.name, Qt.Key.Key_Return)
    assert "is not empty" in dialog.problem.text()
    assert dialog.isVisible()


def test_a_recent_project_opens_again_and_one_that_is_gone_does_not(
    open_window: Open, tmp_path: Path
) -> None:
    root = make_project(tmp_path)
    app = open_window(root)
    app.close_project()
    app.preferences.remember_project(tmp_path / "gone")
    page = app.window.start_page
    page.look_again()
    gone, there = page.recent.item(0), page.recent.item(1)
    assert not gone.flags() & Qt.ItemFlag.ItemIsEnabled
    assert "not there any more" in gone.text()
    place = page.recent.visualItemRect(there).center()
    QTest.mouseClick(page.recent.viewport(), Qt.MouseButton.LeftButton, pos=place)
    wait_for(lambda: app.session is not None, "the project")
    assert session_of(app).context.project.root == root


def test_what_is_no_project_is_told_in_a_sentence(open_window: Open, tmp_path: Path) -> None:
    app = open_window()
    app.open_project(tmp_path)
    wait_for(lambda: app.window.start_page.notices.lines(), "a notice")
    assert "is not a Curator project" in app.window.start_page.notices.lines()[0].notice.text
