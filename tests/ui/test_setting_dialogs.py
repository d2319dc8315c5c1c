"""The dialogs of settings: what is edited holds at once, is undone, and is refused in place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from curator.core.settings import ProjectSettings
from curator.ui.app import App
from curator.ui.dialogs.form_dialog import FormDialog
from curator.ui.dialogs.preferences import PreferencesDialog
from curator.ui.dialogs.project_settings import ProjectSettingsDialog
from curator.ui.theme import LIGHT
from tests.helpers.windows import dialog_of, make_project, press, session_of, wait_for

Open = Callable[..., App]


def editor(dialog: FormDialog, label: str) -> QWidget:
    def found() -> list[QWidget]:
        return [it for it in dialog.findChildren(QWidget) if it.accessibleName() == label]

    wait_for(found, label)
    return found()[0]


def told(dialog: FormDialog) -> str:
    return " ".join(it.text() for it in dialog.findChildren(QLabel) if it.isVisible())


def unfold(dialog: FormDialog) -> None:
    more = next(it for it in dialog.findChildren(QToolButton) if it.text() == "More")
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)


def test_a_setting_holds_at_once_and_can_be_undone(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    project = session_of(app).context.project
    app.window.actions_table["project_settings"].trigger()
    dialog = dialog_of(app, ProjectSettingsDialog)
    trigger = editor(dialog, "Trigger word")
    trigger.setFocus()
    press(trigger, *"fr3dd1e", Qt.Key.Key_Return)
    wait_for(lambda: project.settings.trigger == "fr3dd1e", "the setting")
    assert dialog.isVisible()
    session_of(app).context.undo()
    wait_for(lambda: trigger.text() == "", "the field to follow")  # type: ignore[attr-defined]


def test_what_is_typed_is_kept_when_the_dialog_is_closed(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    project = session_of(app).context.project
    app.window.actions_table["project_settings"].trigger()
    dialog = dialog_of(app, ProjectSettingsDialog)
    word = editor(dialog, "Class word")
    word.setFocus()
    QTest.keyClicks(word, "dog")
    press(word, Qt.Key.Key_Escape)
    wait_for(lambda: project.settings.class_word == "dog", "the setting")
    assert not dialog.isVisible()


def test_settings_that_do_not_go_together_are_refused_at_the_field(
    open_window: Open, tmp_path: Path
) -> None:
    app = open_window(make_project(tmp_path))
    project = session_of(app).context.project
    app.window.actions_table["project_settings"].trigger()
    dialog = dialog_of(app, ProjectSettingsDialog)
    unfold(dialog)
    number = editor(dialog, "Number of supporting pictures")
    number.setFocus()
    QTest.keyClick(number, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(number, str(project.settings.xmp_primary), Qt.Key.Key_Return)
    wait_for(lambda: "Use three different numbers" in told(dialog), "the refusal")
    assert project.settings == ProjectSettings()


def test_other_texts_than_those_suggested_are_checked(open_window: Open, tmp_path: Path) -> None:
    app = open_window(make_project(tmp_path))
    project = session_of(app).context.project
    app.window.actions_table["project_settings"].trigger()
    dialog = dialog_of(app, ProjectSettingsDialog)
    unfold(dialog)
    ratings = editor(dialog, "Ratings in imported files")
    ratings.setFocus()
    QTest.keyClick(ratings, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(ratings, *"nonsense", Qt.Key.Key_Return)
    wait_for(lambda: "nonsense" in told(dialog), "the refusal")
    QTest.keyClick(ratings, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(ratings, *"stars", Qt.Key.Key_Return)
    wait_for(lambda: project.settings.ratings == "stars", "the setting")


def test_the_theme_changes_while_the_dialog_is_open(open_window: Open) -> None:
    app = open_window()
    app.window.actions_table["preferences"].trigger()
    dialog = dialog_of(app, PreferencesDialog)
    theme = editor(dialog, "Theme")
    theme.setFocus()
    press(theme, Qt.Key.Key_End)
    assert app.preferences.liking.theme == "light"
    assert app.theme.colours == LIGHT
