"""The pictures of a group side by side, each with what is to become of it, and why."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from curator.core.decisions import Fate
from curator.core.duplicate_cases import Case, Choice
from curator.core.readable import size
from curator.core.records import Image
from curator.ui import rating_marks
from curator.ui.context import Context
from curator.ui.image_model import judgement
from curator.ui.rating_marks import chip_mark, ring_pen
from curator.ui.theme import STEP_PX
from curator.ui.thumbnail_provider import Broken, ThumbnailProvider

THUMBNAIL_PX = 96
CARD_PX = 288  # a card's width
LINES = 7
MARK_PX = 22
VEIL = 0.35
_WORDS = {
    Fate.KEEP: "Keep",
    Fate.PRIMARY: "Keep as primary",
    Fate.SUPPORTING: "Keep as supporting",
    Fate.REJECT: "Reject",
}
_MARKS = {
    Fate.PRIMARY: rating_marks.PRIMARY,
    Fate.SUPPORTING: rating_marks.SUPPORTING,
    Fate.REJECT: rating_marks.REJECTED,
}


def lines_of(case: Case, choice: Choice, image: Image) -> list[str]:
    """What a card says: the fate, the name, the file, the relation to the keeper or the reasons."""
    is_keeper = image.id == choice.keeper
    fate = choice.fates[image.id]
    words = _WORDS[fate]
    if is_keeper and fate is not Fate.REJECT:
        words = words.replace("Keep as", "Keeper, as") if fate in _MARKS else "Keeper"
    file = f"{image.width:,} x {image.height:,}, {image.format.upper()}, {size(image.size_bytes)}"
    if not is_keeper:
        why = case.relation(image.id, choice.keeper)
    else:
        is_proposed = choice.keeper == case.proposal.keeper
        why = ", ".join(case.proposal.reasons) if is_proposed else "chosen by you"
        if taken := case.inherited(choice):
            why += f"; takes over {', '.join(taken)}"
    return [words, image.name, file, why]


class MemberStrip(QWidget):
    """A card for each picture; a click chooses one, the wheel looks around."""

    chosen = Signal(int)

    def __init__(self, context: Context, thumbnails: ThumbnailProvider) -> None:
        super().__init__()
        self._context, self._thumbnails = context, thumbnails
        self._case: Case | None = None
        self._choice: Choice | None = None
        self._current: int | None = None
        self._left = 0
        self._lines: dict[int, list[str]] = {}  # of the cards that were seen
        self._line_px = self.fontMetrics().lineSpacing()
        self.setFixedHeight(max(THUMBNAIL_PX, LINES * self._line_px) + 4 * STEP_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        context.theme.changed.connect(self.update)
        thumbnails.arrived.connect(self.update)

    def show_case(self, case: Case | None, choice: Choice | None, current: int | None) -> None:
        """Show a group, with what is chosen and the picture that keys act on."""
        if case is not self._case or choice is not self._choice:
            self._lines.clear()
        self._case, self._choice, self._current = case, choice, current
        spoken = ""
        if case is not None and choice is not None and current is not None:
            at = case.ids.index(current)
            lines = self._lines_of(case.images[at])
            spoken = f"{at + 1} of {len(case.images)}: {', '.join(lines)}"
            self._look_at(at)
        self.setAccessibleName(spoken or "No duplicates")
        self.update()

    def _lines_of(self, image: Image) -> list[str]:
        assert self._case is not None
        assert self._choice is not None
        if image.id not in self._lines:
            self._lines[image.id] = lines_of(self._case, self._choice, image)
        return self._lines[image.id]

    def rect_of(self, at: int) -> QRect:
        """Where a card stands."""
        return QRect(at * CARD_PX - self._left, 0, CARD_PX, self.height())

    def _look_at(self, at: int) -> None:
        """Have a card in sight; few cards stand in the middle."""
        assert self._case is not None
        beyond = len(self._case.images) * CARD_PX - self.width()
        if beyond <= 0:
            self._left = beyond // 2
            return
        low, high = (at + 1) * CARD_PX - self.width(), at * CARD_PX
        self._left = min(max(self._left, low, 0), high, beyond)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._context.theme.colours.surround))
        if self._case is None or self._choice is None:
            return
        side = round(THUMBNAIL_PX * self.devicePixelRatioF())
        missing = []
        for at, image in enumerate(self._case.images):
            rect = self.rect_of(at)
            if not rect.intersects(self.rect()):
                continue
            thumbnail = self._thumbnails.get(image, side)
            if thumbnail is None:
                missing.append(image)
            self._paint_card(painter, rect, image, thumbnail)
        if missing:
            self._thumbnails.wish("duplicates", missing, side)

    def _paint_card(
        self, painter: QPainter, rect: QRect, image: Image, thumbnail: QPixmap | Broken | None
    ) -> None:
        assert self._case is not None
        assert self._choice is not None
        colours = self._context.theme.colours
        inner = rect.adjusted(STEP_PX, STEP_PX, -STEP_PX, -STEP_PX)
        if image.id == self._current:
            painter.fillRect(inner, QColor(colours.panel))
            painter.setPen(ring_pen(colours.accent, 2))
            painter.drawRect(inner.adjusted(1, 1, -1, -1))
        fate = self._choice.fates[image.id]
        box = QRect(inner.left() + STEP_PX, inner.top() + STEP_PX, THUMBNAIL_PX, THUMBNAIL_PX)
        box.moveTop(inner.center().y() - THUMBNAIL_PX // 2)
        if isinstance(thumbnail, QPixmap):
            fitted = QSize(thumbnail.size()).scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(QPoint(0, 0), fitted)
            place.moveCenter(box.center())
            painter.setOpacity(VEIL if fate is Fate.REJECT else 1.0)
            painter.drawPixmap(place, thumbnail)
            painter.setOpacity(1.0)
        word = _MARKS.get(fate, judgement(image))
        mark = chip_mark(word, MARK_PX, self.devicePixelRatioF())
        painter.drawPixmap(box.bottomLeft() + QPoint(0, -MARK_PX), mark)
        lines = self._lines_of(image)
        self._paint_lines(painter, inner.adjusted(THUMBNAIL_PX + 3 * STEP_PX, 0, 0, 0), lines, word)

    def _paint_lines(self, painter: QPainter, room: QRect, lines: list[str], word: str) -> None:
        colours, metrics = self._context.theme.colours, self.fontMetrics()
        room = room.adjusted(0, STEP_PX, -2 * STEP_PX, 0)
        bold = QFont(self.font())
        bold.setBold(True)
        tints = (rating_marks.colour_of(word, colours), colours.text, colours.muted)
        for at, (text, tint) in enumerate(zip(lines[:3], tints, strict=True)):
            painter.setFont(bold if at == 0 else self.font())
            painter.setPen(QColor(tint))
            line = QRect(room.left(), room.top() + at * self._line_px, room.width(), self._line_px)
            elided = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, elided)
        why = room.adjusted(0, 3 * self._line_px, 0, 0)
        painter.setPen(QColor(colours.text))
        painter.setFont(self.font())
        painter.drawText(why, Qt.TextFlag.TextWordWrap, lines[3])

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = (int(event.position().x()) + self._left) // CARD_PX
        if self._case is not None and 0 <= at < len(self._case.images):
            self.chosen.emit(self._case.images[at].id)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        beyond = len(self._case.images) * CARD_PX - self.width() if self._case else 0
        if beyond > 0:
            self._left = min(max(self._left - (turned.y() or turned.x()), 0), beyond)
            self.update()
        event.accept()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.show_case(self._case, self._choice, self._current)
