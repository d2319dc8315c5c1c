"""A person culls a folder of photos in the real window, closes it, and finds everything again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from curator.core.records import Rating
from curator.ui.app import App
from curator.ui.dialogs.new_project import NewProjectDialog
from curator.ui.session import Session
from tests.helpers.pictures import draw, encode, exif
from tests.helpers.windows import dialog_of, press, session_of, settle, wait_for

Open = Callable[..., App]
PHOTOS = 30


def scraped(folder: Path) -> Path:
    """Thirty photos, two of them rated elsewhere, and a file that is none."""
    folder.mkdir()
    for number in range(PHOTOS):
        block = exif(rating={3: 1, 5: 2}.get(number))
        (folder / f"{number:02d}.jpg").write_bytes(encode(draw(number), "JPEG", exif=block))
    (folder / "page.jpg").write_bytes(b"<html>not found</html>")
    return folder


def drop_folder(app: App, tmp_path: Path) -> Session:
    """I drop a folder of photos on the first screen, give a name and press Enter."""
    app.preferences.remember("projects_place", str(tmp_path))
    app.window.start_page.folder_dropped.emit([scraped(tmp_path / "photos")])
    dialog = dialog_of(app, NewProjectDialog)
    dialog.name.setText("cats")
    press(dialog.name, Qt.Key.Key_Return)
    wait_for(lambda: app.session and len(app.session.context.model.ids) == PHOTOS, "the photos")
    app.window.activateWindow()
    wait_for(app.window.isActiveWindow)
    return session_of(app)


def check_what_is_told(session: Session) -> None:
    """The ratings that were found are told with counts and what they became."""
    wait_for(lambda: len(session.notices.lines()) == 2, "two notices")
    told = " ".join(line.notice.text for line in session.notices.lines())
    assert "1 rejected" in told
    assert "1: 1 -> primary; 2: 1 -> supporting" in told


def rate_twenty_and_undo_five(session: Session) -> None:
    """One key each."""
    context, grid = session.context, session.pictures.grid
    context.go_to_row(0)
    grid.setFocus()
    press(grid, *"12" * 10)
    assert context.current_row == 20
    settle(context)
    assert len(context.project.select("is:primary")) == 10
    press(grid, *[Qt.Key.Key_Backspace] * 5)
    wait_for(lambda: len(context.project.select("is:undecided")) == 15, "five undone")


def filter_and_rate(session: Session) -> int:
    """What I rate stays under the cursor until I ask the filter again; returns its id."""
    context, grid = session.context, session.pictures.grid
    window = session.window
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(session.filter_bar.edit, "is:undecided")
    press(session.filter_bar.edit, Qt.Key.Key_Return)
    wait_for(lambda: len(context.model.ids) == 15, "the undecided")
    grid.setFocus()
    context.go_to_row(2)
    kept = context.model.ids[2]
    press(grid, "2")
    settle(context)
    assert context.model.ids[2] == kept
    window.actions_table["clear_filter"].trigger()
    wait_for(lambda: len(context.model.ids) == PHOTOS, "all of them")
    return kept


def compare_and_reject(session: Session) -> int:
    """Two side by side, one of them rejected with a reason by one more key; returns its id."""
    context, compare = session.context, session.pictures.compare
    pair = context.model.ids[24:26]
    context.selection.choose(pair, pair[0])
    press(session.pictures.grid, "c")
    assert session.pictures.is_comparing
    QTest.keyClick(compare, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    wait_for(lambda: open_menus(session), "the reasons")
    press(open_menus(session)[0], "b")
    wait_for(lambda: len(context.project.select("reason:blurry")) == 1, "the reason")
    press(compare, Qt.Key.Key_Escape)
    assert not session.pictures.is_comparing
    return context.project.select("reason:blurry")[0]


def open_menus(session: Session) -> list[QMenu]:
    return [menu for menu in session.window.findChildren(QMenu) if menu.isVisible()]


def test_a_folder_is_dropped_culled_closed_and_found_again(
    open_window: Open, tmp_path: Path
) -> None:
    app = open_window()
    session = drop_folder(app, tmp_path)
    check_what_is_told(session)
    rate_twenty_and_undo_five(session)
    kept, rejected = filter_and_rate(session), compare_and_reject(session)
    root = session.context.project.root
    app.window.close()
    wait_for(lambda: app.session is None, "the end")

    again = open_window(root)
    project = session_of(again).context.project
    assert len(project.select("")) == PHOTOS
    assert project.image(kept).rating == Rating.SUPPORTING
    assert project.image(rejected).rejected
    assert again.preferences.recent_projects == [root]
    session_of(again).context.undo()
    wait_for(lambda: not project.image(rejected).rejected, "undo of the last session")
