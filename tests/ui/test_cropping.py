"""More crops in the window, what is asked when their source goes, masks, and many at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from curator.core.masks import TrainingMask, set_masks
from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.regions import Polygon, Stroke
from curator.core.steps import CutOut, Turn
from curator.imaging.made_steps import MadeSteps
from curator.ui.app import App
from curator.ui.dialogs.prepare_many import PrepareManyDialog
from curator.ui.mask_veil import _veil
from tests.helpers.heavy_models import write_bright_cutter
from tests.helpers.windows import dialog_of, make_project, press, session_of, settle, wait_for

Open = Callable[..., App]


def crop_first(app: App) -> tuple[int, int]:
    """Make a crop of the first picture by its key; (source, crop)."""
    session = session_of(app)
    context = session.context
    source = context.model.ids[0]
    QTest.keyClick(session.pictures.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    wait_for(lambda: len(context.model.ids) == 13, "a crop")
    wait_for(lambda: context.selection.current == context.model.ids[1], "the crop to be current")
    return source, context.model.ids[1]


def answer(app: App, words: str) -> None:
    wait_for(lambda: app.window.findChildren(QMessageBox), "the question")
    box = app.window.findChildren(QMessageBox)[-1]
    assert "One picture has 1 crop" in box.text()
    button = next(b for b in box.buttons() if b.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    box.deleteLater()
    app.window.activateWindow()  # as a window manager would see to
    wait_for(app.window.isActiveWindow, "the window to be active")


def test_a_crop_stands_beside_its_source_and_its_removal_asks_nothing(
    open_window: Open, tmp_path: Path
) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    source, crop = crop_first(app)
    assert session.context.project.image(crop).parent_id == source
    press(session.pictures.grid, "1")
    settle(session.context)
    assert session.context.project.image(crop).rating == 1
    assert session.context.project.image(source).rating == 0
    session.context.selection.go_to(crop)
    press(session.pictures.grid, Qt.Key.Key_Delete)
    wait_for(lambda: len(session.context.model.ids) == 12, "the crop to go")
    assert app.window.findChildren(QMessageBox) == []


def test_removing_a_source_asks_whether_its_crops_go_too(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    context, grid = session.context, session.pictures.grid
    source, crop = crop_first(app)
    context.selection.go_to(source)
    press(grid, Qt.Key.Key_Delete)
    answer(app, "Remove the crop too")
    wait_for(lambda: len(context.model.ids) == 11, "both to go")
    press(grid, Qt.Key.Key_Backspace)
    wait_for(lambda: len(context.model.ids) == 13, "both again")
    context.selection.go_to(source)
    press(grid, Qt.Key.Key_Delete)
    answer(app, "Keep the crops")
    wait_for(lambda: len(context.model.ids) == 12, "the source to go")
    assert crop in context.model.ids


def test_a_mask_by_the_cut_out_is_seen_as_a_veil(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    context, table = session.context, app.window.actions_table
    first, second = context.model.ids[:2]
    kept = (Stroke(((0.4, 0.5), (0.6, 0.5)), 0.2),)
    cut = Recipe((CutOut("hand", kept=kept),))
    context.submit(set_recipes("Cut out", {context.project.image(first): cut}))
    context.selection.choose([first, second], first)
    settle(context)
    table["mask_subject"].trigger()
    wait_for(lambda: session.notices.lines(), "a notice")
    assert any("1 picture could not be" in line.notice.hint for line in session.notices.lines())
    assert list(context.project.select("is:masked")) == [first]
    veil = _veil(context.project.image(first), "#ff0000")
    assert veil is not None
    assert veil.pixelColor(0, 0).alpha() > 100  # the corner is no subject
    context.selection.go_to(first)
    table["clear_mask"].trigger()
    settle(context)
    assert context.project.image(first).mask == ""


def test_the_loupe_shows_and_hides_the_veil(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    context = session.context
    first = context.project.image(context.model.ids[0])
    left = Polygon(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
    context.submit(set_masks({first: TrainingMask((left,))}))
    session.pictures.show_loupe()
    canvas = session.pictures.loupe.pane.canvas
    wait_for(lambda: canvas.image is not None and canvas.image.mask, "the mask")
    wait_for(lambda: canvas._levels(first), "the picture")
    veiled = canvas.grab().toImage()
    press(session.pictures.loupe, "m")
    assert canvas.grab().toImage() != veiled


def test_steps_are_tried_on_six_and_then_made_on_all(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    context = session.context
    first = context.project.image(context.model.ids[0])
    context.submit(set_recipes("Turn", {first: Recipe((Turn(1),))}))
    settle(context)
    session.culling.select_all()
    app.window.actions_table["prepare_many"].trigger()
    dialog = dialog_of(app, PrepareManyDialog)
    assert len(dialog.cells) == 6
    words = [dialog.what.itemText(at) for at in range(dialog.what.count())]
    assert words[0] == f"The steps of {first.name}"
    dialog.what.setCurrentText("Crop to square")
    wait_for(lambda: all(cell.isEnabled() for cell in dialog.cells), "the preview")
    before = [cell.words.text() for cell in dialog.cells]
    assert any("becomes" in text for text in before)
    QTest.mouseClick(dialog.others, Qt.MouseButton.LeftButton)
    wait_for(lambda: [cell.words.text() for cell in dialog.cells] != before, "other six")
    wait_for(lambda: all(cell.isEnabled() for cell in dialog.cells), "the preview")
    QTest.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: session.notices.lines(), "the report")
    assert context.project.undo_label() == "Prepare 8 images"  # four are square already
    assert [s.kind for s in Recipe.from_json(context.project.image(first.id).recipe).steps] == [
        "turn",
        "crop",
    ]


def test_what_takes_a_model_is_computed_behind_the_batch_also_where_nobody_looks(
    open_window: Open, tmp_path: Path
) -> None:
    app = open_window(make_project(tmp_path, 3))
    session = session_of(app)
    context = session.context
    ids = list(context.model.ids)
    cutter = str(write_bright_cutter(tmp_path / "bright.onnx"))
    first = context.project.image(ids[0])
    context.submit(set_recipes("Cut out", {first: Recipe((CutOut(cutter),))}))
    settle(context)
    session.culling.select_all()
    app.window.actions_table["prepare_many"].trigger()
    dialog = dialog_of(app, PrepareManyDialog)
    assert dialog.what.currentText() == f"The steps of {first.name}"
    dialog.anew.click()
    session.finder.ask(f"id:{first.id}")
    wait_for(lambda: list(context.model.ids) == [first.id], "one picture")
    QTest.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)

    def lacking() -> list[int]:
        images = context.project.images(ids)
        made = [MadeSteps(context.project.cache_dir, i, Recipe.from_json(i.recipe)) for i in images]
        return [len(one.missing()) if one.recipe.steps else 1 for one in made]

    wait_for(lambda: lacking() == [0, 0, 0], "the steps")
