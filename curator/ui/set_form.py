"""The fields of one set, each kept as soon as the person is done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QSpinBox, QWidget

from curator.core.balance import MAX_REPEATS
from curator.core.records import ImageSet, SetKind
from curator.core.settings import ProjectSettings
from curator.ui.theme import MUTED, STEP_PX

WHAT_IT_IS = {
    SetKind.CONCEPT: "Pictures of one concept, such as a pose or a place.",
    SetKind.OUTFIT: "Pictures of one outfit; a trigger of its own calls it up.",
    SetKind.MISC: "What shows only a part of the subject, or somebody else.",
    SetKind.REGULARIZATION: (
        "Plain pictures of the class, not of the subject, so that the model keeps what it knows."
        " Drop files on the set; they need no rating."
    ),
}
PROJECTS = "the project's"
NAME_HINT = "Name of the set"


class SetForm(QWidget):
    """Shows a set; what is changed is emitted with the set as it was."""

    changed = Signal(object, object)  # the ImageSet before and after

    def __init__(self) -> None:
        super().__init__()
        self._shown: ImageSet | None = None
        self.name = QLineEdit(placeholderText=NAME_HINT)
        self.kind = QComboBox()
        for kind in SetKind:
            self.kind.addItem(kind.value, kind.value)
        self.trigger = QLineEdit()
        self.class_word = QLineEdit()
        self.repeats = QSpinBox(maximum=MAX_REPEATS)
        self.repeats.setSpecialValueText(PROJECTS)
        self.repeats.setKeyboardTracking(False)
        self.what = QLabel(wordWrap=True)
        self.what.setForegroundRole(MUTED)
        self._lay_out()
        self.name.editingFinished.connect(self._keeper("name", self.name.text))
        self.trigger.editingFinished.connect(self._keeper("trigger", self.trigger.text))
        self.class_word.editingFinished.connect(self._keeper("class_word", self.class_word.text))
        self.kind.activated.connect(self._keeper("kind", self.kind.currentData))
        self.repeats.valueChanged.connect(
            self._keeper("repeats", lambda: self.repeats.value() or None)
        )

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(STEP_PX)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for words, widget in (
            ("Name", self.name),
            ("Kind", self.kind),
            ("Trigger", self.trigger),
            ("Class", self.class_word),
            ("Repeats", self.repeats),
        ):
            widget.setAccessibleName(f"{words} of the set")
            widget.setMinimumWidth(0)
            form.addRow(words, widget)
        form.addRow(self.what)
        self.trigger.setToolTip("A made-up word of its own, beside the project's trigger")
        self.class_word.setToolTip("What is seen, such as dress; else the project's class word")
        self.repeats.setToolTip("How often an epoch shows each primary picture of this set")

    def show_set(self, one: ImageSet | None, settings: ProjectSettings) -> None:
        """Show a set, or none."""
        self._shown = None  # what is shown is not a change
        if one is None:
            return
        is_reg = one.kind == SetKind.REGULARIZATION
        for line, text in (
            (self.name, one.name),
            (self.trigger, one.trigger),
            (self.class_word, one.class_word),
        ):
            if line.text() != text and not (line.hasFocus() and line.isModified()):
                line.setText(text)
        self.trigger.setPlaceholderText("none" if is_reg else "none of its own")
        self.trigger.setEnabled(not is_reg)
        self.repeats.setEnabled(not is_reg)
        self.class_word.setPlaceholderText(settings.class_word or "none")
        self.kind.setCurrentIndex(self.kind.findData(str(one.kind)))
        self.repeats.setValue(one.repeats or 0)
        self.what.setText(WHAT_IT_IS.get(SetKind(one.kind), ""))
        self._shown = one

    def _keeper(self, field: str, value: Callable[[], Any]) -> Callable[..., None]:
        def keep(*_ignored: object) -> None:
            old = self._shown
            if old is None:
                return
            new = replace(old, **{field: _stripped(value())})
            if new != old:
                self._shown = new
                self.changed.emit(old, new)

        return keep


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value
