"""The trainer's eye: how pictures train by the rule of the project, shown upon them or not."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from curator.core.edits import SETTING, Edit
from curator.core.fit_words import image_fit
from curator.core.records import Image
from curator.core.training_fit import Fit
from curator.core.training_rule import rule_of
from curator.core.view import ProjectView
from curator.ui.preferences import Preferences


class TrainersEye(QObject):
    """Open or shut for all projects."""

    changed = Signal()  # also when the rule is another one
    rule_changed = Signal()

    def __init__(self, project: ProjectView, preferences: Preferences) -> None:
        super().__init__()
        self._project, self._preferences = project, preferences
        self.rule = rule_of(project.settings)
        self.is_open = self._is_wished
        preferences.changed.connect(self._look)

    @property
    def _is_wished(self) -> bool:
        return self._preferences.liking.trainers_eye == "yes"

    def fit(self, image: Image) -> Fit:
        """How a picture trains."""
        return image_fit(image, self.rule)

    def toggle(self) -> None:
        """Open or shut it."""
        self._preferences.like(trainers_eye="no" if self.is_open else "yes")

    def take_action(self, action: QAction) -> None:
        """Have an action checked while it is open."""

        def check() -> None:
            action.setChecked(self.is_open)

        self.changed.connect(check)
        check()

    def close(self) -> None:
        """Look at nothing any more."""
        self._preferences.changed.disconnect(self._look)

    def hear(self, edit: Edit) -> None:
        """Look at the settings again where an edit changed some."""
        if any(change.record == SETTING for change in edit.changes):
            self._look()

    def _look(self) -> None:
        rule, is_open = rule_of(self._project.settings), self._is_wished
        if (rule, is_open) != (self.rule, self.is_open):
            is_other = rule != self.rule
            self.rule, self.is_open = rule, is_open
            self.changed.emit()
            if is_other:
                self.rule_changed.emit()
