"""The settings of a project in a window; each change is an edit, which can be undone."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from curator.core.edits import SETTING, Edit
from curator.core.settings import ProjectSettings
from curator.ui.context import Context
from curator.ui.dialogs.form_dialog import FormDialog
from curator.ui.form_fields import as_texts, declared_in, setting_fields
from curator.ui.forms import Form

FIRST = ("trigger", "class_word", "base", "resolution", "primary_repeats", "supporting_repeats")
# Where a training is set up, rules are made, or steps are kept.
ELSEWHERE = ("preset", "options", "recipes", "presets")
SENTENCE = "What you change holds at once, and can be undone."


class ProjectSettingsDialog(FormDialog):
    """Shows the settings as they are, also while they change elsewhere."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        first = declared_in(ProjectSettings, FIRST)
        rest = [
            one
            for one in declared_in(ProjectSettings)
            if one.name not in FIRST and one.name not in ELSEWHERE
        ]
        form = Form(setting_fields(first, paths=("base",)), [("", setting_fields(rest))])
        super().__init__("Project settings", SENTENCE, form, parent)
        self._context = context
        form.edited.connect(self._change)
        context.edited.connect(self._hear)
        self._show()

    def _show(self) -> None:
        self.form.show_texts(as_texts(self._context.project.settings), {})

    def _change(self, name: str) -> None:
        self._context.change_settings(
            {name: self.form.text(name)}, lambda error: self.form.refuse(name, f"{error}")
        )

    def _hear(self, edit: Edit) -> None:
        if any(record == SETTING for record, _field in edit.touched):
            self._show()
