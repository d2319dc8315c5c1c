"""What the last key did, told over the pictures for a moment."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from curator.ui.rating_marks import chip_mark
from curator.ui.theme import STEP_PX

SHOWN_MS = 700
MARK_PX = 30
TEXT_SCALE = 1.25


class Flash(QWidget):
    """Neither moves nor fades, so that nobody need be spared it; lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._area = parent
        self._mark, self._words = "", ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * TEXT_SCALE)
        self.setFont(font)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def text(self) -> str:
        """What is told now."""
        return self._words if self.isVisible() else ""

    def show_judgement(self, judgement: str, count: int) -> None:
        """Tell how pictures were judged."""
        many = f", {count:,} pictures" if count > 1 else ""
        self._tell(judgement, f"{judgement.capitalize()}{many}")

    def show_words(self, words: str) -> None:
        """Tell something else that was done."""
        self._tell("", words)

    def _tell(self, mark: str, words: str) -> None:
        self._mark, self._words = mark, words
        self.place()
        self.show()
        self.raise_()
        self.update()
        self._timer.start()

    def place(self) -> None:
        """Stand in the lower middle of the area, as wide as the words."""
        mark_px = MARK_PX + 2 * STEP_PX if self._mark else 0
        room = self._area.rect()
        width = mark_px + self.fontMetrics().horizontalAdvance(self._words) + 8 * STEP_PX
        self.resize(min(width, room.width() - 4 * STEP_PX), MARK_PX + 4 * STEP_PX)
        self.move(room.center().x() - self.width() // 2, room.height() * 3 // 4 - self.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(20, 20, 20, 200))
        radius = self.height() / 2
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        place = QRect(self.rect()).adjusted(4 * STEP_PX, 0, -2 * STEP_PX, 0)
        if self._mark:
            top = (self.height() - MARK_PX) // 2
            mark = chip_mark(self._mark, MARK_PX, self.devicePixelRatioF())
            painter.drawPixmap(QPoint(place.left(), top), mark)
            place.setLeft(place.left() + MARK_PX + 2 * STEP_PX)
        words = self.fontMetrics().elidedText(
            self._words, Qt.TextElideMode.ElideRight, place.width()
        )
        painter.setPen(QColor("#f0f0f0"))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
