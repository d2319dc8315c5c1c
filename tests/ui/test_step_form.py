"""The form of a step: models and backgrounds are chosen in it, pictures dropped behind."""

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
from curator.core.steps import CutOut, Step, Upscale
from curator.ui import backgrounds
from curator.ui.app import App
from curator.ui.panels.recipe import RecipePanel
from curator.ui.picture_drag import mime_of
from curator.ui.session import Session
from tests.helpers.heavy_models import write_bright_cutter, write_doubler, write_filter
from tests.helpers.pictures import photo, write
from tests.helpers.tooled import recipe_of
from tests.helpers.windows import make_project, session_of, settle, wait_for

Open = Callable[..., App]
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(open_window: Open, tmp_path: Path) -> Session:
    session = session_of(open_window(make_project(tmp_path, 3)))
    session.window.actions_table["workspace_prepare"].trigger()
    return session


def lines(panel: RecipePanel) -> list[str]:
    return [panel.steps.item(row).text() for row in range(panel.steps.count())]


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
