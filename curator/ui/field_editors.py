"""The widgets of a form, one per kind of field.

Each takes a text by `show_text`, gives one by `value_text`, and tells by `edited` that the person
has finished with it; `finish` says so now, and `is_busy` that it is not said yet.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSpinBox,
    QWidget,
)
from typing_extensions import override

from curator.core.run_options import NO, YES
from curator.ui.form_fields import FormField, Kind
from curator.ui.text_editors import LinesEditor, TextEditor
from curator.ui.theme import STEP_PX

REST_MS = 300  # of rest at the arrows of a number before it counts
NARROW_CHARACTERS = 8


class ChoiceEditor(QComboBox):
    """One of some words."""

    edited = Signal()

    def __init__(self, field: FormField) -> None:
        super().__init__()
        for choice, title in zip(field.choices, field.titles or field.choices, strict=True):
            self.addItem(title, choice)
        self.setMinimumContentsLength(NARROW_CHARACTERS)
        self.activated.connect(lambda _at: self.edited.emit())

    def value_text(self) -> str:
        return str(self.currentData())

    def show_text(self, text: str) -> None:
        self.setCurrentIndex(self.findData(text))

    def is_busy(self) -> bool:
        return False

    def finish(self) -> None:
        """Every click is finished."""


class SuggestedEditor(QComboBox):
    """One of some words, or any other text."""

    edited = Signal()

    def __init__(self, field: FormField) -> None:
        super().__init__()
        line = QLineEdit()
        self.setLineEdit(line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._titles = dict(zip(field.choices, field.titles or field.choices, strict=True))
        self.addItems(list(self._titles.values()))
        self.setMinimumContentsLength(NARROW_CHARACTERS)
        self._told = self.currentText()
        self.activated.connect(lambda _at: self.finish())
        line.editingFinished.connect(self.finish)

    def value_text(self) -> str:
        text = self.currentText()
        return next((one for one, title in self._titles.items() if title == text), text)

    def show_text(self, text: str) -> None:
        self._told = self._titles.get(text, text)
        self.setCurrentIndex(self.findText(self._told))
        self.setEditText(self._told)

    def is_busy(self) -> bool:
        return self.currentText() != self._told

    def finish(self) -> None:
        if self.is_busy():
            self._told = self.currentText()
            self.edited.emit()


class TruthEditor(QCheckBox):
    """Yes or no."""

    edited = Signal()

    def __init__(self, _field: FormField) -> None:
        super().__init__()
        self.clicked.connect(lambda _on: self.edited.emit())

    def value_text(self) -> str:
        return YES if self.isChecked() else NO

    def show_text(self, text: str) -> None:
        self.setChecked(text == YES)

    def is_busy(self) -> bool:
        return False

    def finish(self) -> None:
        """Every click is finished."""


class WholeEditor(QSpinBox):
    """A whole number within its bounds."""

    edited = Signal()

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self._none = int(field.low or 0) - 1 if field.empty else None
        low = int(field.low or 0) if self._none is None else self._none
        self.setRange(low, int(field.high or 0))
        self.setSpecialValueText(field.empty)
        self.setKeyboardTracking(False)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.edited)
        self._is_shown_only = False
        self.valueChanged.connect(self._note)
        self.editingFinished.connect(self.finish)

    def _note(self) -> None:
        if not self._is_shown_only:
            self._rest.start()

    def value_text(self) -> str:
        return "" if self.value() == self._none else str(self.value())

    def show_text(self, text: str) -> None:
        self._is_shown_only = True
        self.setValue(int(text or self.minimum()))
        self._is_shown_only = False

    def is_busy(self) -> bool:
        return self._rest.isActive()

    def finish(self) -> None:
        self.interpretText()
        if self._rest.isActive():
            self._rest.stop()
            self.edited.emit()


class PathEditor(QWidget):
    """A file or a folder, typed or looked for."""

    edited = Signal()

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.line = TextEditor(field)
        self.line.edited.connect(self.edited)
        browse = QPushButton("Browse", autoDefault=False)
        browse.setAccessibleName(f"Browse for {field.label}")
        menu = QMenu(browse)
        menu.addAction("A file…", lambda: self._take(ask_file(self, field.label)))
        menu.addAction("A folder…", lambda: self._take(ask_folder(self, field.label)))
        browse.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(STEP_PX)
        row.addWidget(self.line, 1)
        row.addWidget(browse)
        self.setFocusProxy(self.line)

    def _take(self, path: str) -> None:
        if path:
            self.line.setText(path)
            self.edited.emit()

    def value_text(self) -> str:
        return self.line.text()

    def show_text(self, text: str) -> None:
        self.line.show_text(text)

    def is_busy(self) -> bool:
        return self.line.is_busy()

    def finish(self) -> None:
        self.line.finish()


def ask_file(parent: QWidget, label: str, kinds: str = "") -> str:
    """A file that the person picks, "" for none."""
    return QFileDialog.getOpenFileName(parent, label, str(Path.home()), kinds)[0]


def ask_folder(parent: QWidget, label: str) -> str:
    """A folder that the person picks, "" for none."""
    return QFileDialog.getExistingDirectory(parent, label, str(Path.home()))


AnyEditor = (
    ChoiceEditor
    | SuggestedEditor
    | TruthEditor
    | WholeEditor
    | TextEditor
    | LinesEditor
    | PathEditor
)
EDITORS: dict[Kind, Callable[[FormField], AnyEditor]] = {
    Kind.CHOICE: ChoiceEditor,
    Kind.SUGGESTED: SuggestedEditor,
    Kind.TRUTH: TruthEditor,
    Kind.WHOLE: WholeEditor,
    Kind.TEXT: TextEditor,
    Kind.LINES: LinesEditor,
    Kind.PATH: PathEditor,
}


class WheelGuard(QObject):
    """Leaves the wheel to the surroundings of a widget that has no focus."""

    def watch(self, widget: QWidget) -> None:
        """Guard a widget."""
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_idle = isinstance(watched, QWidget) and not watched.hasFocus()
        if event.type() == QEvent.Type.Wheel and is_idle:
            event.ignore()
            return True
        return super().eventFilter(watched, event)
