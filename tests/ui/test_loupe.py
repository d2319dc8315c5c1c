"""The loupe in a real window: what keys and the mouse show, keep and judge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from curator.core.records import Rating
from curator.ui.app import App
from curator.ui.session import Session
from tests.helpers.windows import let_work, make_project, press, session_of, settle, wait_for

Open = Callable[..., App]
NO = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def app(open_window: Open, tmp_path: Path) -> App:
    return open_window(make_project(tmp_path))


@pytest.fixture
def session(app: App) -> Session:
    return session_of(app)


def keys(*pressed: str | Qt.Key) -> None:
    """Press keys wherever the focus is."""
    for key in pressed:
        focus = QApplication.focusWidget()
        assert focus is not None
        press(focus, key)


def shown(session: Session) -> int | None:
    """The picture in the loupe, None while the loupe is hidden."""
    pane = session.pictures.loupe.pane
    return pane.image.id if pane.isVisible() and pane.image else None


def test_space_shows_the_current_picture_large_and_space_leads_back(session: Session) -> None:
    ids = session.context.model.ids
    keys(Qt.Key.Key_Right, Qt.Key.Key_Space)
    assert shown(session) == ids[1]
    assert session.pictures.loupe.pane.accessibleName() == "01.jpg, unrated, 2 of 12"
    keys(Qt.Key.Key_Space)
    assert session.pictures.grid.hasFocus()
    for back in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        keys(Qt.Key.Key_Return)
        assert shown(session) == ids[1]
        keys(back)
        assert shown(session) is None


def test_double_clicks_open_and_close_it(session: Session) -> None:
    grid = session.pictures.grid
    place = grid.visualRect(session.context.model.index(4, 0)).center()
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(grid.viewport(), left, pos=place)
    QTest.mouseDClick(grid.viewport(), left, pos=place)
    assert shown(session) == session.context.model.ids[4]
    QTest.mouseDClick(session.pictures.loupe.pane.canvas, left, pos=QPoint(200, 200))
    assert shown(session) is None


def test_arrows_and_ends_lead_from_picture_to_picture(session: Session) -> None:
    ids = session.context.model.ids
    keys(Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left)
    assert shown(session) == ids[1]
    keys(Qt.Key.Key_End, Qt.Key.Key_Right)
    assert shown(session) == ids[11]
    keys(Qt.Key.Key_Home, Qt.Key.Key_Up)
    assert shown(session) == ids[0]
    keys(Qt.Key.Key_PageDown)
    assert shown(session) == ids[10]


def test_zoom_and_place_are_kept_from_picture_to_picture(session: Session) -> None:
    state = session.pictures.view_state
    keys(Qt.Key.Key_Space, "f", "+", "+", "+", "+")
    canvas = session.pictures.loupe.pane.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    QTest.mouseMove(canvas, QPoint(200, 260))
    let_work(5)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 260))
    before = state.view
    assert before.centre != (0.5, 0.5)
    keys(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Escape, Qt.Key.Key_Space)
    assert state.view == before


def test_a_key_judges_what_is_seen_and_shows_the_next(session: Session) -> None:
    context = session.context
    ids = list(context.model.ids)
    context.selection.choose(ids[2:6], ids[3])
    keys(Qt.Key.Key_Space, "1")
    assert shown(session) == ids[4]
    settle(context)
    rated = [image.id for image in context.project.images(ids) if image.rating]
    assert rated == [ids[3]]


def test_looking_closely_leaves_the_selection_as_it_is(session: Session) -> None:
    context = session.context
    ids = list(context.model.ids)
    context.selection.choose(ids[2:6], ids[3])
    keys(Qt.Key.Key_Space, "z", Qt.Key.Key_Escape)
    assert context.selection.ids == frozenset(ids[2:6])
    assert sorted(context.selection.meant()) == ids[2:6]


def test_the_mark_follows_an_edit_and_its_undoing(session: Session) -> None:
    context = session.context
    session.context.preferences.like(auto_advance="no")
    keys(Qt.Key.Key_Space, "x")
    settle(context)
    pane, buttons = session.pictures.loupe.pane, session.pictures.loupe.bar.buttons
    assert pane.accessibleName().startswith("00.jpg, rejected")
    assert buttons["rejected"].isChecked()
    keys(Qt.Key.Key_Backspace)
    settle(context)
    assert pane.accessibleName().startswith("00.jpg, unrated")


def test_the_buttons_come_with_the_mouse_and_judge(session: Session) -> None:
    context, loupe = session.context, session.pictures.loupe
    ids = context.model.ids
    keys(Qt.Key.Key_Space)
    assert not loupe.bar.isVisible()
    QTest.mouseMove(loupe.pane.canvas, QPoint(200, 200))
    QTest.mouseMove(loupe.pane.canvas, QPoint(220, 200))
    wait_for(loupe.bar.isVisible, "the buttons")
    for word in ("supporting", "rejected", "primary"):
        QTest.mouseClick(loupe.bar.buttons[word], Qt.MouseButton.LeftButton)
        let_work(1)
    settle(context)
    first, second, third = context.project.images(ids[:3])
    assert (first.rating, second.rejected, third.rating) == (
        Rating.SUPPORTING, True, Rating.PRIMARY,
    )  # fmt: skip
    assert shown(session) == ids[3]
    assert loupe.pane.hasFocus()
    assert loupe.bar.buttons["primary"].toolTip() == "Primary (1)"


def test_the_line_of_neighbours_is_hidden_by_a_key_for_the_next_time_too(app: App) -> None:
    session = session_of(app)
    keys(Qt.Key.Key_Space)
    assert session.pictures.loupe.strip.isVisible()
    keys("t")
    assert not session.pictures.loupe.strip.isVisible()
    root = session.context.project.root
    app.close_project()
    app.open_project(root)
    wait_for(lambda: app.session and app.session.context.model.ids, "the project")
    keys(Qt.Key.Key_Space)
    assert not session_of(app).pictures.loupe.strip.isVisible()
    assert not app.window.actions_table["filmstrip"].isChecked()


def test_a_right_click_opens_the_menu_of_the_picture(session: Session) -> None:
    keys(Qt.Key.Key_Space)
    canvas = session.pictures.loupe.pane.canvas
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, pos=QPoint(200, 200))
    session.pictures.loupe.pane.menu_asked.emit(canvas.mapToGlobal(QPoint(200, 200)))
    wait_for(QApplication.activePopupWidget, "the menu")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()][:4] == [
        "Primary", "Supporting", "Unrated", "Reject",
    ]  # fmt: skip
    menu.close()


def test_back_in_the_grid_the_picture_seen_last_is_in_sight(
    open_window: Open, tmp_path: Path
) -> None:
    session = session_of(open_window(make_project(tmp_path, 60)))
    grid = session.pictures.grid
    grid.set_cell_px(300)
    keys(Qt.Key.Key_Space, Qt.Key.Key_End)
    height = session.window.height()
    session.window.resize(session.window.width(), height - 60)
    wait_for(lambda: session.window.height() < height, "the new size")
    let_work(20)
    keys(Qt.Key.Key_Escape)
    assert 59 in grid.visible_rows()
    rect = grid.visualRect(session.context.model.index(59, 0))
    assert grid.viewport().rect().contains(rect)


def test_a_turned_picture_is_seen_turned(session: Session) -> None:
    context = session.context
    keys(Qt.Key.Key_Space, "]")
    settle(context)
    image = session.pictures.loupe.pane.image
    assert image is not None
    wait_for(lambda: session.large.get(image), "the picture")
    level = session.large.get(image)[-1]
    assert (level.width(), level.height()) == (image.height, image.width)


def test_where_nothing_is_left_to_see_the_grid_is_shown(session: Session) -> None:
    keys(Qt.Key.Key_Space)
    session.finder.ask("rating:1")
    wait_for(lambda: not session.context.model.ids, "the filter")
    assert session.pictures.grid.isVisible()


def test_the_memory_for_pictures_is_what_is_liked(session: Session) -> None:
    session.context.preferences.like(picture_memory_mb="200")
    assert session.large.most_bytes == 200 << 20


def test_larger_and_smaller_are_for_cells_in_the_grid(session: Session) -> None:
    grid = session.pictures.grid
    before = grid.cell_px
    keys("+")
    assert grid.cell_px > before
    keys("-")
    assert grid.cell_px == before
