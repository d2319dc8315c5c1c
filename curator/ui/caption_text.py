"""A field for the sentences of a caption, or for all of it as the file has it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit
from typing_extensions import override

from curator.core.caption_typing import as_shown, retyped
from curator.ui.tag_completer import asks_to_undo
from curator.ui.theme import STEP_PX, Theme


class CaptionText(QPlainTextEdit):
    """Shows a text to the last character; what is not typed over stays as it was."""

    typed = Signal(str)
    left = Signal()  # by the keyboard

    def __init__(self, theme: Theme, name: str, placeholder: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._text = ""
        self._marks: Mapping[int, int] = {}
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._hear)

    def show_text(self, text: str) -> None:
        """Show this; a text that is there already is left alone, with its cursor and its undo."""
        self._text = text
        if as_shown(text) != self._shown() and (text.strip() or self._shown().strip()):
            at = self.textCursor().position()
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)
            cursor = self.textCursor()
            cursor.setPosition(min(at, len(self._shown())))
            self.setTextCursor(cursor)

    def mark(self, marks: Mapping[int, int]) -> None:
        """Show where chunks end: by the number of words before, the tokens that are full there."""
        self._marks = marks
        self.viewport().update()

    def _shown(self) -> str:
        # toPlainText would make a blank of every no-break space.
        return self.document().toRawText().replace("\u2029", "\n")

    def _hear(self) -> None:
        shown = self._shown()
        if shown != as_shown(self._text):
            self._text = retyped(self._text, shown)
            self.typed.emit(self._text)

    @override
    def event(self, event: QEvent) -> bool:
        if asks_to_undo(event) and not self.document().isUndoAvailable():
            return False  # there is nothing typed to take back: the window's undo
        return super().event(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._marks:
            return
        painter = QPainter(self.viewport())
        painter.setPen(QPen(QColor(self._theme.colours.warning), 2))
        for number, word in enumerate(re.finditer(r"\S+", self._shown()), 1):
            if number in self._marks:
                cursor = QTextCursor(self.document())
                cursor.setPosition(word.end())
                place = self.cursorRect(cursor)
                at = place.right() + STEP_PX // 2
                painter.drawLine(at, place.top(), at, place.bottom())
