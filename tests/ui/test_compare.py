"""Pictures side by side in a real window: which, how they move, and which one a key judges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curator.core.records import Rating
from curator.ui.app import App
from curator.ui.session import Session
from curator.ui.view_state import Zoom
from tests.helpers.windows import let_work, make_project, press, session_of, settle, wait_for

Open = Callable[..., App]


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    return session_of(open_window(make_project(tmp_path)))


def keys(*pressed: str | Qt.Key) -> None:
    """Press keys wherever the focus is."""
    for key in pressed:
        focus = QApplication.focusWidget()
        assert focus is not None
        press(focus, key)


def rows(session: Session) -> list[int]:
    """The rows of the pictures that stand side by side."""
    panes = [pane for pane in session.pictures.compare.panes if pane.isVisible()]
    return [session.context.model.row_of(pane.image.id) for pane in panes if pane.image]


def compare(session: Session, *chosen: int, current: int) -> None:
    ids = session.context.model.ids
    session.context.selection.choose([ids[row] for row in chosen], ids[current])
    keys("c")
    assert session.pictures.is_comparing


def judged(session: Session) -> dict[int, tuple[int, bool]]:
    settle(session.context)
    images = session.context.project.images(session.context.model.ids)
    return {
        row: (image.rating, image.rejected)
        for row, image in enumerate(images)
        if image.rating or image.rejected
    }


def test_two_to_four_selected_pictures_stand_side_by_side(session: Session) -> None:
    for chosen in ((2, 5), (1, 4, 7), (0, 3, 6, 9)):
        compare(session, *chosen, current=chosen[1])
        assert rows(session) == list(chosen)
        assert session.context.current_row == chosen[1]
        keys(Qt.Key.Key_Escape)
        assert len(session.context.selection) == len(chosen)


def test_one_picture_is_compared_with_the_next_and_the_last_with_the_one_before(
    session: Session,
) -> None:
    keys(Qt.Key.Key_Right, "c")
    assert rows(session) == [1, 2]
    keys("c", Qt.Key.Key_End, "c")
    assert rows(session) == [10, 11]
    assert session.context.current_row == 11


def test_more_than_four_are_said_to_be_too_many(session: Session) -> None:
    compare(session, *range(12), current=4)
    assert rows(session) == [4, 5, 6, 7]
    assert "More than four" in session.notices.lines()[0].notice.text


def test_a_single_picture_cannot_be_compared(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path / "one", 1)))
    keys("c")
    assert session.pictures.grid.isVisible()
    assert "takes two" in session.notices.lines()[0].notice.text


def test_arrows_tab_and_the_mouse_choose_a_pane(session: Session) -> None:
    compare(session, 2, 3, 4, 5, current=2)
    panes, context = session.pictures.compare.panes, session.context
    keys(Qt.Key.Key_Right)
    assert (panes[1].hasFocus(), context.current_row) == (True, 3)
    keys(Qt.Key.Key_Tab)
    assert (panes[2].hasFocus(), context.current_row) == (True, 4)
    keys(Qt.Key.Key_Up)
    assert context.current_row == 2
    keys(Qt.Key.Key_Left)
    assert context.current_row == 2
    QTest.mouseClick(panes[3].canvas, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    assert (panes[3].hasFocus(), context.current_row) == (True, 5)
    assert len(context.selection) == 4


def test_a_key_judges_the_chosen_one_alone_and_chooses_the_next(session: Session) -> None:
    compare(session, 2, 3, 4, current=2)
    keys("x", "2", "1")
    assert judged(session) == {
        2: (0, True), 3: (Rating.SUPPORTING, False), 4: (Rating.PRIMARY, False),
    }  # fmt: skip
    assert session.pictures.is_comparing
    assert session.context.current_row == 4
    keys(Qt.Key.Key_Backspace)
    assert judged(session).keys() == {2, 3}


def test_without_going_on_the_chosen_one_stays(session: Session) -> None:
    session.context.preferences.like(auto_advance="no")
    compare(session, 2, 3, current=2)
    keys("1")
    assert judged(session) == {2: (Rating.PRIMARY, False)}
    assert session.context.current_row == 2


def test_zooming_and_moving_one_moves_them_all(session: Session) -> None:
    compare(session, 0, 3, 6, current=0)
    canvases = [pane.canvas for pane in session.pictures.compare.panes[:3]]
    keys("f", "+", "+", "+", "+", "+", "+", "+", "+", "+")
    start = QPoint(100, 100)
    QTest.mousePress(canvases[1], Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvases[1], QPoint(60, 70))
    let_work(5)
    QTest.mouseRelease(canvases[1], Qt.MouseButton.LeftButton, pos=QPoint(60, 70))
    view = session.pictures.view_state.view
    assert view.zoom is Zoom.TIMES
    seen = []
    for canvas in canvases:
        frame = canvas.frame()
        assert frame is not None
        x, y = frame.place(view).point((frame.area[0] / 2, frame.area[1] / 2))
        seen.append((x / frame.picture[0], y / frame.picture[1]))
    assert seen[0] == pytest.approx(seen[1], abs=1e-6)
    assert seen[0] == pytest.approx(seen[2], abs=1e-6)
    assert seen[0] == pytest.approx(view.centre)


def test_a_removed_picture_leaves_and_the_last_two_end_it(session: Session) -> None:
    compare(session, 2, 5, 8, current=5)
    context = session.context
    ids = list(context.model.ids)
    keys(Qt.Key.Key_Delete)
    wait_for(lambda: len(context.model.ids) == 11, "the removal")
    let_work(20)
    shown = [pane.image.id for pane in session.pictures.compare.panes[:2] if pane.image]
    assert shown == [ids[2], ids[8]]
    assert context.selection.current == ids[8]
    keys(Qt.Key.Key_Delete)
    wait_for(lambda: len(context.model.ids) == 10, "the removal")
    let_work(20)
    assert session.pictures.grid.isVisible()
    assert context.selection.current == ids[2]


def test_another_current_picture_is_shown_alone(session: Session) -> None:
    compare(session, 2, 5, current=5)
    session.context.go_to_row(9)
    image = session.pictures.loupe.pane.image
    assert image is not None
    assert (session.pictures.loupe.isVisible(), image.name) == (True, "09.jpg")


def test_one_comes_back_to_where_one_was(session: Session) -> None:
    keys(Qt.Key.Key_Space, "c")
    assert rows(session) == [0, 1]
    keys("c")
    assert session.pictures.loupe.isVisible()
    keys("c", Qt.Key.Key_Space)
    assert session.pictures.loupe.isVisible()
    keys("c", Qt.Key.Key_Escape)
    assert session.pictures.grid.isVisible()
