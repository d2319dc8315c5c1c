"""A person tags photos, cleans the captions, gives a trigger word, and exports for a trainer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curator.core.edits import set_rating
from curator.core.project import Project
from curator.core.records import Rating
from curator.core.tag_rules import Delete
from curator.ui.app import App
from curator.ui.dialogs.bulk_edit import BulkEditWindow
from curator.ui.dialogs.trigger_wizard import TriggerWizard
from curator.ui.session import Session
from tests.helpers.captioned import captions_of
from tests.helpers.commands import CommandLine
from tests.helpers.imported import bring_in
from tests.helpers.taggers import BLUE, GREEN, RED, coloured, write_tagger
from tests.helpers.windows import close_app, dialog_of, press, session_of, settle, wait_for

Open = Callable[..., App]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of three primaries, and a small tagger to be chosen."""
    monkeypatch.setenv("CURATOR_MODELS", str(tmp_path / "models"))
    made = tmp_path / "project"
    colours = {"1.png": RED, "2.png": GREEN, "3.png": BLUE}
    with Project.create(made) as project:
        pictures = {name: coloured(colour, (160, 120)) for name, colour in colours.items()}
        images = bring_in(project, tmp_path / "scraped", pictures)
        project.apply(set_rating(list(images.values()), Rating.PRIMARY))
    return made


def tag(app: App, session: Session) -> None:
    """Ctrl+T looks at the pictures; I see what the thresholds make, and apply it."""
    panel = session.caption_parts.tagger
    QTest.keyClick(app.window, Qt.Key.Key_T, CTRL)
    wait_for(lambda: panel.apply_button.text() == "&Apply to 3 pictures", "the proposals")
    assert panel.total.text() == "Its tags: 0 now, 9 after"
    QTest.mouseClick(panel.apply_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: not panel.apply_button.isEnabled(), "the tags")


def clean(app: App, session: Session) -> None:
    """A rule shows what it would take out; one picture is left as it is."""
    session.pictures.grid.setFocus()
    QTest.keyClick(app.window, Qt.Key.Key_E, CTRL | SHIFT)
    window = dialog_of(app, BulkEditWindow)
    window.rules.add(Delete())
    window.rules.begin()
    QTest.keyClicks(QApplication.focusWidget(), "miku*")
    wait_for(lambda: window.apply.text() == "Apply to 3 pictures", "what would change")
    window.diffs.setFocus()
    press(window.diffs, Qt.Key.Key_Space)
    assert window.apply.text() == "Apply to 2 pictures"
    QTest.keyClick(window, Qt.Key.Key_Return, CTRL)
    wait_for(lambda: not window.isVisible(), "the edit")
    settle(session.context)


def write_a_sentence(app: App, session: Session) -> None:
    """E brings me to the caption; a tag that I copied, then a sentence below."""
    app.window.activateWindow()
    wait_for(app.window.isActiveWindow, "the window to be active")
    session.context.go_to_row(0)
    press(session.pictures.grid, "e")
    editor = session.caption_parts.panel.editor
    wait_for(editor.line.hasFocus, "the line")
    QApplication.clipboard().setText("Zoë (cat)")
    QTest.keyClick(editor.line, Qt.Key.Key_V, CTRL)
    press(editor.line, Qt.Key.Key_Return)
    editor.text.setFocus()
    QTest.keyClicks(editor.text, "Red all over.")


def give_a_trigger(app: App, session: Session) -> None:
    """The wizard puts my word in front, and one undo would take it back."""
    QTest.keyClick(app.window, Qt.Key.Key_T, CTRL | SHIFT)
    wizard = dialog_of(app, TriggerWizard)
    QTest.keyClicks(wizard.form.word.line, "fr3dd1e")
    wait_for(lambda: wizard.total.text() == "3 captions would change.", "the diff")
    wait_for(wizard.apply.isEnabled, "the diff")
    QTest.keyClick(wizard, Qt.Key.Key_Return, CTRL)
    wait_for(lambda: session.context.project.settings.trigger == "fr3dd1e", "the trigger")


def caption_of_sd_scripts(picture: Path) -> str:
    """What sd-scripts trains on: the first line in UTF-8; it dies of an empty file."""
    lines = picture.with_suffix(".txt").read_bytes().decode("utf-8").splitlines()
    assert lines
    return lines[0].strip()


def tags_of_taggui(picture: Path) -> list[str]:
    """The chips that taggui shows: all of the file, cut at commas."""
    return [tag.strip() for tag in picture.with_suffix(".txt").read_text("utf-8").split(",")]


def test_tagged_cleaned_and_exported_captions_are_what_trainers_read(
    open_window: Open, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    curator = CommandLine(capsys)
    curator("models", "use", "tagger", write_tagger(tmp_path / "tiny"))
    app = open_window(root)
    session = session_of(app)
    tag(app, session)
    clean(app, session)
    write_a_sentence(app, session)
    give_a_trigger(app, session)
    settle(session.context)
    mine = [
        "fr3dd1e, red hat, outdoors, miku (append), Zoë (cat)\nRed all over.",
        "fr3dd1e, green grass, outdoors",
        "fr3dd1e, blue sky, outdoors",
    ]
    assert captions_of(session.context.project) == mine
    close_app(app)
    with Project.open(root) as project:  # nothing is lost
        assert captions_of(project) == mine
    curator("export", root, tmp_path / "dataset")
    pictures = sorted((tmp_path / "dataset").rglob("*.png"))
    exported = [mine[0].replace("\n", ", "), *mine[1:]]
    assert [caption_of_sd_scripts(one) for one in pictures] == exported
    assert [tags_of_taggui(one) for one in pictures] == [text.split(", ") for text in exported]
    assert {path.stem for path in (tmp_path / "dataset").rglob("*.txt")} == {"1", "2", "3"}
