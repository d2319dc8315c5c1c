"""The widgets of a form for text, of one line and of several, as those of `field_editors` are."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from typing_extensions import override

from curator.ui.form_fields import FormField
from curator.ui.theme import STEP_PX

LINES = 3  # that are seen of a longer text


class _Typed:
    """Text counts once the person has finished with it."""

    edited: Any  # a Signal of the widget
    _is_typing = False

    def _note(self) -> None:
        self._is_typing = True

    def is_busy(self) -> bool:
        return self._is_typing

    def finish(self) -> None:
        if self._is_typing:
            self._is_typing = False
            self.edited.emit()


class TextEditor(_Typed, QLineEdit):
    """Any text in one line."""

    edited = Signal()

    def __init__(self, field: FormField) -> None:
        super().__init__(placeholderText=field.empty)
        self.textEdited.connect(lambda _text: self._note())
        self.editingFinished.connect(self.finish)

    def value_text(self) -> str:
        return self.text()

    def show_text(self, text: str) -> None:
        self._is_typing = False
        if text != self.text():
            self.setText(text)


class LinesEditor(_Typed, QPlainTextEdit):
    """Several lines of text; Tab leaves it."""

    edited = Signal()

    def __init__(self, field: FormField) -> None:
        super().__init__(tabChangesFocus=True, placeholderText=field.empty)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        height = LINES * self.fontMetrics().lineSpacing()
        self.setFixedHeight(height + 2 * STEP_PX + 2 * self.frameWidth())
        self.textChanged.connect(self._note)

    def value_text(self) -> str:
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        if text != self.toPlainText():
            self.setPlainText(text)
        self._is_typing = False

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own menu
            self.finish()
            self.horizontalScrollBar().setValue(0)  # lines are known by how they begin
