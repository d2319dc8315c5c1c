"""Files beside the pictures follow the window, and what others write there is settled in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core.xmp import new_sidecar
from curator.ui.app import App
from curator.ui.dialogs.outside_changes import OutsideChangesDialog
from tests.helpers.windows import (
    close_app,
    dialog_of,
    make_project,
    press,
    session_of,
    settle,
    wait_for,
)

Open = Callable[..., App]


def sidecar_of_first(app: App) -> Path:
    """Where the first picture's rating is written for other programs."""
    context = session_of(app).context
    image = context.project.image(context.model.ids[0])
    return context.project.root / f"{image.path}.xmp"


def test_a_rating_is_written_beside_its_picture(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    press(session_of(app).pictures.grid, "2")
    wait_for(sidecar_of_first(app).exists, "the sidecar")
    assert sidecar_of_first(app).read_bytes() == new_sidecar(2)


def test_what_another_program_wrote_is_told_and_taken_over(
    open_window: Open, tmp_path: Path
) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    project, first = session.context.project, session.context.model.ids[0]
    sidecar_of_first(app).write_bytes(new_sidecar(1))
    press(session.pictures.grid, "2")
    wait_for(lambda: any("changed in another" in n.notice.text for n in session.notices.lines()))
    assert project.image(first).rating == 2
    (line,) = session.notices.lines()
    QTest.mouseClick(line.buttons[0], Qt.MouseButton.LeftButton)
    dialog = dialog_of(app, OutsideChangesDialog)
    wait_for(lambda: dialog.tree.topLevelItemCount() == 1, "the change")
    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: project.image(first).rating == 1, "the other program's rating")
    wait_for(lambda: dialog.tree.topLevelItemCount() == 0, "an empty list")


def test_the_projects_own_can_be_written_over_it(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    press(session.pictures.grid, "2")
    settle(session.context)
    path = sidecar_of_first(app)
    wait_for(path.exists, "the sidecar")
    path.write_bytes(new_sidecar(1))
    app.window.actions_table["outside_changes"].trigger()
    dialog = dialog_of(app, OutsideChangesDialog)
    wait_for(lambda: dialog.tree.topLevelItemCount() == 1, "the change")
    QTest.mouseClick(dialog.keep_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: path.read_bytes() == new_sidecar(2), "our own rating")


def test_what_was_written_while_the_project_was_closed_is_told_at_opening(
    open_window: Open, tmp_path: Path
) -> None:
    app = open_window(make_project(tmp_path))
    press(session_of(app).pictures.grid, "2")
    settle(session_of(app).context)
    root, path = session_of(app).context.project.root, sidecar_of_first(app)
    close_app(app)
    path.write_bytes(new_sidecar(1))
    again = session_of(open_window(root))
    wait_for(lambda: any("changed in another" in n.notice.text for n in again.notices.lines()))
