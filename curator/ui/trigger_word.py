"""The line in which a trigger word is typed, with all that is to be said of the word below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from curator.core.trigger_advice import (
    Known,
    Remark,
    Weight,
    look_at,
    pieces_in_words,
    suggestions,
)
from curator.ui.context import Context
from curator.ui.theme import MUTED, PLAIN, STEP_PX, WARNING

REST_MS = 120
MARKS = {Weight.GOOD: "✓", Weight.NOTE: "•", Weight.WARNING: "!", Weight.REFUSED: "✕"}
MOST_REMARKS, MOST_OFFERS = 4, 3
Looked = tuple[str, Sequence[Remark], Sequence[str]]


class TriggerWord(QWidget):
    """Looks at the word while it is typed."""

    changed = Signal()
    looked = Signal()  # what is said is of the word as it is

    def __init__(self, context: Context, known: Callable[[str], Known | None]) -> None:
        """`known`: what a word may clash with; None while that is not read yet."""
        super().__init__()
        self._context, self._known = context, known
        self.line = QLineEdit()
        self.line.setAccessibleName("Trigger word")
        self.line.setPlaceholderText("A made-up word, such as fr3dd1e")
        self.pieces = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.pieces.setForegroundRole(MUTED)
        self.remarks: list[QLabel] = []
        self.offers: list[QToolButton] = []
        self._free = QLabel("Free:")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        column.addWidget(self.line)
        column.addWidget(self.pieces)
        for _ in range(MOST_REMARKS):
            self.remarks.append(QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText))
            column.addWidget(self.remarks[-1])
        column.addLayout(self._offers())
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.look)
        self.line.textChanged.connect(lambda _text: self._rest.start())
        self.line.textChanged.connect(lambda _text: self.changed.emit())
        self._show(("", (), ()))

    def _offers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self._free)
        for _ in range(MOST_OFFERS):
            button = QToolButton()
            button.clicked.connect(partial(self._take_offer, button))
            self.offers.append(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _take_offer(self, button: QToolButton) -> None:
        self.line.setText(button.text())
        self.line.setFocus()

    @property
    def word(self) -> str:
        """What is typed, without the white space around it."""
        return self.line.text().strip()

    def look(self) -> None:
        """Look at the word."""
        word, known = self.word, self._known(self.word)
        if known is None:
            return
        self._context.read(lambda: _look(word, known), self._show, key="trigger-word")

    def _show(self, looked: Looked) -> None:
        pieces, remarks, offers = looked
        self.pieces.setText(pieces)
        self.pieces.setVisible(bool(pieces))
        for at, label in enumerate(self.remarks):
            remark = remarks[at] if at < len(remarks) else None
            label.setVisible(remark is not None)
            label.setText(f"{MARKS[remark.weight]}  {remark.words}" if remark else "")
            is_warning = remark is not None and remark.weight in (Weight.WARNING, Weight.REFUSED)
            label.setForegroundRole(WARNING if is_warning else PLAIN)
        self._free.setVisible(bool(offers))
        for at, button in enumerate(self.offers):
            button.setVisible(at < len(offers))
            button.setText(offers[at] if at < len(offers) else "")
            button.setAccessibleName(f"Take {button.text()}")
        self.looked.emit()


def _look(word: str, known: Known) -> Looked:
    if not word:
        return "", (), ()
    remarks = look_at(word, known)
    is_fine = all(remark.weight in (Weight.GOOD, Weight.NOTE) for remark in remarks)
    return pieces_in_words(word), remarks, () if is_fine else suggestions(word, known)
