"""Importing from the window: what came of it is told, and ratings can be read otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest

from curator.core.edits import create_set
from curator.core.records import ImageSet
from curator.ui.app import App
from curator.ui.dialogs.found_ratings import FoundRatingsDialog
from curator.ui.dialogs.import_dialog import ImportDialog
from tests.helpers.pictures import draw, encode, exif, write
from tests.helpers.windows import dialog_of, make_project, press, session_of, wait_for

Open = Callable[..., App]


def drop(app: App, *paths: Path) -> None:
    """Drag files over the window and let go of them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    over = QDragEnterEvent(QPoint(50, 50), action, data, button, none)
    app.window.dragEnterEvent(over)
    assert over.isAccepted()
    app.window.dropEvent(QDropEvent(QPointF(50, 50), action, data, button, none))


def rated_photos(folder: Path, *ratings: int) -> Path:
    """Photos with these ratings in their EXIF, and a file that is none."""
    for number, rating in enumerate(ratings):
        picture = draw(100 + number)
        write_bytes = encode(picture, "JPEG", exif=exif(rating=rating))
        folder.mkdir(exist_ok=True)
        (folder / f"rated-{number}.jpg").write_bytes(write_bytes)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff" + b"no picture" * 20)
    return folder


def told(app: App) -> list[str]:
    """The notices on show."""
    return [line.notice.text for line in session_of(app).notices.lines()]


def test_what_is_dropped_comes_in_and_what_could_not_be_read_is_told(
    open_window: Open, tmp_path: Path
) -> None:
    app = open_window(make_project(tmp_path))
    drop(app, rated_photos(tmp_path / "more", 1, 2, 2))
    context = session_of(app).context
    wait_for(lambda: len(context.model.ids) == 15, "three more pictures")
    wait_for(lambda: len(told(app)) == 2, "two notices")
    lines = session_of(app).notices.lines()
    summary = next(line.notice for line in lines if "1 rejected" in line.notice.text)
    assert "broken.jpg" in summary.details


def test_ratings_that_were_found_can_be_read_otherwise_in_one_step(
    open_window: Open, tmp_path: Path
) -> None:
    app = open_window(make_project(tmp_path))
    drop(app, rated_photos(tmp_path / "more", 1, 2, 2))
    session = session_of(app)
    project = session.context.project
    wait_for(lambda: any("read as literal" in text for text in told(app)), "the ratings")
    assert [len(project.select(q)) for q in ("is:primary", "is:supporting")] == [1, 2]
    line = next(one for one in session.notices.lines() if "Ratings were found" in one.notice.text)
    QTest.mouseClick(line.buttons[1], Qt.MouseButton.LeftButton)
    (dialog,) = app.window.findChildren(FoundRatingsDialog)
    dialog.boxes[2].setCurrentText("Primary")
    dialog.boxes[1].setCurrentText("Rejected")
    QTest.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: len(project.select("is:primary")) == 2, "the other reading")
    assert len(project.select("is:rejected")) == 1
    session.context.undo()
    wait_for(lambda: len(project.select("is:primary")) == 1, "the undo")


def test_pictures_can_be_brought_into_a_set(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    project = session.context.project
    regular = ImageSet(project.new_set_id(), "regular", "regularization")
    project.apply(create_set(regular))
    write(tmp_path / "reg" / "one.png", draw(200))
    session.imports.start_into([tmp_path / "reg"], regular.id)
    wait_for(lambda: len(project.select("set:regular")) == 1, "a picture in the set")


def test_an_import_with_options_keeps_where_pictures_come_from(
    open_window: Open, tmp_path: Path
) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    write(tmp_path / "there" / "one.png", draw(300))
    app.window.actions_table["import_options"].trigger()
    dialog = dialog_of(app, ImportDialog)
    dialog.form.choose([tmp_path / "there"])
    dialog.form.in_place.setChecked(True)
    QTest.keyClicks(dialog.form.note, "a friend")
    press(dialog.form.note, Qt.Key.Key_Return)
    project = session.context.project
    wait_for(lambda: len(project.select("is:inplace")) == 1, "a picture in place")
    assert project.imports()[-1].note == "a friend"


def test_ratings_are_read_from_the_files_again_on_demand(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    drop(app, rated_photos(tmp_path / "more", 5, 3))
    project = session.context.project
    wait_for(lambda: len(session.context.model.ids) == 14, "two more pictures")
    session.culling.select_all()
    press(session.pictures.grid, "0")
    wait_for(lambda: len(project.select("is:undecided")) == 14, "all unrated")
    app.window.actions_table["read_ratings"].trigger()
    dialog = dialog_of(app, FoundRatingsDialog)
    assert {n: box.currentText() for n, box in dialog.boxes.items()} == {
        3: "Supporting",
        5: "Primary",
    }
    QTest.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: len(project.select("is:primary")) == 1, "the rating from the file")
