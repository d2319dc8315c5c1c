"""The next undecided picture, a second pass, and what else helps through a heap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

from curator.core import edits
from curator.core.records import ImageSet, Rating, SetKind
from curator.ui.app import App
from curator.ui.culling_passes import NONE_HERE, NONE_LEFT
from curator.ui.session import Session
from tests.helpers.windows import make_project, press, session_of, wait_for

Open = Callable[..., App]
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def opened(open_window: Open, tmp_path: Path) -> Session:
    """Of twelve, all but the sixth and the ninth are decided; the twelfth needs no rating."""
    session = session_of(open_window(make_project(tmp_path)))
    project, ids = session.context.project, session.context.model.ids
    rated = [image for n, image in enumerate(project.images(ids)) if n not in (5, 8, 11)]
    project.apply(edits.set_rating(rated, Rating.PRIMARY))
    reg = ImageSet(project.new_set_id(), "dogs", SetKind.REGULARIZATION)
    project.apply(edits.create_set(reg, project.images(ids[11:])))
    return session


def said(session: Session) -> str:
    return session.around.status.quiet.text()


def test_the_next_undecided_is_gone_to(open_window: Open, tmp_path: Path) -> None:
    session = opened(open_window, tmp_path)
    context, grid = session.context, session.pictures.grid
    for row in (5, 8, 5):
        press(grid, "n")
        wait_for(lambda row=row: context.current_row == row, f"row {row}")
    project = context.project
    project.apply(edits.set_rating(project.images(project.select("is:undecided")), Rating.PRIMARY))
    press(grid, "n")
    wait_for(lambda: said(session) == NONE_HERE, "the words")
    QTest.keyClick(grid, Qt.Key.Key_N, SHIFT)
    wait_for(lambda: said(session) == NONE_LEFT, "the words")


def test_a_second_pass_begins_at_the_start(open_window: Open, tmp_path: Path) -> None:
    session = opened(open_window, tmp_path)
    context = session.context
    session.finder.ask("id:9 sort:-id")
    wait_for(lambda: len(context.model.ids) == 1)
    QTest.keyClick(session.pictures.grid, Qt.Key.Key_N, SHIFT)
    wait_for(lambda: len(context.model.ids) == 2, "the undecided")
    assert session.finder.query == "is:undecided -set:dogs sort:-id"
    assert context.current_row == 0
    assert said(session) == "Second pass: 2 undecided pictures"


def test_going_on_after_rating_is_switched_and_remembered(
    open_window: Open, tmp_path: Path
) -> None:
    session = opened(open_window, tmp_path)
    grid, advance = session.pictures.grid, session.window.actions_table["auto_advance"]
    assert advance.isChecked()
    press(grid, "a", "2")
    assert session.context.current_row == 0
    assert session.context.preferences.liking.auto_advance == "no"
    press(grid, "a", "2")
    assert session.context.current_row == 1
    session.context.preferences.like(auto_advance="no")
    assert not advance.isChecked()


class Folders(QObject):
    """Takes the place of the file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Path] = []

    @Slot(QUrl)
    def show_folder(self, url: QUrl) -> None:
        """What Qt calls for an address."""
        self.shown.append(Path(url.toLocalFile()))


def test_the_folder_of_a_picture_is_shown(open_window: Open, tmp_path: Path) -> None:
    session = opened(open_window, tmp_path)
    folders = Folders()
    QDesktopServices.setUrlHandler("file", folders, "show_folder")
    QTest.keyClick(session.pictures.grid, Qt.Key.Key_E, CTRL)
    QDesktopServices.unsetUrlHandler("file")
    assert folders.shown == [session.context.project.images_dir]
