"""The recipe panel and presets: steps switched, moved, typed, copied and kept under a name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from curator.core.files import sha256_of
from curator.core.installed_models import use_file
from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.recipe_presets import own_presets
from curator.core.steps import Crop, CutOut, Pad, Step, Straighten, Turn, Upscale
from curator.ui import backgrounds
from curator.ui.app import App
from curator.ui.panels.recipe import RecipePanel
from curator.ui.picture_drag import mime_of
from curator.ui.session import Session
from tests.helpers.heavy_models import write_bright_cutter, write_doubler, write_filter
from tests.helpers.pictures import photo, write
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


@pytest.fixture
def upscalers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A doubler of the person's own is the upscaler in use; returns its file."""
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))
    doubler = write_doubler(tmp_path / "doubler.onnx")
    use_file("upscaler", doubler)
    return doubler


def give(session: Session, *steps: Step) -> RecipePanel:
    """Give the first picture steps, and show the form of the last."""
    image = session.context.current
    assert image is not None
    session.context.submit(set_recipes("Prepare", {image: Recipe(steps)}))
    settle(session.context)
    panel = session.prepare.panel
    wait_for(lambda: panel.steps.count() == len(steps), "the steps")
    return panel


def box_of(panel: RecipePanel, name: str) -> QComboBox:
    """The box of a field, with the keyboard in it."""
    assert panel.form is not None
    panel.form.focus(name)
    wait_for(lambda: panel.form is not None and panel.form.focused() == name, "the keyboard")
    box = panel.form.focusWidget()
    assert isinstance(box, QComboBox)
    return box


def choose(box: QComboBox, title: str) -> None:
    """Choose a line of a box by its keys."""
    QTest.keyClick(box, Qt.Key.Key_Down)
    view = box.view()
    wait_for(view.isVisible, "the list")
    by = box.findText(title) - view.currentIndex().row()
    for _ in range(abs(by)):
        QTest.keyClick(view, Qt.Key.Key_Down if by > 0 else Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Return)


def titles(box: QComboBox) -> list[str]:
    return [box.itemText(at) for at in range(box.count())]


def test_the_model_that_enlarges_is_chosen_among_those_that_are_there(
    session: Session, upscalers: Path
) -> None:
    panel = give(session, Upscale(2.0))
    box = box_of(panel, "model")
    assert titles(box) == ["Lanczos", "doubler.onnx", "Models…"]
    choose(box, "doubler.onnx")
    assert recipe_of(session) == (Upscale(2.0, str(upscalers)),)
    wait_for(lambda: lines(panel) == ["Enlarge to 320 x 240, doubler.onnx"], "its words")
    assert panel.form is not None
    assert panel.form.focused() == "model"
    choose(box_of(panel, "model"), "Models…")
    assert recipe_of(session) == (Upscale(2.0, str(upscalers)),)
    models = session._models
    assert models is not None
    wait_for(lambda: (row := models.row()) is not None and row.kind == "upscaler", "the page")


def test_a_filter_is_added_by_the_menu_and_without_one_models_are_offered(
    session: Session, tmp_path: Path, upscalers: Path
) -> None:
    rows = [one.text() for one in session.prepare.panel.add.menu().actions()]
    assert "Filter by a model" in rows
    session.window.actions_table["filter_picture"].trigger()
    wait_for(lambda: session.notices.lines(), "a word")
    line = session.notices.lines()[0]
    assert line.notice.text == "There is no filter model yet."
    assert [button.text() for button in line.buttons] == ["Models…"]
    smooth = write_filter(tmp_path / "1x-smooth.onnx")
    use_file("filter", smooth)
    QTest.keyClick(session.pictures.grid, Qt.Key.Key_F, SHIFT)
    wait_for(lambda: recipe_of(session), "the step")
    assert recipe_of(session) == (Upscale(1, str(smooth)),)
    panel = session.prepare.panel
    wait_for(lambda: lines(panel) == ["Filter with 1x-smooth.onnx"], "its words")
    assert titles(box_of(panel, "model")) == [
        "Lanczos",
        "doubler.onnx",
        "1x-smooth.onnx",
        "Models…",
    ]


def test_the_model_that_cuts_out_is_chosen_and_by_hand_only_where_strokes_are(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))
    first, second = (write_bright_cutter(tmp_path / name) for name in ("a.onnx", "b.onnx"))
    use_file("cutout", second)
    panel = give(session, CutOut(str(first)))  # which is not the one in use
    box = box_of(panel, "model")
    assert titles(box) == ["b.onnx", "a.onnx", "Models…"]
    choose(box, "b.onnx")
    assert recipe_of(session) == (CutOut(str(second)),)


def test_another_picture_is_chosen_or_dropped_behind_the_subject(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cutter = str(write_bright_cutter(tmp_path / "a.onnx"))
    panel = give(session, CutOut(cutter))
    forest = write(tmp_path / "forest.png", photo(77, (90, 60)))
    monkeypatch.setattr(backgrounds, "ask_file", lambda *_about: str(forest))
    choose(box_of(panel, "fill"), "Another picture…")
    wait_for(lambda: recipe_of(session)[0] != CutOut(cutter), "the background")
    project = session.context.project
    sha256 = sha256_of(forest)
    assert recipe_of(session) == (CutOut(cutter, f"picture:{sha256}"),)
    assert project.known(sha256)
    wait_for(lambda: box_of(panel, "fill").currentText() == "forest.png", "its name")
    other = project.images(session.context.model.ids[1:2])[0]
    drop(panel, mime_of(session.context, [other.id]))
    wait_for(lambda: recipe_of(session)[0].fill == f"picture:{other.sha256}", "the other")  # type: ignore[union-attr]
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(forest))])
    drop(panel, files)
    wait_for(lambda: recipe_of(session)[0].fill == f"picture:{sha256}", "the file")  # type: ignore[union-attr]


def test_what_is_no_picture_is_not_laid_behind(session: Session, tmp_path: Path) -> None:
    cutter = str(write_bright_cutter(tmp_path / "a.onnx"))
    panel = give(session, CutOut(cutter))
    (tmp_path / "bad.png").write_bytes(b"bad")
    session.prepare.backgrounds.take(tmp_path / "bad.png")
    told = "can't be laid behind"
    wait_for(lambda: any(told in one.notice.text for one in session.notices.lines()), "a word")
    assert recipe_of(session) == (CutOut(cutter),)
    assert panel.form is not None


def drop(panel: RecipePanel, data: QMimeData) -> None:
    """Drop something in the middle of the panel."""
    at, copy = panel.rect().center(), Qt.DropAction.CopyAction
    left, no = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(at, copy, data, left, no)
    QApplication.sendEvent(panel, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(panel, QDropEvent(at, copy, data, left, no))
