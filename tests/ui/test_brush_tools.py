"""Brushes in a real window: strokes, their undo, and what each tool makes of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.regions import Ellipse, Stroke
from curator.core.steps import Adjust, Blur, CutOut, Heal, Pad, Paint, Straighten
from curator.ui.app import App
from curator.ui.session import Session
from curator.ui.tools.brush import BrushTool
from curator.ui.tools.brush_tools import BlurTool, CutOutTool, PaintTool
from curator.ui.tools.slider_tools import AdjustTool, PadTool
from curator.ui.tools.straighten_tool import StraightenTool, levelling
from tests.helpers.tooled import RIGHT, chord, draw_line, keys, open_tool, recipe_of, spot, stage_of
from tests.helpers.windows import let_work, make_project, press, session_of, settle, wait_for

Open = Callable[..., App]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    return session_of(open_window(make_project(tmp_path, 3)))


def brush(session: Session, name: str) -> BrushTool:
    tool = open_tool(session, name)
    assert isinstance(tool, BrushTool)
    return tool


def test_what_is_drawn_is_healed_once_it_is_accepted(session: Session) -> None:
    tool = brush(session, "heal")
    draw_line(session, (40, 60), (80, 60), (120, 60))
    draw_line(session, (20, 20))
    assert recipe_of(session) == ()
    keys(Qt.Key.Key_Return)
    (step,) = recipe_of(session)
    assert isinstance(step, Heal)
    line, dot = step.region
    assert isinstance(line, Stroke)
    assert line.points[0] == pytest.approx((0.25, 0.5), abs=0.01)
    assert line.points[-1] == pytest.approx((0.75, 0.5), abs=0.01)
    assert line.size == tool.diameter
    assert isinstance(dot, Stroke)
    assert len(dot.points) == 1


def test_the_preview_shows_what_is_painted_while_it_is_drawn(session: Session) -> None:
    tool = brush(session, "paint")
    assert isinstance(tool, PaintTool)
    tool.colour.show_fill("#ff0000")
    stage = stage_of(session)
    QTest.mousePress(
        stage, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot(session, 80, 60)
    )
    QTest.mouseMove(stage, spot(session, 90, 60))
    preview = session.pictures.tools.bench.previewer
    wait_for(lambda: preview.image is not None, "the preview")
    assert preview.image is not None
    wide = preview.image.width() / 160
    assert preview.image.pixelColor(round(80 * wide), round(60 * wide)).name() == "#ff0000"
    assert recipe_of(session) == ()
    QTest.mouseRelease(stage, Qt.MouseButton.LeftButton)
    keys(Qt.Key.Key_Return)
    (step,) = recipe_of(session)
    assert isinstance(step, Paint)
    assert step.colour == "#ff0000"


def test_strokes_are_taken_back_one_by_one_before_anything_else(session: Session) -> None:
    tool = brush(session, "heal")
    for x in (30, 60, 90):
        draw_line(session, (x, 60))
    keys(Qt.Key.Key_Backspace)
    assert len(tool.strokes) == 2
    chord(Qt.Key.Key_Z, CTRL)
    assert len(tool.strokes) == 1
    chord(Qt.Key.Key_Z, CTRL | SHIFT)
    assert len(tool.strokes) == 2
    keys(Qt.Key.Key_Return)
    (step,) = recipe_of(session)
    assert isinstance(step, Heal)
    assert len(step.region) == 2


def test_brackets_and_the_wheel_change_the_brush(session: Session) -> None:
    tool, stage = brush(session, "heal"), stage_of(session)
    size, hardness = tool.size.value(), tool.hardness.value()
    keys("]", "]", "[")
    assert tool.size.value() > size
    keys("{")
    assert tool.hardness.value() < hardness
    at = spot(session, 80, 60)
    before = tool.size.value()
    for held, notches in ((Qt.KeyboardModifier.NoModifier, -2), (SHIFT, 1)):
        place = QPointF(at), QPointF(stage.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches)
        event = QWheelEvent(
            *place, Qt.MouseButton.NoButton, held, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(stage, event)
    assert tool.size.value() < before
    assert tool.hardness.value() == hardness
    assert recipe_of(session) == ()


def test_a_blur_goes_on_where_it_was_and_can_be_coarse_or_erased(session: Session) -> None:
    tool = brush(session, "blur")
    assert isinstance(tool, BlurTool)
    tool.ellipse.setChecked(True)
    draw_line(session, (40, 30), (80, 60), (120, 90))
    keys(Qt.Key.Key_Return)
    (step,) = recipe_of(session)
    assert isinstance(step, Blur)
    (ellipse,) = step.region
    assert isinstance(ellipse, Ellipse)
    assert (ellipse.radius_x, ellipse.radius_y) == pytest.approx((0.25, 0.25), abs=0.02)
    tool = brush(session, "blur")
    assert isinstance(tool, BlurTool)
    assert len(tool.strokes) == 1
    tool.pixelate.click()
    tool.ellipse.setChecked(False)
    keys("X")
    draw_line(session, (80, 60))
    keys(Qt.Key.Key_Return)
    (step,) = recipe_of(session)
    assert isinstance(step, Blur)
    assert step.pixelate
    assert [shape.erases for shape in step.region] == [False, True]


def test_after_a_face_was_blurred_its_tag_is_offered(session: Session) -> None:
    brush(session, "blur")
    draw_line(session, (40, 30), (60, 30))
    keys(Qt.Key.Key_Return)
    settle(session.context)
    (line,) = session.notices.lines()
    assert "faceless" in line.notice.text
    line.buttons[0].click()
    settle(session.context)
    image = session.context.project.image(session.context.model.ids[0])
    assert image.caption == "faceless"


def test_strokes_say_what_is_kept_and_what_is_dropped(session: Session) -> None:
    tool = brush(session, "cut_out")
    assert isinstance(tool, CutOutTool)
    draw_line(session, (70, 60), (90, 60))
    draw_line(session, (5, 5), (150, 5), button=RIGHT)
    keys("X")
    draw_line(session, (5, 115), (150, 115))
    assert session.pictures.tools.words.text() == "1 kept, 2 dropped"
    wait_for(lambda: session.pictures.tools.bench.previewer.image is not None, "the cut-out")
    step = tool.step()
    assert isinstance(step, CutOut)
    assert step.model == "hand"
    assert (len(step.kept), len(step.dropped)) == (1, 2)
    keys(Qt.Key.Key_Escape)
    assert recipe_of(session) == ()


def test_strokes_are_bettered_before_another_picture(session: Session) -> None:
    image, other = session.context.project.images(session.context.model.ids[:2])
    fill = f"picture:{other.sha256}"
    kept = Stroke(((0.45, 0.5), (0.55, 0.5)), 0.1)
    step = CutOut("hand", fill, (kept,))
    session.context.submit(set_recipes("Cut out", {image: Recipe((step,))}))
    settle(session.context)
    session.pictures.open_tool("cut_out", 0)
    bench = session.pictures.tools.bench
    wait_for(lambda: bench.tool is not None and bench.previewer.image is not None, "the cut-out")
    tool = bench.tool
    assert isinstance(tool, CutOutTool)
    assert tool.background.currentText() == "another picture"
    tool.keep.setFocus()
    tool.background.setFocus()
    tool.keep.setFocus()
    assert tool.background.fill == fill
    let_work(30)
    draw_line(session, (40, 60), (50, 60))
    keys(Qt.Key.Key_Return)
    (made,) = recipe_of(session)
    assert isinstance(made, CutOut)
    assert (made.fill, len(made.kept)) == (fill, 2)


def test_a_line_along_what_should_be_level_straightens(session: Session) -> None:
    tool = open_tool(session, "straighten")
    assert isinstance(tool, StraightenTool)
    draw_line(session, (20, 60), (120, 70))
    assert tool.number.value() == pytest.approx(-5.7, abs=0.6)
    wait_for(lambda: session.pictures.tools.bench.previewer.image is not None, "the preview")
    keys(Qt.Key.Key_Right, Qt.Key.Key_Return)
    (step,) = recipe_of(session)
    assert isinstance(step, Straighten)
    assert step.degrees == pytest.approx(-5.6, abs=0.6)


@pytest.mark.parametrize(
    ("end", "degrees"),
    [((10, 0), 0), ((10, 10), 45), ((1, 10), 5.7), ((-10, 1), 5.7), ((10, 1), -5.7)],
)
def test_a_line_is_levelled_the_shorter_way(end: tuple[float, float], degrees: float) -> None:
    assert abs(levelling((0, 0), end)) == pytest.approx(abs(degrees), abs=0.1)
    if abs(degrees) < 45:
        assert levelling((0, 0), end) == pytest.approx(degrees, abs=0.1)


def test_sliders_adjust_with_a_preview(session: Session) -> None:
    tool = open_tool(session, "adjust")
    assert isinstance(tool, AdjustTool)
    tool.sliders["exposure"].setValue(100)
    wait_for(lambda: session.pictures.tools.bench.previewer.image is not None, "the preview")
    tool.sliders["exposure"].setFocus()
    keys(Qt.Key.Key_Right)
    assert tool.sliders["exposure"].value() == 105
    keys(Qt.Key.Key_Return)
    assert recipe_of(session) == (Adjust(1.05),)


def test_borders_make_it_square_or_as_the_bucket(session: Session) -> None:
    tool = open_tool(session, "pad")
    assert isinstance(tool, PadTool)
    tool.fill.setCurrentText("edge")
    tool.fill.lineEdit().editingFinished.emit()
    assert "160 x 160" in session.pictures.tools.words.text()
    keys(Qt.Key.Key_Return)
    assert recipe_of(session) == (Pad(1, 1, "edge"),)


def test_holding_b_shows_the_picture_as_it_was(session: Session) -> None:
    tool = open_tool(session, "paint")
    draw_line(session, (80, 60))
    stage, pane = stage_of(session), session.pictures.tools.pane
    QTest.keyPress(pane, Qt.Key.Key_B)
    assert stage.is_before
    QTest.keyRelease(pane, Qt.Key.Key_B)
    assert not stage.is_before
    assert tool.is_touched
    keys(Qt.Key.Key_Return)
    press(session.pictures.grid, Qt.Key.Key_Space)
    loupe = session.pictures.loupe
    let_work(20)
    assert loupe.pane.image is not None
    assert loupe.pane.image.recipe
    QTest.keyPress(loupe.pane, Qt.Key.Key_B)
    assert loupe.pane.image.recipe == ""
    QTest.keyRelease(loupe.pane, Qt.Key.Key_B)
    assert loupe.pane.image.recipe


def test_space_ticks_an_option_and_does_not_leave_the_tool(session: Session) -> None:
    tool = brush(session, "blur")
    tool.ellipse.setFocus()
    keys(Qt.Key.Key_Space)
    assert tool.ellipse.isChecked()
    assert session.pictures.is_tooling
