"""A video in the window: stepped through by keys, its frames taken into the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.ui.app import App
from curator.ui.dialogs.video import VideoDialog
from tests.helpers.pictures import write_video
from tests.helpers.windows import dialog_of, make_project, press, session_of, wait_for

Open = Callable[..., App]
SHIFT = Qt.KeyboardModifier.ShiftModifier


def film(folder: Path) -> Path:
    shades = [Image.new("RGB", (64, 48), (4 * n,) * 3) for n in range(60)]
    return write_video(folder / "film.mp4", shades, fps=25)


def test_frames_are_chosen_by_keys_and_come_in(open_window: Open, tmp_path: Path) -> None:
    path = film(tmp_path)
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    session.videos.open(path)
    dialog = dialog_of(app, VideoDialog)

    def at(number: int) -> None:
        wait_for(lambda: dialog.shown is not None and dialog.shown.number == number, str(number))

    at(0)
    assert not dialog.take_button.isEnabled()
    press(dialog.canvas, Qt.Key.Key_Right, Qt.Key.Key_Right)
    at(2)
    press(dialog.canvas, Qt.Key.Key_Space)
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Right, SHIFT)
    at(27)
    press(dialog.canvas, Qt.Key.Key_Space)
    press(dialog.canvas, Qt.Key.Key_End)
    at(59)
    press(dialog.canvas, Qt.Key.Key_Space, Qt.Key.Key_Space)  # taken, and left again
    press(dialog.canvas, Qt.Key.Key_Left)
    at(58)
    press(dialog.canvas, Qt.Key.Key_Home)
    at(0)
    dialog.slider.setValue(27)
    at(27)
    assert dialog.words.text() == "1.08 s, frame 28 of 60, taken"
    assert dialog.take_button.text() == "Take 2 frames"
    QTest.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: len(session.context.model.ids) == 14, "two frames")
    project = session.context.project
    assert [image.frame for image in project.images(project.select("name:film*"))] == [2, 27]


def test_what_is_no_video_is_told(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    (tmp_path / "no.mp4").write_bytes(b"spoilt")
    session_of(app).videos.open(tmp_path / "no.mp4")
    wait_for(lambda: session_of(app).notices.lines(), "a notice")
    assert app.window.findChildren(VideoDialog) == []
