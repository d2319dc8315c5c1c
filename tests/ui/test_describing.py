"""Describing in the window: by a model in a folder, or by a server that one has to ask for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core.describing import TextRule
from curator.core.installed_models import use_file
from curator.ui import quality
from curator.ui.app import App
from curator.ui.dialogs import models
from curator.ui.dialogs.describe import DescribeDialog
from curator.ui.dialogs.models import ModelsDialog
from curator.ui.session import Session
from tests.helpers.captioners import SAID, chat_server, write_blip
from tests.helpers.windows import dialog_of, make_project, press, session_of, settle, wait_for

Open = Callable[..., App]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without other jobs, and without models of this machine."""
    monkeypatch.setattr(quality, "OPENED_MS", 10**8)
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))


def asked(open_window: Open, tmp_path: Path) -> tuple[App, Session, DescribeDialog]:
    app = open_window(make_project(tmp_path, 3))
    app.window.actions_table["describe"].trigger()
    dialog = dialog_of(app, DescribeDialog)
    return app, session_of(app), dialog


def captions(session: Session) -> list[str]:
    settle(session.context)
    project = session.context.project
    return [image.caption for image in project.images(project.select())]


def test_without_a_captioner_models_are_offered_and_nothing_is_sent(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _session, dialog = asked(open_window, tmp_path)
    assert dialog.here.isChecked()
    assert dialog.none.isVisible()
    assert not dialog.sent.isVisible()
    assert not dialog.start_button.isEnabled()
    assert dialog.start_button.text() == "&Describe 3 pictures"
    QTest.mouseClick(dialog.models_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: app.window.findChildren(ModelsDialog), "the page of models")
    page = app.window.findChildren(ModelsDialog)[0]
    wait_for(page.row, "the models")
    monkeypatch.setattr(models, "ask_folder", lambda *_about: str(write_blip(tmp_path / "blip")))
    page.use_own.click()
    wait_for(dialog.start_button.isEnabled, "the captioner")
    assert not dialog.none.isVisible()
    page.close()
    dialog.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_model_in_a_folder_describes(open_window: Open, tmp_path: Path) -> None:
    use_file("captioner", write_blip(tmp_path / "tiny-blip"))
    _app, session, dialog = asked(open_window, tmp_path)
    assert dialog.model.currentText() == "tiny-blip"
    press(dialog, Qt.Key.Key_Return)
    wait_for(lambda: all(captions(session)), "the texts", 120)
    assert {word for text in captions(session) for word in text.split()} == {SAID}
    wait_for(lambda: not session.context.jobs.running, "the end of the job")
    session.context.undo()
    wait_for(lambda: not any(captions(session)), "the undo")


def test_a_server_is_told_of_before_anything_is_sent(open_window: Open, tmp_path: Path) -> None:
    app, session, dialog = asked(open_window, tmp_path)
    session.context.go_to_row(0)
    dialog.there.click()
    assert not dialog.start_button.isEnabled()
    QTest.keyClicks(dialog.address, "nowhere")
    QTest.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    assert "no address of a server" in dialog.problem.text()
    with chat_server("A dog.") as (address, answers):
        dialog.address.setText(address)
        dialog.name.setText("llava")
        dialog.prompt.setText("What is it?")
        dialog.key.setText("secret")
        dialog.rule.setCurrentIndex(dialog.rule.findData(TextRule.APPEND))
        assert f"sent to this address: {address}" in dialog.sent.text()
        assert dialog.sent.isVisible()
        QTest.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
        wait_for(lambda: captions(session) == ["\nA dog."] * 3, "the texts")
        wait_for(lambda: not session.context.jobs.running, "the end of the job")
    assert answers.asked[0]["messages"][0]["content"][0]["text"] == "What is it?"
    assert answers.headers[0]["Authorization"] == "Bearer secret"
    app.preferences.save()
    kept = (tmp_path / "preferences.ini").read_text("utf-8")
    assert "llava" in kept
    assert "secret" not in kept
    assert b"secret" not in (session.context.project.root / "project.db").read_bytes()


def test_a_server_that_is_not_there_is_told(open_window: Open, tmp_path: Path) -> None:
    _app, session, dialog = asked(open_window, tmp_path)
    dialog.there.click()
    dialog.address.setText("http://127.0.0.1:1/v1")
    QTest.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: session.notices.lines(), "the notice")
    assert "can't be reached" in session.notices.lines()[0].notice.text
