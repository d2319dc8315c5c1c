"""The crop tool in a real window: handles, arrows, shapes, proposals, the next picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core.crop_frame import CropFrame
from curator.core.geometry import Box
from curator.core.installed_models import use_file
from curator.core.masks import TrainingMask, set_masks
from curator.core.project import Project
from curator.core.regions import Ellipse
from curator.core.steps import Crop
from curator.ui.app import App
from curator.ui.session import Session
from curator.ui.tools.crop_tool import CropTool
from tests.helpers.imported import bring_in
from tests.helpers.onnx_files import write_white_finder
from tests.helpers.pictures import draw
from tests.helpers.tooled import chord, draw_line, keys, open_tool, recipe_of, size_of, stage_of
from tests.helpers.windows import let_work, make_project, press, session_of, settle, wait_for

Open = Callable[..., App]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    """Pictures of 160 x 120, 120 x 160 and 140 x 140 pixels in turn."""
    return session_of(open_window(make_project(tmp_path, 4)))


def crop_of(session: Session) -> CropTool:
    tool = open_tool(session, "crop")
    assert isinstance(tool, CropTool)
    return tool


def free(tool: CropTool) -> None:
    if tool.lock.isChecked():
        tool.lock.click()


def test_i_press_r_and_return_and_the_picture_has_the_shape_of_its_bucket(
    session: Session,
) -> None:
    press(session.pictures.grid, "R")
    wait_for(lambda: session.pictures.is_tooling, "the tool")
    keys(Qt.Key.Key_Return)
    assert session.pictures.grid.hasFocus()
    assert size_of(session) == (154, 120)  # 576 x 448
    session.context.undo()
    let_work(20)
    assert size_of(session) == (160, 120)


def test_i_pull_a_corner_and_press_return_and_the_size_is_150_x_100(session: Session) -> None:
    tool = crop_of(session)
    free(tool)
    tool.frame = CropFrame.whole((160, 120))
    draw_line(session, (160, 120), (155, 110), (150, 100))
    assert tool.frame.box == Box(0, 0, 150, 100)
    assert "150 x 100 pixels" in session.pictures.tools.words.text()
    assert "below its bucket" in session.pictures.tools.warning.text()
    keys(Qt.Key.Key_Return)
    assert size_of(session) == (150, 100)
    assert len(recipe_of(session)) == 1


def test_escape_leaves_the_picture_as_it_was(session: Session) -> None:
    tool = crop_of(session)
    draw_line(session, (20, 60), (60, 60))
    assert tool.is_touched
    keys(Qt.Key.Key_Escape)
    assert session.pictures.grid.hasFocus()
    assert recipe_of(session) == ()


def test_arrows_move_it_and_with_ctrl_size_it(session: Session) -> None:
    tool = crop_of(session)
    free(tool)
    chord(Qt.Key.Key_Left, CTRL | SHIFT)
    chord(Qt.Key.Key_Up, CTRL)
    wide = tool.frame.box.size
    assert wide == (154 - 10, 119)
    keys(Qt.Key.Key_Right, Qt.Key.Key_Down)
    assert tool.frame.box.size == wide
    assert tool.frame.box.left == 4
    assert tool.frame.box.top == 1
    keys(Qt.Key.Key_Return)
    assert size_of(session) == wide


def test_r_goes_through_the_shapes_of_buckets(session: Session) -> None:
    tool = crop_of(session)
    assert tool.frame.ratio == (576, 448)
    keys("R")
    assert tool.frame.ratio == (640, 384)
    keys("R")
    assert tool.frame.ratio == (512, 512)
    assert tool.frame.box.size[0] == tool.frame.box.size[1]
    chord(Qt.Key.Key_R, SHIFT)
    chord(Qt.Key.Key_R, SHIFT)
    assert tool.frame.ratio == (576, 448)
    keys("L")
    assert tool.frame.ratio is None


def test_a_new_box_is_drawn_outside_of_the_old_one(session: Session) -> None:
    tool = crop_of(session)
    free(tool)
    tool.frame = tool.frame.pulled((1, 1), 40, 40).pulled((-1, -1), 10, 10)
    draw_line(session, (150, 110), (100, 90), (90, 60))
    assert tool.frame.box.size == (61, 51)


def test_i_open_the_tool_again_and_see_the_crop_in_the_whole_picture(session: Session) -> None:
    tool = crop_of(session)
    free(tool)
    draw_line(session, (157, 60), (100, 60))
    keys(Qt.Key.Key_Return)
    cropped = size_of(session)
    tool = crop_of(session)
    assert tool.frame.size == (160, 120)
    assert tool.frame.box.size == cropped
    keys(Qt.Key.Key_Right, Qt.Key.Key_Return)
    (step,) = recipe_of(session)
    assert isinstance(step, Crop)
    assert (step.of_width, step.of_height) == (160, 120)


def test_shift_return_frames_the_next_picture_alike(session: Session) -> None:
    tool = crop_of(session)
    free(tool)
    draw_line(session, (157, 60), (80, 60))
    first = tool.frame.box
    chord(Qt.Key.Key_Return, SHIFT)
    let_work(20)
    assert session.context.current_row == 1
    assert tool.frame.size == (120, 160)
    assert tool.frame.box.size[0] == pytest.approx(120 * first.size[0] / 160, abs=1)
    keys(Qt.Key.Key_Return)
    assert size_of(session, 0) == first.size
    assert size_of(session, 1) == tool.frame.box.size


def test_going_on_takes_over_what_was_drawn(session: Session) -> None:
    tool = crop_of(session)
    free(tool)
    draw_line(session, (157, 60), (80, 60))
    drawn = tool.frame.box.size
    keys(".")
    let_work(20)
    assert session.context.current_row == 1
    assert session.pictures.is_tooling
    assert size_of(session, 0) == drawn
    keys(Qt.Key.Key_Escape)
    assert recipe_of(session, 1) == ()


def test_a_face_proposes_crops_that_a_key_accepts(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    monkeypatch.setenv("CURATOR_MODELS", str(models))
    use_file("faces", write_white_finder(models / "white.onnx"))
    picture = draw(1, (240, 320)).point(lambda value: value // 4)
    picture.paste((255, 255, 255), (96, 32, 128, 64))
    with Project.create(tmp_path / "project") as project:
        bring_in(project, tmp_path / "scraped", {"a.png": picture})
    session = session_of(open_window(tmp_path / "project"))
    tool = crop_of(session)
    free(tool)
    wait_for(lambda: tool.faces, "faces")
    assert [name for name, _box in tool.offers()] == ["full", "upper body", "head"]
    keys("3")
    head = tool.frame.box
    left, _top, wide, _high = tool.faces[0]
    assert head.left < left * 240
    assert head.right > (left + wide) * 240
    keys(Qt.Key.Key_Return)
    assert size_of(session) == head.size


def test_a_picture_whose_steps_are_taken_back_meanwhile_begins_anew(session: Session) -> None:
    crop_of(session)
    keys(Qt.Key.Key_Return)
    assert size_of(session) == (154, 120)
    tool = crop_of(session)
    assert tool.frame.box.size == (154, 120)
    QTest.keyClick(session.pictures.tools.pane, Qt.Key.Key_Z, CTRL)
    wait_for(lambda: tool.ground is not None and not tool.ground.recipe.steps, "the undo")
    assert stage_of(session).isVisible()


def test_a_mask_proposes_crops_about_its_subject(session: Session) -> None:
    context = session.context
    tall = (Ellipse(0.5, 0.5, 0.2, 0.4),)
    (image,) = context.project.images([context.model.ids[0]])
    context.submit(set_masks({image: TrainingMask(tall)}))
    settle(context)
    tool = crop_of(session)
    free(tool)
    wait_for(lambda: tool.subject, "the subject")
    assert [name for name, _box in tool.offers()] == ["full", "upper body", "head"]
    keys("1")
    left, top, right, bottom = tool.frame.box
    assert (left, right) == pytest.approx((43, 117), abs=3)
    assert (top, bottom) == pytest.approx((7, 113), abs=3)
    keys("3")
    assert tool.frame.box.top < 12
    assert tool.frame.box.bottom < 90


def test_without_a_face_or_a_mask_it_is_said_what_proposals_need(session: Session) -> None:
    tool = crop_of(session)
    keys("3")
    assert "nothing to propose" in tool.words().warning


def test_a_slip_of_the_hand_makes_no_crop(session: Session) -> None:
    tool = crop_of(session)
    free(tool)
    draw_line(session, (157, 60), (80, 60))
    drawn = tool.frame.box
    draw_line(session, (120, 20), (120, 90))
    assert tool.frame.box == drawn


def test_the_last_picture_is_cropped_too(session: Session) -> None:
    session.context.go_to_row(3)
    crop_of(session)
    keys(Qt.Key.Key_Return)
    assert len(recipe_of(session, 3)) == 1
