"""Cells are painted again when they look other than before, and no others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest

from curator.core import edits
from curator.core.records import Image
from curator.ui import cells_view
from curator.ui.app import App
from curator.ui.session import Session
from tests.helpers.windows import make_project, session_of, settle, wait_for


class Painted:
    """A grid whose painted cells are noted, by id."""

    def __init__(self, session: Session, ids: list[int]) -> None:
        self.session, self._ids = session, ids
        self.grid, self.context = session.pictures.grid, session.context

    def rest(self) -> None:
        """Wait until nothing is painted any more."""
        settle(self.context)
        self._ids.append(0)
        while self._ids:
            self._ids.clear()
            QTest.qWait(150)

    def after(self, act: Callable[[], object]) -> set[int]:
        """The ids of the cells that are painted because of something."""
        self.rest()
        act()
        settle(self.context)
        wait_for(lambda: self._ids, "a paint")
        QTest.qWait(100)
        return set(self._ids)


@pytest.fixture
def painted(
    open_window: Callable[..., App], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Painted:
    """A window on a dozen pictures, all of them in sight."""
    ids: list[int] = []
    paint_cell = cells_view.paint_cell

    def noted(painter: object, rect: object, image: Image, *rest: object) -> None:
        ids.append(image.id)
        paint_cell(painter, rect, image, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(cells_view, "paint_cell", noted)
    session = session_of(open_window(make_project(tmp_path)))
    grid, model = session.pictures.grid, session.context.model
    grid.set_cell_px(90)

    def all_there() -> bool:
        records = [model.record(row) for row in grid.visible_rows()]
        side = grid._side_px()
        made = [image and session.thumbnails.get(image, side) for image in records]
        return len(made) == 12 and all(isinstance(one, QPixmap) for one in made)

    wait_for(all_there, "thumbnails")
    return Painted(session, ids)


def test_moving_on_paints_the_cell_that_is_left_and_the_next(painted: Painted) -> None:
    ids = painted.context.model.ids
    assert painted.after(lambda: painted.context.go_to_row(5)) == {ids[0], ids[5]}


def test_selecting_paints_what_becomes_selected(painted: Painted) -> None:
    ids = painted.context.model.ids
    chosen = {ids[0], ids[3], ids[4]}
    assert painted.after(lambda: painted.context.selection.choose(chosen, ids[0])) == chosen


def test_an_edit_paints_the_pictures_it_changes(painted: Painted) -> None:
    ids = painted.context.model.ids
    assert painted.after(lambda: painted.context.change(ids[7:9], edits.reject)) == set(ids[7:9])


def test_an_undo_paints_them_again(painted: Painted) -> None:
    ids = painted.context.model.ids
    painted.context.change(ids[7:9], edits.reject)
    assert painted.after(painted.context.undo) == set(ids[7:9])


def test_another_theme_paints_everything(painted: Painted) -> None:
    ids = painted.context.model.ids
    assert painted.after(lambda: painted.context.theme.choose("light")) == set(ids)
    painted.context.theme.choose("dark")
