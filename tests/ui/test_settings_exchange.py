"""Settings pasted, opened and exported in the window: looked at first, undone in one step."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from safetensors.numpy import save_file

from curator.core.run_options import read_options
from curator.ui import settings_exchange
from curator.ui.app import App
from curator.ui.dialogs.settings_export import SettingsExportDialog
from curator.ui.dialogs.settings_import import SettingsImportDialog
from tests.helpers.windows import dialog_of, let_work, make_project, press, session_of, wait_for

Open = Callable[..., App]
BLOG = """Use this:
{ “LoRA_type”: “Standard”, "pretrained_model_name_or_path": "D:/sd15.safetensors",
  "network_dim": "24", "learning_rate": "0.0003", "wandb_api_key": "secret123", "oddity": 5, }"""


@pytest.fixture
def app(open_window: Open, tmp_path: Path) -> App:
    root = make_project(tmp_path, 2)
    found = open_window(root)
    session_of(found).context.change_settings({"options": "keep_tokens=2"})
    wait_for(lambda: options(found), "the options")
    return found


def options(app: App) -> dict[str, str]:
    return read_options(session_of(app).context.project.settings.options)


def paste(app: App, text: str) -> SettingsImportDialog:
    QGuiApplication.clipboard().setText(text)
    app.window.actions_table["paste_settings"].trigger()
    return proposed(app)


def proposed(app: App) -> SettingsImportDialog:
    dialog = dialog_of(app, SettingsImportDialog)
    wait_for(dialog.notes.toPlainText, "what was made of them")
    return dialog


def is_gone(app: App, kind: type[QDialog]) -> bool:
    return not [it for it in app.window.findChildren(kind) if it.isVisible()]


def test_pasted_settings_are_explained_taken_over_and_undone(app: App) -> None:
    dialog = paste(app, BLOG)
    words = dialog.notes.toPlainText()
    for part in (
        "Network dim: 32 → 24",
        "Tags kept in front: 2 → 0",
        "sd15.safetensors is not on this machine. Choose yours.",
        "wandb_api_key: a secret, which is never read.",
        "oddity: not known here.",
    ):
        assert part in words
    assert "secret123" not in words
    assert options(app) == {"keep_tokens": "2"}
    press(dialog.rest, Qt.Key.Key_Space)
    wait_for(lambda: "Tags kept" not in dialog.notes.toPlainText(), "what is not named to stay")
    press(dialog.take, Qt.Key.Key_Return)
    wait_for(lambda: options(app).get("network_dim") == "24", "the options")
    assert options(app)["keep_tokens"] == "2"
    assert is_gone(app, SettingsImportDialog)
    undo = app.window.actions_table["undo"]
    wait_for(lambda: undo.text() == "Undo Import settings", "the word")
    undo.trigger()
    wait_for(lambda: options(app) == {"keep_tokens": "2"}, "the step back")


def test_escape_leaves_everything_as_it_was(app: App) -> None:
    dialog = paste(app, BLOG)
    press(dialog, Qt.Key.Key_Escape)
    wait_for(lambda: is_gone(app, SettingsImportDialog), "it to go")
    assert options(app) == {"keep_tokens": "2"}


def test_what_can_not_be_read_is_told_and_asks_nothing(app: App) -> None:
    session = session_of(app)
    told: list[str] = []
    session.context.told.connect(lambda notice: told.append(notice.text))
    session.training_parts.exchange.propose("just some words")
    wait_for(lambda: told, "the sentence")
    assert told == ["These are no settings that can be read."]
    QGuiApplication.clipboard().clear()
    app.window.actions_table["paste_settings"].trigger()
    assert told[1:] == [settings_exchange.EMPTY]
    assert is_gone(app, SettingsImportDialog)


def test_a_lora_says_how_it_was_trained(app: App, tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    facts = {"ss_network_dim": "12", "ss_network_alpha": "6", "ss_learning_rate": "0.0002"}
    save_file({"a": np.zeros(1, np.float32)}, path, metadata=facts)
    session_of(app).training_parts.exchange.propose(path)
    dialog = proposed(app)
    assert "metadata of a LoRA" in dialog.heading.text()
    assert not dialog.rest.isChecked()
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    wait_for(lambda: options(app).get("network_dim") == "12", "the options")


def test_settings_are_shown_for_other_trainers_and_copied(app: App) -> None:
    app.window.actions_table["export_settings"].trigger()
    dialog = dialog_of(app, SettingsExportDialog)
    wait_for(dialog.save.isEnabled, "the text")
    assert "keep_tokens = 2" in dialog.text.toPlainText()
    dialog.forms.setFocus()
    press(dialog.forms, Qt.Key.Key_Down)
    wait_for(lambda: dialog.text.toPlainText().startswith("{"), "kohya's form")
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert json.loads(QGuiApplication.clipboard().text())["keep_tokens"] in (2, "2")
    dialog.close()


def test_all_options_are_put_back_in_one_step(app: App) -> None:
    session = session_of(app)
    setup = session.training_parts.panel.setup
    session.context.change_settings({"options": "network_dim=8 max_train_epochs=3"})
    app.window.actions_table["find_option"].trigger()
    wait_for(lambda: setup.form.is_changed("network_dim"), "the form to know")
    assert setup.form.sections is not None
    wait_for(setup.form.sections.search.hasFocus, "the search")
    app.window.actions_table["reset_options"].trigger()
    wait_for(lambda: options(app) == {"max_train_epochs": "3"}, "the options")
    let_work(20)
    app.window.actions_table["undo"].trigger()
    wait_for(lambda: options(app).get("network_dim") == "8", "the step back")
