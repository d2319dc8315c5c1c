"""The quiet line: what was done just now, with a way to take it back."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from curator.ui.theme import STEP_PX

SHOWN_MS = 8000


class QuietLine(QWidget):
    """Shows the last step for some seconds."""

    undo_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._undo = QPushButton("Undo", flat=True)
        keeps = self._undo.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # else the pictures above would change their height
        self._undo.setSizePolicy(keeps)
        self._undo.clicked.connect(self.undo_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(STEP_PX, 0, STEP_PX, 0)
        row.addWidget(self._words)
        row.addWidget(self._undo)
        row.addStretch(1)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.clear)
        self.clear()

    def say(self, words: str, *, may_undo: bool) -> None:
        """Show what was done."""
        self._words.setText(words)
        self._undo.setVisible(may_undo)
        self._timer.start()

    def text(self) -> str:
        """What is said now."""
        return self._words.text()

    def clear(self) -> None:
        """Say nothing."""
        self._words.clear()
        self._undo.hide()
