"""One picture in the loupe of a real window: the wheel, the hand, and what the pixels are."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curator.core.project import Project
from curator.ui.app import App
from curator.ui.canvas import Canvas
from curator.ui.session import Session
from curator.ui.view_state import Frame, Zoom
from tests.helpers.imported import bring_in
from tests.helpers.pictures import draw
from tests.helpers.windows import let_work, press, session_of, wait_for

Open = Callable[..., App]
SIZE = (1800, 1200)
NEAR = 8  # levels that a screen of 16 bits may differ


def dice() -> Pillow.Image:
    """Black or white by chance, so that pixels which are mixed or moved are noticed."""
    bits = np.random.default_rng(1).integers(0, 2, (SIZE[1], SIZE[0]), np.uint8) * 255
    return Pillow.fromarray(bits).convert("RGB")


def loupe_on(open_window: Open, folder: Path, picture: Pillow.Image) -> Session:
    root = folder / "project"
    with Project.create(root) as project:
        bring_in(project, folder / "scraped", {"a.png": picture})
    session = session_of(open_window(root))
    press(session.pictures.grid, Qt.Key.Key_Space)
    image = session.context.current
    assert image is not None
    wait_for(lambda: session.large.has_whole(image), "all pixels")
    return session


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    """The loupe on a large picture of which all pixels are there."""
    return loupe_on(open_window, tmp_path, dice())


def canvas_of(session: Session) -> Canvas:
    return session.pictures.loupe.pane.canvas


def frame_of(session: Session) -> Frame:
    frame = canvas_of(session).frame()
    assert frame is not None
    return frame


def turn_wheel(canvas: Canvas, at: QPoint, notches: int) -> None:
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    place = QPointF(at), QPointF(canvas.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches)
    QApplication.sendEvent(canvas, QWheelEvent(*place, *none, False))


def drag(canvas: Canvas, start: QPoint, by: QPoint) -> None:
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, start + by / 2)
    let_work(5)
    QTest.mouseMove(canvas, start + by)
    let_work(5)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + by)


def grabbed(canvas: Canvas) -> QImage:
    return canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_the_wheel_zooms_to_what_is_under_it(session: Session) -> None:
    canvas, state = canvas_of(session), session.pictures.view_state
    at = QPoint(canvas.width() // 3, canvas.height() // 3)
    turn_wheel(canvas, at, 3)
    frame = frame_of(session)
    before = frame.place(state.view).point((at.x(), at.y()))
    turn_wheel(canvas, at, 2)
    assert frame.place(state.view).point((at.x(), at.y())) == pytest.approx(before, abs=0.01)
    turn_wheel(canvas, at, -40)
    assert state.view.zoom is Zoom.FIT


def test_the_hand_moves_the_picture_and_arrows_do_not(session: Session) -> None:
    canvas, state = canvas_of(session), session.pictures.view_state
    press(canvas.parentWidget(), "z")
    before = frame_of(session).place(state.view)
    drag(canvas, QPoint(400, 300), QPoint(-60, -40))
    after = frame_of(session).place(state.view)
    assert (after.left - before.left, after.top - before.top) == pytest.approx((-60, -40))
    press(canvas.parentWidget(), Qt.Key.Key_Down, Qt.Key.Key_Right)
    assert frame_of(session).place(state.view) == after


def test_own_pixels_are_those_of_the_file(session: Session) -> None:
    canvas, state = canvas_of(session), session.pictures.view_state
    press(canvas.parentWidget(), "z")
    assert canvas.zoom_words() == "100 %"
    place = frame_of(session).place(state.view)
    whole, seen = dice(), grabbed(canvas)
    left, top = round(place.left), round(place.top)
    for x, y in itertools.product(range(50), range(50)):
        assert seen.pixelColor(x, y).getRgb()[:3] == whole.getpixel((x - left, y - top))


def test_from_double_on_each_pixel_is_a_square(session: Session) -> None:
    canvas, state = canvas_of(session), session.pictures.view_state
    press(canvas.parentWidget(), "z", "+", "+")
    frame = frame_of(session)
    assert frame.scale(state.view) == pytest.approx(2.25)
    seen = grabbed(canvas)
    assert {seen.pixelColor(x, 100).name() for x in range(225)} == {"#000000", "#ffffff"}


def test_keys_zoom_and_say_so(session: Session) -> None:
    canvas = canvas_of(session)
    fit = canvas.zoom_words()
    assert fit.startswith("fit ")
    press(canvas.parentWidget(), "+")
    assert not canvas.zoom_words().startswith("fit")
    press(canvas.parentWidget(), "-")
    assert canvas.zoom_words() == fit
    press(canvas.parentWidget(), "+", "+", "f")
    assert canvas.zoom_words() == fit
    press(canvas.parentWidget(), "z", "z")
    assert canvas.zoom_words() == fit


def test_a_key_zooms_to_the_mouse_where_it_is_over_the_picture(session: Session) -> None:
    canvas, state = canvas_of(session), session.pictures.view_state
    at = QPoint(canvas.width() // 2 + 90, canvas.height() // 2 - 60)
    QTest.mouseMove(canvas, at)
    wait_for(canvas.underMouse, "the mouse")
    before = frame_of(session).place(state.view).point((at.x(), at.y()))
    press(canvas.parentWidget(), "z")
    after = frame_of(session).place(state.view).point((at.x(), at.y()))
    assert after == pytest.approx(before, abs=2)


def test_what_is_transparent_shows_squares(open_window: Open, tmp_path: Path) -> None:
    session = loupe_on(open_window, tmp_path, draw(1, (600, 600), alpha=True))
    canvas = canvas_of(session)
    left = frame_of(session).place(session.pictures.view_state.view).left
    seen = grabbed(canvas)
    right_top = [seen.pixel(canvas.width() - round(left) - 3 - x, 3) for x in range(40)]
    assert len(set(right_top)) == 2


def test_a_broken_file_says_why(open_window: Open, tmp_path: Path) -> None:
    session = loupe_on(open_window, tmp_path, draw(1, (1600, 1200)))
    context = session.context
    image = context.current
    assert image is not None
    (context.project.root / image.path).unlink()
    press(canvas_of(session).parentWidget(), "]")
    wait_for(lambda: context.current and context.current.recipe, "the turn")
    turned = context.current
    assert turned is not None
    wait_for(lambda: session.large.trouble(turned), "trouble")
    let_work(30)
    warning = QColor(session.context.theme.colours.warning).getRgb()
    seen, middle = grabbed(canvas_of(session)), canvas_of(session).rect().center()
    nearest = min(
        max(map(abs, map(operator.sub, seen.pixelColor(x, y).getRgb(), warning)))
        for x in range(middle.x() - 100, middle.x() + 100)
        for y in range(middle.y() - 20, middle.y() + 20)
    )
    assert nearest <= NEAR
