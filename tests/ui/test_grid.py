"""The grid in a real window: keys and the mouse move, select and rate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from curator.core.records import Rating
from curator.ui.app import App
from curator.ui.cell_painter import button_rects
from tests.helpers.windows import make_project, press, session_of, settle, wait_for

Open = Callable[..., App]


def test_a_key_rates_the_picture_and_goes_on(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    context, grid = session.context, session.pictures.grid
    first, second = context.model.ids[0], context.model.ids[1]
    press(grid, "1")
    assert context.selection.current == second
    press(grid, "2")
    settle(context)
    ratings = [image.rating for image in context.project.images([first, second])]
    assert ratings == [Rating.PRIMARY, Rating.SUPPORTING]


def test_the_button_of_a_cell_rates_it(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    context, grid = session.context, session.pictures.grid
    rect = grid.visualRect(context.model.index(3, 0))
    QTest.mouseMove(grid.viewport(), rect.center())
    place = button_rects(rect)["supporting"].center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    settle(context)
    assert context.project.image(context.model.ids[3]).rating == Rating.SUPPORTING


def test_select_all_means_all_and_not_what_is_seen(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path, 40)))
    context, grid = session.context, session.pictures.grid
    grid.set_cell_px(300)
    assert len(grid.visible_rows()) < 40
    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(grid, "2")
    wait_for(lambda: len(context.project.select("rating:2")) == 40)


def test_backspace_goes_back_to_the_picture_that_was_judged(
    open_window: Open, tmp_path: Path
) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    context, grid = session.context, session.pictures.grid
    first = context.model.ids[0]
    press(grid, "1", "2")
    assert context.current_row == 2
    press(grid, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)
    wait_for(lambda: context.selection.current == first, "the first picture")
    press(grid, "x")
    wait_for(lambda: context.project.image(first).rejected, "the other judgement")
