"""What the person likes, in a window; it holds at once and for every project."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from curator.ui.dialogs.form_dialog import FormDialog
from curator.ui.form_fields import as_texts, declared_in, setting_fields
from curator.ui.forms import Form
from curator.ui.preferences import Liking, Preferences

SENTENCE = "What you change holds at once, for all projects."


class PreferencesDialog(FormDialog):
    """Shows the liking."""

    def __init__(self, preferences: Preferences, parent: QWidget) -> None:
        form = Form(setting_fields(declared_in(Liking)))
        super().__init__("Preferences", SENTENCE, form, parent)
        self._preferences = preferences
        form.edited.connect(lambda name: preferences.like(**{name: form.text(name)}))
        preferences.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.form.show_texts(as_texts(self._preferences.liking), {})
