"""The recipe panel and presets: steps switched, moved, typed, copied and kept under a name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.recipe_presets import own_presets
from curator.core.steps import Crop, Pad, Step, Straighten, Turn, Upscale
from curator.ui.app import App
from curator.ui.panels.recipe import RecipePanel
from curator.ui.session import Session
from tests.helpers.tooled import keys, recipe_of, size_of
from tests.helpers.windows import let_work, make_project, press, session_of, settle, wait_for

Open = Callable[..., App]
SHIFT = Qt.KeyboardModifier.ShiftModifier
STEPS: tuple[Step, ...] = (Turn(1), Crop(0, 0, 60, 80, 120, 160), Pad(1, 1))


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    session = session_of(open_window(make_project(tmp_path, 3)))
    session.window.actions_table["workspace_prepare"].trigger()
    return session


@pytest.fixture
def panel(session: Session) -> RecipePanel:
    """The first picture, of 160 x 120, has three steps."""
    image = session.context.current
    assert image is not None
    session.context.submit(set_recipes("Prepare", {image: Recipe(STEPS)}))
    settle(session.context)
    panel = session.prepare.panel
    wait_for(lambda: panel.steps.count() == 3, "the steps")
    return panel


def lines(panel: RecipePanel) -> list[str]:
    return [panel.steps.item(row).text() for row in range(panel.steps.count())]


def test_steps_are_told_in_words_with_what_comes_of_them(panel: RecipePanel) -> None:
    assert lines(panel) == ["Turn right", "Crop to 60 x 80", "Pad to 80 x 80, white"]
    assert panel.state.text().startswith("160 x 120 to 80 x 80, bucket 512 x 512")
    assert panel.isVisible()


def test_a_tick_switches_a_step_off_and_on(session: Session, panel: RecipePanel) -> None:
    panel.steps.setFocus()
    panel.steps.setCurrentRow(1)
    keys(Qt.Key.Key_Space)
    assert [step.off for step in recipe_of(session)] == [False, True, False]
    let_work(20)
    assert size_of(session) == (160, 160)
    assert panel.steps.currentRow() == 1
    keys(Qt.Key.Key_Space)
    assert recipe_of(session) == STEPS


def test_steps_are_moved_and_removed_by_keys(session: Session, panel: RecipePanel) -> None:
    panel.steps.setFocus()
    panel.steps.setCurrentRow(2)
    QTest.keyClick(panel.steps, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert recipe_of(session) == (STEPS[0], STEPS[2], STEPS[1])
    let_work(20)
    assert panel.steps.currentRow() == 1
    keys(Qt.Key.Key_Delete)
    assert recipe_of(session) == (STEPS[0], STEPS[1])
    for _ in range(2):
        session.context.undo()
    assert recipe_of(session) == STEPS


def test_a_parameter_is_typed_and_what_can_not_be_is_told(
    session: Session, panel: RecipePanel
) -> None:
    panel.steps.setCurrentRow(2)
    assert panel.form is not None
    panel.form.focus("fill")
    keys(Qt.Key.Key_End)
    keys("x", Qt.Key.Key_Return)  # "whitex"
    assert recipe_of(session) == STEPS
    panel.form.reset("fill")
    panel.form.focus("x")
    QTest.keyClick(panel.form.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    keys("0", Qt.Key.Key_Return)
    assert recipe_of(session)[2] == Pad(1, 1, "white", 0.0)


def test_edit_opens_the_tool_of_a_step(session: Session, panel: RecipePanel) -> None:
    panel.steps.setCurrentRow(1)
    panel.edit.click()
    tool = session.pictures.tools.bench.tool
    assert tool is not None
    assert tool.title == "Crop"
    assert tool.ground is not None
    assert tool.ground.size == (120, 160)


def test_steps_are_copied_to_what_is_selected_as_one_undo(
    session: Session, panel: RecipePanel
) -> None:
    panel.copy.click()
    press(session.pictures.grid, Qt.Key.Key_Right)
    session.culling.select_all()
    panel.paste.click()
    assert [recipe_of(session, row) for row in range(3)] == [STEPS] * 3
    session.context.undo()
    assert [recipe_of(session, row) for row in range(3)] == [STEPS, (), ()]


def test_a_preset_means_for_each_picture_what_it_needs(session: Session) -> None:
    session.culling.select_all()
    menu = session.prepare.presets
    menu.fill()
    action = next(one for one in menu.menu.actions() if one.text() == "Crop to square")
    action.trigger()
    assert [size_of(session, row) for row in range(3)] == [(120, 120), (120, 120), (140, 140)]
    session.context.undo()
    assert [size_of(session, row) for row in range(3)] == [(160, 120), (120, 160), (140, 140)]


def test_steps_are_kept_under_a_name_and_given_to_another_picture(
    session: Session, panel: RecipePanel
) -> None:
    presets = session.prepare.presets
    presets.ask_name()
    for character in "mine":
        keys(character)
    keys(Qt.Key.Key_Return)
    settle(session.context)
    assert own_presets(session.context.project.settings) == {"mine": STEPS}
    press(session.pictures.grid, Qt.Key.Key_Right)
    presets.fill()
    next(one for one in presets.menu.actions() if one.text() == "mine").trigger()
    assert recipe_of(session, 1) == STEPS
    session.context.undo()
    session.context.undo()
    settle(session.context)
    assert own_presets(session.context.project.settings) == {}


def test_without_steps_there_is_a_sentence_and_no_form(session: Session) -> None:
    image = session.context.current
    assert image is not None
    session.context.submit(set_recipes("Straighten", {image: Recipe((Straighten(2.0),))}))
    settle(session.context)
    panel = session.prepare.panel
    wait_for(lambda: panel.steps.count() == 1, "the step")
    assert panel.form is not None
    session.context.undo()
    settle(session.context)
    wait_for(lambda: panel.steps.count() == 0, "the undo")
    assert panel.form is None
    assert "as it was imported" in panel.empty.text()


def test_enlarging_to_the_bucket_takes_lanczos_where_no_upscaler_is_there(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "none"))
    QTest.keyClick(session.pictures.grid, Qt.Key.Key_E, SHIFT)
    wait_for(lambda: recipe_of(session), "the step")
    (step,) = recipe_of(session)
    assert isinstance(step, Upscale)
    assert step.model == "lanczos"
    QTest.keyClick(session.pictures.grid, Qt.Key.Key_E, SHIFT)
    wait_for(lambda: session.notices.lines(), "a word")
    assert "so already" in session.notices.lines()[0].notice.text


def test_without_a_model_cutting_out_says_how_to_get_one_and_offers_the_hand(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "none"))
    QTest.keyClick(session.pictures.grid, Qt.Key.Key_K, SHIFT)
    wait_for(lambda: session.notices.lines(), "a word")
    line = session.notices.lines()[0]
    assert [button.text() for button in line.buttons] == ["Models…", "Cut out by hand"]
    QTest.mouseClick(line.buttons[1], Qt.MouseButton.LeftButton)
    wait_for(lambda: session.pictures.is_tooling, "the tool")
