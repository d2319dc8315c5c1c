"""The page of models in a real window: download, stop, use, remove, all by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from curator.core.installed_models import folder_of, model_for, use_file
from curator.core.model_table import known_model
from curator.ui.app import App
from curator.ui.dialogs.models import ModelsDialog
from tests.helpers.hub import Hub, serving
from tests.helpers.windows import dialog_of, make_project, press, session_of, wait_for

Open = Callable[..., App]
KEY = "florence-2-base"  # no file of which is pinned
FILES = {"config.json": b"{}", "model.safetensors": bytes(200_000)}


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder of the test's own."""
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The hub that is asked."""
    with serving(Hub(dict(FILES), large=("model.safetensors",))) as serves:
        monkeypatch.setattr(constants, "ENDPOINT", serves.endpoint)
        yield serves


@pytest.fixture
def dialog(open_window: Open, tmp_path: Path, hub: Hub) -> ModelsDialog:
    """The page, filled."""
    app = open_window(make_project(tmp_path))
    app.window.actions_table["models"].trigger()
    found = dialog_of(app, ModelsDialog)
    wait_for(lambda: found.row() is not None, "the list")
    return found


def go_to(dialog: ModelsDialog, key: str) -> None:
    """Go down to a line by keyboard."""
    for _ in range(20):
        row = dialog.row()
        if row and row.key == key:
            return
        press(dialog.tree, Qt.Key.Key_Down)
    raise AssertionError(key)


def states(dialog: ModelsDialog) -> dict[str, str]:
    """By key, what the list says."""
    return {key: item.text(3) for key, item in dialog._items.items()}


def third_tagger(dialog: ModelsDialog) -> list[str]:
    """The texts of the line below the table's taggers."""
    head = dialog.tree.topLevelItem(0)
    line = head.child(2) if head else None
    return [line.text(at) for at in range(4)] if line else []


def press_button(button: QPushButton) -> None:
    """Press a button as by its mnemonic."""
    assert button.isEnabled()
    QTest.keyClick(button, Qt.Key.Key_Space)


def test_a_model_is_downloaded_used_and_removed_by_keyboard(dialog: ModelsDialog) -> None:
    go_to(dialog, KEY)
    assert "florence-community" in dialog.about.text()
    assert not dialog.use.isEnabled()
    press(dialog.tree, Qt.Key.Key_Return)
    wait_for(lambda: states(dialog)[KEY] == "In use", "the download")
    assert (folder_of(known_model(KEY)) / "model.safetensors").stat().st_size == 200_000
    assert str(folder_of(known_model(KEY))) in dialog.about.text()
    assert not dialog.download.isEnabled()
    press_button(dialog.remove)
    wait_for(lambda: states(dialog)[KEY] == "Not downloaded", "the removal")
    row = dialog.row()
    assert row is not None
    assert row.key == KEY


def test_what_goes_wrong_stands_on_the_page_with_the_way_out(
    dialog: ModelsDialog, hub: Hub
) -> None:
    hub.status = 503
    go_to(dialog, KEY)
    press_button(dialog.download)
    wait_for(lambda: dialog.problem.isVisible(), "the sentence")
    assert "it answered 503" in dialog.problem.text()
    assert "put it into" in dialog.problem.text()
    wait_for(lambda: states(dialog)[KEY] == "Not downloaded", "the list")


def test_a_download_is_stopped_and_goes_on_later(dialog: ModelsDialog, hub: Hub) -> None:
    hub.files["model.safetensors"] = bytes(40_000_000)
    hub.pause_s = 0.02
    go_to(dialog, KEY)
    press_button(dialog.download)
    wait_for(lambda: states(dialog)[KEY][:1] in "123456789", "progress")
    assert dialog.download.text() == "S&top"
    press_button(dialog.download)
    wait_for(lambda: states(dialog)[KEY].startswith("Begun"), "the stop")
    hub.pause_s = 0
    press_button(dialog.download)
    wait_for(lambda: states(dialog)[KEY] == "In use", "the rest")
    assert any(wanted for _name, wanted in hub.asked)


def test_embeddings_are_used_only_when_the_person_says_so(dialog: ModelsDialog) -> None:
    model = known_model("clip-vit-b-32")
    folder_of(model).mkdir(parents=True)
    for name in model.files:
        (folder_of(model) / name).write_bytes(b"1")
    dialog.bring_up("embedding")
    wait_for(lambda: states(dialog)[model.key] == "Downloaded", "the list")
    row = dialog.row()
    assert row is not None
    assert row.key == model.key
    press_button(dialog.use)
    wait_for(lambda: states(dialog)[model.key] == "In use", "the choice")
    assert model_for("embedding")
    assert dialog.use.text() == "Don't &use"
    press_button(dialog.use)
    wait_for(lambda: states(dialog)[model.key] == "Downloaded", "no choice")
    assert model_for("embedding") is None


def test_the_page_says_why_it_is_shown_and_what_file_is_used(
    dialog: ModelsDialog, tmp_path: Path
) -> None:
    own = tmp_path / "mine.onnx"
    own.write_bytes(b"12")
    use_file("tagger", own)
    dialog.bring_up("tagger", "Tagging needs a tagger.")
    assert dialog.problem.text() == "Tagging needs a tagger."
    wanted = ["mine.onnx", "your own file", "2 bytes", "In use"]
    wait_for(lambda: third_tagger(dialog) == wanted, "the file")


def test_a_download_goes_on_while_the_page_is_closed(
    open_window: Open, tmp_path: Path, hub: Hub
) -> None:
    app = open_window(make_project(tmp_path))
    session = session_of(app)
    session.show_models("captioner")
    dialog = dialog_of(app, ModelsDialog)
    wait_for(lambda: dialog.row() is not None, "the list")
    go_to(dialog, KEY)
    press_button(dialog.download)
    press(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    wait_for(lambda: model_for("captioner"), "the download")
    session.show_models()
    wait_for(lambda: states(dialog)[KEY] == "In use", "the list")


def test_closing_the_project_closes_the_page(open_window: Open, tmp_path: Path, hub: Hub) -> None:
    app = open_window(make_project(tmp_path))
    session_of(app).show_models()
    dialog = dialog_of(app, ModelsDialog)
    app.window.actions_table["close_project"].trigger()
    wait_for(lambda: app.session is None, "the project to close")
    assert not app.window.findChildren(ModelsDialog) or not dialog.isVisible()
