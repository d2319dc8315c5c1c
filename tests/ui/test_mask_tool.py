"""Masks of the training, painted by a brush in a real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core.edits import Edit
from curator.core.masks import TrainingMask
from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.regions import Polygon, Stroke
from curator.core.steps import Crop
from curator.ui.app import App
from curator.ui.session import Session
from curator.ui.tools.mask_tool import MaskTool
from tests.helpers.tooled import chord, draw_line, keys, open_tool, recipe_of
from tests.helpers.windows import make_project, session_of, settle, wait_for

Open = Callable[..., App]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    return session_of(open_window(make_project(tmp_path, 3)))


def mask_tool(session: Session) -> MaskTool:
    tool = open_tool(session, "mask")
    assert isinstance(tool, MaskTool)
    return tool


def mask_of(session: Session) -> TrainingMask | None:
    settle(session.context)
    context = session.context
    return TrainingMask.from_json(context.project.image(context.model.ids[0]).mask)


def test_what_i_paint_is_what_the_training_learns(session: Session) -> None:
    tool = mask_tool(session)
    assert "whole picture" in tool.words().text
    draw_line(session, (40, 60), (120, 60))
    assert tool.words().text == ""
    assert mask_of(session) is None
    keys(Qt.Key.Key_Return)
    mask = mask_of(session)
    assert mask is not None
    assert mask.learns_inside
    (stroke,) = mask.region
    assert isinstance(stroke, Stroke)
    assert (stroke.size, stroke.hardness) == (tool.diameter, 0.7)
    assert recipe_of(session) == ()
    QTest.keyClick(session.pictures.grid, Qt.Key.Key_Z, CTRL)
    assert mask_of(session) is None


def test_each_stroke_is_taken_back_alone_and_what_was_painted_before_stays(
    session: Session,
) -> None:
    mask_tool(session)
    draw_line(session, (40, 60), (120, 60))
    keys(Qt.Key.Key_Return)
    mask_tool(session)
    keys("x")  # erases
    draw_line(session, (80, 60))
    draw_line(session, (90, 60))
    chord(Qt.Key.Key_Z, CTRL)
    keys(Qt.Key.Key_Return)
    mask = mask_of(session)
    assert mask is not None
    assert [shape.erases for shape in mask.region] == [False, True]


def test_a_watermark_is_left_out_and_may_count_a_little(session: Session) -> None:
    tool = mask_tool(session)
    draw_line(session, (20, 100), (60, 100))
    tool.learned.setFocus()
    keys(Qt.Key.Key_Down)
    tool.rest.setFocus()
    tool.rest.selectAll()
    keys("2", "0")
    session.pictures.take_keyboard()
    keys(Qt.Key.Key_Return)
    mask = mask_of(session)
    assert mask is not None
    assert (mask.learns_inside, mask.rest) == (False, 0.2)


def test_a_mask_painted_on_a_crop_lies_on_the_source(session: Session) -> None:
    context = session.context

    def crop(images: list[object]) -> Edit:
        return set_recipes("Crop", {images[0]: Recipe((Crop(80, 0, 160, 120, 160, 120),))})

    context.change([context.model.ids[0]], crop)
    wait_for(lambda: len(recipe_of(session)) == 1, "the crop")
    mask_tool(session)
    draw_line(session, (40, 60))
    keys(Qt.Key.Key_Return)
    mask = mask_of(session)
    assert mask is not None
    (dot,) = mask.region
    assert isinstance(dot, Stroke)
    assert dot.points[0] == pytest.approx((0.75, 0.5), abs=0.01)


def test_what_i_draw_around_is_a_polygon(session: Session) -> None:
    tool = mask_tool(session)
    tool.ellipse.click()
    tool.outline.click()
    assert not tool.ellipse.isChecked()
    draw_line(session, (40, 30), (120, 30), (120, 90), (40, 90))
    keys(Qt.Key.Key_Return)
    mask = mask_of(session)
    assert mask is not None
    (shape,) = mask.region
    assert isinstance(shape, Polygon)
    assert len(shape.points) == 4
