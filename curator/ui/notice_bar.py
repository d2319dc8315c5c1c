"""The bar above the pictures that tells what needs the person: no dialog, nothing to click away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from curator.ui.notices import Notice
from curator.ui.theme import PLAIN, STEP_PX, WARNING

MOST = 3  # older ones make way


class NoticeBar(QWidget):
    """A line per notice, the newest on top, each with its buttons and a way to close it."""

    left = Signal()  # the line with the keyboard was closed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(1)
        self.hide()

    def tell(self, notice: Notice) -> None:
        """Show a notice; the same one again replaces itself."""
        for line in self.lines():
            if line.notice.text == notice.text:
                self._drop(line)
        line = _NoticeLine(notice, self)
        line.close_button.clicked.connect(lambda: self._drop(line))
        for button in line.buttons:
            button.clicked.connect(lambda: self._drop(line))
        self._lines.insertWidget(0, line)
        for old in self.lines()[MOST:]:
            self._drop(old)
        self.show()

    def lines(self) -> list[_NoticeLine]:
        """What is told now, the newest first."""
        items = (self._lines.itemAt(at) for at in range(self._lines.count()))
        widgets = [item.widget() for item in items if item is not None]
        return [line for line in widgets if isinstance(line, _NoticeLine)]

    def clear(self) -> None:
        """Close them all."""
        for line in self.lines():
            self._drop(line)

    def _drop(self, line: _NoticeLine) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and line.isAncestorOf(focus):
            self.left.emit()
        self._lines.removeWidget(line)
        line.hide()
        line.deleteLater()
        self.setVisible(bool(self.lines()))


class _NoticeLine(QFrame):
    def __init__(self, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * STEP_PX, STEP_PX, STEP_PX, STEP_PX)
        row = QHBoxLayout()
        column.addLayout(row)
        words = QLabel(f"{notice.text} {notice.hint}".strip())
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setForegroundRole(WARNING if notice.is_error else PLAIN)
        row.addWidget(words, 1)
        self.buttons = [self._button(text, row) for text, _work in notice.buttons]
        for button, (_text, work) in zip(self.buttons, notice.buttons, strict=True):
            button.clicked.connect(lambda _checked=False, work=work: work())
        if notice.details:
            self._add_details(notice.details, row, column)
        self.close_button = QToolButton(autoRaise=True)
        self.close_button.setText("✕")
        self.close_button.setAccessibleName("Close this message")
        row.addWidget(self.close_button)

    def _button(self, text: str, row: QHBoxLayout) -> QPushButton:
        button = QPushButton(text)
        row.addWidget(button)
        return button

    def _add_details(self, details: str, row: QHBoxLayout, column: QVBoxLayout) -> None:
        view = QPlainTextEdit(details, readOnly=True)
        view.setAccessibleName("Details")
        view.setFixedHeight(140)
        view.hide()
        column.addWidget(view)
        fold = self._button("Details", row)
        fold.setCheckable(True)
        fold.toggled.connect(view.setVisible)
        copy = self._button("Copy", row)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
