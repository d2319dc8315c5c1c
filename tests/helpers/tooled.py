"""Tools in a real window, drawn with as a person would."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curator.core.recipe import Recipe
from curator.core.steps import Step
from curator.ui.session import Session
from curator.ui.tools.stage import Stage
from curator.ui.tools.tool import Tool
from tests.helpers.windows import let_work, press, settle, wait_for

NO = Qt.KeyboardModifier.NoModifier
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def keys(*pressed: str | Qt.Key) -> None:
    """Press keys wherever the focus is."""
    for key in pressed:
        focus = QApplication.focusWidget()
        assert focus is not None
        press(focus, key)


def chord(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    """Press a key with others held."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifiers)
    let_work(1)


def open_tool(session: Session, name: str) -> Tool:
    """Open a tool on the current picture by its action."""
    session.window.actions_table[name].trigger()
    bench = session.pictures.tools.bench
    wait_for(lambda: bench.tool is not None and bench.stage.isVisible(), name)
    let_work(30)  # till the widget has its size
    assert bench.tool is not None
    return bench.tool


def stage_of(session: Session) -> Stage:
    """Where the tool draws."""
    return session.pictures.tools.bench.stage


def spot(session: Session, x: float, y: float) -> QPoint:
    """Where a pixel of the picture is seen on the stage."""
    return stage_of(session).on_screen((x, y)).toPoint()


def draw_line(
    session: Session, *points: tuple[float, float], button: Qt.MouseButton = LEFT
) -> None:
    """Draw from pixel to pixel of the picture with the mouse."""
    stage = stage_of(session)
    first, *rest = (spot(session, *point) for point in points)
    QTest.mousePress(stage, button, NO, first)
    for point in rest:
        QTest.mouseMove(stage, point)
        let_work(1)
    QTest.mouseRelease(stage, button, NO, (rest or [first])[-1])
    let_work(1)


def recipe_of(session: Session, row: int = 0) -> tuple[Step, ...]:
    """The steps of the picture in a row, once all is on the disk."""
    settle(session.context)
    image = session.context.project.image(session.context.model.ids[row])
    return Recipe.from_json(image.recipe).steps


def size_of(session: Session, row: int = 0) -> tuple[int, int]:
    """The size in pixels that the picture in a row has after its steps."""
    settle(session.context)
    image = session.context.project.image(session.context.model.ids[row])
    return Recipe.from_json(image.recipe).size_after((image.width, image.height))
