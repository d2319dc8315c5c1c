"""Four buttons that judge the picture on show, for those who cull by the mouse alone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget
from typing_extensions import override

from curator.ui.rating_marks import JUDGEMENTS, icon
from curator.ui.theme import DARK, STEP_PX, palette

ICON_PX = 24
SHOWN_MS = 1500  # after the mouse was moved last


class RatingBar(QWidget):
    """Comes when the mouse moves over the picture, goes when it rests; never takes the focus."""

    judged = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(STEP_PX, STEP_PX, STEP_PX, STEP_PX)
        row.setSpacing(STEP_PX)
        self.buttons = {word: self._button(word) for word in JUDGEMENTS}
        for button in self.buttons.values():
            row.addWidget(button)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self._rest)
        self.adjustSize()
        self.hide()

    def _button(self, word: str) -> QToolButton:
        button = QToolButton(self, autoRaise=True)
        button.setCheckable(True)
        button.setIcon(icon(word, DARK, ICON_PX))
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        button.setPalette(palette(DARK))  # it stands upon pictures, in both themes
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAccessibleName(word.capitalize())
        button.setToolTip(word.capitalize())
        button.clicked.connect(lambda _on=False: self.judged.emit(word))
        return button

    def show_judgement(self, judgement: str) -> None:
        """Press down the button of how the picture is judged."""
        for word, button in self.buttons.items():
            button.setChecked(word == judgement)

    def heed(self, is_near: bool) -> None:
        """The mouse moves over the picture, or has left it."""
        self.setVisible(is_near)
        if is_near:
            self._timer.start()

    def _rest(self) -> None:
        if self.underMouse():
            self._timer.start()
        else:
            self.hide()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(20, 20, 20, 215))
        painter.drawRoundedRect(QRectF(self.rect()), 2 * STEP_PX, 2 * STEP_PX)
