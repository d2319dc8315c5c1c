"""Draws one cell of a grid or strip: the picture, its judgement, and as few words as will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap

from curator.core.records import Image
from curator.ui import rating_marks
from curator.ui.image_model import judgement
from curator.ui.rating_marks import chip_mark, ring_pen
from curator.ui.theme import Colours
from curator.ui.thumbnail_provider import Broken

MARGIN_PX = 6
MARK_PX = 22
BUTTON_PX = 30
VEIL = 0.3  # how much of a rejected picture is still seen
BADGES_FROM_PX = 110  # in smaller cells words would hide the picture
BUTTONS = (rating_marks.PRIMARY, rating_marks.SUPPORTING, rating_marks.REJECTED)


@dataclass(frozen=True, slots=True)
class CellState:
    """What the window knows of a cell: its picture, if it has come, and the person's attention."""

    thumbnail: QPixmap | Broken | None
    is_selected: bool
    is_current: bool
    is_hovered: bool
    has_focus: bool = True
    badges: tuple[str, ...] = ()  # about its quality


def picture_side_px(cell_px: int, ratio: float) -> int:
    """The longer side, in device pixels, that a picture in such a cell may have."""
    return max(16, round((cell_px - 2 * MARGIN_PX) * ratio))


def paint_cell(
    painter: QPainter, rect: QRect, image: Image, state: CellState, colours: Colours
) -> None:
    """Draw a cell; the ground behind it has been painted."""
    if state.is_selected:
        painter.fillRect(rect.adjusted(1, 1, -1, -1), QColor(colours.accent))
    inner = rect.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
    shown = _paint_picture(painter, inner, image, state, colours)
    if state.is_current:
        _paint_ring(painter, rect, state, colours)
    _paint_mark(painter, shown, image)
    if rect.width() >= BADGES_FROM_PX:
        _paint_badges(painter, shown, [*badges(image), *state.badges])
        if state.is_hovered:
            _paint_buttons(painter, rect, image)


def _paint_picture(
    painter: QPainter, inner: QRect, image: Image, state: CellState, colours: Colours
) -> QRect:
    """Draw the picture, or what stands for it; returns where it is."""
    thumbnail = state.thumbnail
    if isinstance(thumbnail, Broken):
        _paint_broken(painter, inner, thumbnail, colours)
        return inner
    size = QSize(image.width, image.height) if thumbnail is None else thumbnail.size()
    shown = _fitted(inner, size)
    if thumbnail is None:
        painter.fillRect(shown, QColor(colours.panel))
        return shown
    if image.rejected:
        painter.setOpacity(VEIL)
    painter.drawPixmap(shown, thumbnail)
    painter.setOpacity(1.0)
    return shown


def _fitted(inner: QRect, size: QSize) -> QRect:
    """In the middle, as large as it fits; in plain numbers, for this is done most often of all."""
    width, height = inner.width(), inner.height()
    times = min(width / max(1, size.width()), height / max(1, size.height()))
    wide, high = max(1, round(size.width() * times)), max(1, round(size.height() * times))
    return QRect(inner.left() + (width - wide) // 2, inner.top() + (height - high) // 2, wide, high)


def _paint_broken(painter: QPainter, inner: QRect, broken: Broken, colours: Colours) -> None:
    painter.fillRect(inner, QColor(colours.panel))
    painter.setPen(QColor(colours.warning))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(inner.adjusted(6, 6, -6, -6), flags, broken.reason)


def _paint_ring(painter: QPainter, rect: QRect, state: CellState, colours: Colours) -> None:
    colour = colours.accent if state.has_focus else colours.muted
    painter.setPen(ring_pen(colours.text if state.is_selected else colour, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(2, 2, -3, -3))


def _paint_mark(painter: QPainter, shown: QRect, image: Image) -> None:
    word = judgement(image)
    if word == rating_marks.UNRATED:
        return
    side = min(MARK_PX, shown.width() // 2)
    at = QPoint(shown.left() + 2, shown.bottom() - side - 1)
    painter.drawPixmap(at, chip_mark(word, max(8, side), painter.device().devicePixelRatio()))


def badges(image: Image) -> list[str]:
    """The few words upon a picture."""
    found = []
    if image.rejected and image.reject_reason:
        found.append(image.reject_reason)
    if image.frames > 1:
        found.append(f"{image.frames:,} frames")
    if image.parent_id is not None:
        found.append("crop")
    if image.mask:
        found.append("mask")
    return found


def _paint_badges(painter: QPainter, shown: QRect, found: Sequence[str]) -> None:
    if not found:
        return
    font = QFont(painter.font())
    font.setPointSizeF(max(7.0, font.pointSizeF() * 0.8))
    painter.setFont(font)
    metrics = QFontMetrics(font)
    top = shown.top() + 3
    for words in found:
        width = min(metrics.horizontalAdvance(words) + 8, shown.width() - 4)
        chip = QRect(shown.right() - width - 2, top, width, metrics.height() + 2)
        painter.fillRect(chip, QColor(20, 20, 20, 190))
        painter.setPen(QColor("#f0f0f0"))
        text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, width - 6)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
        top = chip.bottom() + 2


def button_rects(rect: QRect) -> dict[str, QRect]:
    """Where the rating buttons of a hovered cell stand, by judgement."""
    width = BUTTON_PX * len(BUTTONS)
    left = rect.center().x() - width // 2
    top = rect.bottom() - MARGIN_PX - BUTTON_PX
    return {
        word: QRect(left + at * BUTTON_PX, top, BUTTON_PX, BUTTON_PX)
        for at, word in enumerate(BUTTONS)
    }


def button_at(rect: QRect, point: QPoint) -> str | None:
    """The rating button under a point of a cell."""
    if rect.width() < BADGES_FROM_PX:
        return None
    found = (word for word, place in button_rects(rect).items() if place.contains(point))
    return next(found, None)


def _paint_buttons(painter: QPainter, rect: QRect, image: Image) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for word, place in button_rects(rect).items():
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(20, 20, 20, 225))
        painter.drawRoundedRect(QRectF(place.adjusted(1, 1, -1, -1)), 4, 4)
        if word == judgement(image):
            painter.setBrush(QColor(255, 255, 255, 60))
            painter.drawRoundedRect(QRectF(place.adjusted(1, 1, -1, -1)), 4, 4)
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(place.topLeft() + QPoint(5, 5), chip_mark(word, BUTTON_PX - 10, ratio))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
