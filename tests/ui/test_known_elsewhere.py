"""What of a folder is here already is asked for in the window, and what is new comes in."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.ui.app import App
from curator.ui.dialogs.known_elsewhere import KnownElsewhereDialog
from curator.ui.known_elsewhere import files_of
from tests.helpers.copied import original
from tests.helpers.pictures import draw, write
from tests.helpers.windows import dialog_of, make_project, session_of, wait_for

Open = Callable[..., App]


def test_what_is_here_already_is_listed_and_the_rest_comes_in(
    open_window: Open, tmp_path: Path
) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    there = tmp_path / "there"
    again = write(there / "again.png", draw(0, (160, 120)))
    again.write_bytes((tmp_path / "scraped" / "00.jpg").read_bytes())
    write(there / "new.jpg", original(50))
    (there / "broken.jpg").write_bytes(b"spoilt")
    session.imports.known_elsewhere.start(there)
    dialog = dialog_of(app, KnownElsewhereDialog)
    assert dialog.summary.text() == (
        f"{there}: 1 picture here already, 1 new. 1 file could not be read."
    )
    rows = [dialog.tree.topLevelItem(at) for at in range(dialog.tree.topLevelItemCount())]
    assert [[row.text(at) for at in range(2)] for row in rows if row] == [
        ["again.png", "the same file"],
        ["broken.jpg", "could not be read"],
    ]
    QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: len(session.context.model.ids) == 13, "the new picture")


def test_a_folder_without_anything_new_offers_nothing(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path, 3))
    (tmp_path / "empty").mkdir()
    session_of(app).imports.known_elsewhere.start(tmp_path / "empty")
    dialog = dialog_of(app, KnownElsewhereDialog)
    assert dialog.summary.text().startswith("There is no picture in ")
    assert not dialog.import_button.isEnabled()
    assert not dialog.tree.isVisible()


def test_of_what_lies_in_an_archive_the_archive_is_named(tmp_path: Path) -> None:
    odd = write(tmp_path / "odd!" / "a.png", draw(0))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(odd, "b.png")
    inside = [f"{tmp_path / 'a.zip'}!/b.png", f"{tmp_path / 'a.zip'}!/c.png"]
    assert files_of([str(odd), *inside]) == [odd, tmp_path / "a.zip"]
