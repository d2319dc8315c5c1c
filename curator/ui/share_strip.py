"""The live share of training steps in one line: marks, numbers and a thin bar."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy
from typing_extensions import override

from curator.core.shares import Part, tell_steps
from curator.ui import rating_marks
from curator.ui.epoch import Epoch
from curator.ui.rating_marks import colour_of, mark, ring_pen
from curator.ui.theme import STEP_PX, Colours, Theme

NOTHING = "Nothing rated yet: 1 makes a picture primary, 2 supporting"
BAR_PX = 96
MARK_PX = 14


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    judgement: str = ""  # whose mark stands before it


class ShareStrip(QAbstractButton):
    """Leaves words out where there is little room; a click opens the balance."""

    def __init__(self, theme: Theme, key: str) -> None:
        super().__init__()
        self._theme = theme
        self._epoch: Epoch | None = None
        self._key = key
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def show_epoch(self, epoch: Epoch) -> None:
        """Show what an epoch is made of."""
        self._epoch = epoch
        words = tell_steps(epoch.plan)
        self.setAccessibleName(f"Balance: {words}")
        self.setToolTip(f"{words}\nAdjust the balance ({self._key})")
        self.updateGeometry()
        self.update()

    def _parts(self) -> list[tuple[str, Part]]:
        if self._epoch is None:
            return []
        shares = self._epoch.shares
        both = (
            (rating_marks.PRIMARY, shares.primary),
            (rating_marks.SUPPORTING, shares.supporting),
        )
        return [(word, part) for word, part in both if part.images]

    def _pieces(self, *, short: bool) -> list[_Piece]:
        parts = self._parts()
        if not parts or self._epoch is None:
            return [_Piece(NOTHING)] if self._epoch is not None and not short else []
        total = f"{self._epoch.shares.steps:,} steps"
        pieces = [_Piece(_told(word, part, short), word) for word, part in parts]
        return [*pieces, _Piece(total if short else f"{total}/epoch")]

    def _width(self, pieces: list[_Piece]) -> int:
        metrics = self.fontMetrics()
        width = sum(metrics.horizontalAdvance(p.text) + 3 * STEP_PX for p in pieces)
        width += sum(MARK_PX + STEP_PX for piece in pieces if piece.judgement)
        return width + (BAR_PX + 3 * STEP_PX if self._parts() else 0)

    @override
    def sizeHint(self) -> QSize:
        height = self.fontMetrics().height() + 2 * STEP_PX
        return QSize(self._width(self._pieces(short=False)), height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(self._pieces(short=True)), self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._theme.colours
        painter = QPainter(self)
        pieces = self._pieces(short=self.width() < self.sizeHint().width())
        x = STEP_PX
        for piece in pieces:
            if piece.judgement:
                ratio = self.devicePixelRatioF()
                colour = colour_of(piece.judgement, colours)
                pixmap = mark(piece.judgement, colour, MARK_PX, ratio, False)
                painter.drawPixmap(x, (self.height() - MARK_PX) // 2, pixmap)
                x += MARK_PX + STEP_PX
            painter.setPen(QColor(colours.text if self._parts() else colours.muted))
            width = self.fontMetrics().horizontalAdvance(piece.text)
            place = QRect(x, 0, width + 1, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, piece.text)
            x += width + 3 * STEP_PX
        if self._parts():
            bar = QRect(x, self.height() // 2 - STEP_PX, BAR_PX, 2 * STEP_PX)
            segments = [(word, float(part.share)) for word, part in self._parts()]
            paint_bar(painter, bar, segments, colours)
        if self.hasFocus():
            painter.setPen(ring_pen(colours.accent, 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _told(word: str, part: Part, short: bool) -> str:
    start = "" if short else f"{word} "
    if part.repeats is None:
        return f"{start}{part.images:,}: {part.steps:,}"
    return f"{start}{part.images:,} x {part.repeats} = {part.steps:,}"


def paint_bar(
    painter: QPainter, bar: QRect, segments: list[tuple[str, float]], colours: Colours
) -> None:
    """A bar of which each judgement's share (0 to 1) has its colour; the rest is ground."""
    painter.fillRect(bar, QColor(colours.line))
    x = float(bar.left())
    for word, share in segments:
        width = bar.width() * share
        right = round(x + width)
        painter.fillRect(
            QRect(round(x), bar.top(), right - round(x), bar.height()),
            QColor(colour_of(word, colours)),
        )
        x += width
