"""How a crop looks while it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from curator.core.crop_frame import HANDLES, CropFrame, Proposal
from curator.core.geometry import Box
from curator.ui.tools.tool import Sheet

DARK = QColor(0, 0, 0, 150)  # over what is cut off
HANDLE_PX = 9
KEYS = {"full": "1", "upper body": "2", "head": "3"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is to be seen; `lost`: pixels left, top, right and bottom that training cuts off."""

    frame: CropFrame
    has_thirds: bool
    lost: tuple[int, int, int, int]
    offers: Sequence[Proposal]


def paint_crop(painter: QPainter, sheet: Sheet, drawn: Drawn) -> None:
    """Darken what is cut off; draw the box, its handles, and what helps to place it."""
    density = sheet.density
    whole, box = _rect(Box(0, 0, *drawn.frame.size), sheet), _rect(drawn.frame.box, sheet)
    outside = QPainterPath()
    outside.addRect(whole)
    outside.addRect(box)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(DARK)
    painter.drawPath(outside)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_lost(painter, sheet, drawn)
    if drawn.has_thirds:
        painter.setPen(QPen(QColor(255, 255, 255, 110), density))
        painter.drawLines(_thirds(box))
    for name, ghost in drawn.offers:
        _paint_ghost(painter, sheet, name, _rect(ghost, sheet))
    painter.setPen(QPen(QColor(0, 0, 0, 160), 3 * density))
    painter.drawRect(box)
    painter.setPen(QPen(QColor(255, 255, 255), density))
    painter.drawRect(box)
    side = HANDLE_PX * density
    painter.setBrush(QColor(255, 255, 255))
    painter.setPen(QPen(QColor(0, 0, 0, 160), density))
    for across, down in HANDLES:
        middle = box.center() + QPointF(across * box.width() / 2, down * box.height() / 2)
        square = QRectF(0, 0, side, side)
        square.moveCenter(middle)
        painter.drawRect(square)


def _rect(box: Box, sheet: Sheet) -> QRectF:
    place = sheet.place
    width, height = box.size
    return QRectF(
        place.left + box.left * place.scale,
        place.top + box.top * place.scale,
        width * place.scale,
        height * place.scale,
    )


def _thirds(box: QRectF) -> list[QLineF]:
    lines = []
    for part in (1 / 3, 2 / 3):
        x, y = box.left() + box.width() * part, box.top() + box.height() * part
        lines.append(QLineF(x, box.top(), x, box.bottom()))
        lines.append(QLineF(box.left(), y, box.right(), y))
    return lines


def _paint_lost(painter: QPainter, sheet: Sheet, drawn: Drawn) -> None:
    """The strips of the crop that training cuts off on the way into the bucket."""
    box, (left, top, right, bottom) = drawn.frame.box, drawn.lost
    inner = Box(box.left + left, box.top + top, box.right - right, box.bottom - bottom)
    if inner == box or min(inner.size) <= 0:
        return
    strips = QPainterPath()
    strips.addRect(_rect(box, sheet))
    strips.addRect(_rect(inner, sheet))
    colour = QColor(sheet.colours.warning)
    colour.setAlpha(150)
    painter.fillPath(strips, QBrush(colour, Qt.BrushStyle.BDiagPattern))


def _paint_ghost(painter: QPainter, sheet: Sheet, name: str, ghost: QRectF) -> None:
    painter.setPen(QPen(QColor(sheet.colours.accent), 1.5 * sheet.density, Qt.PenStyle.DashLine))
    painter.drawRect(ghost)
    paint_label(painter, sheet, ghost.topLeft(), f"{KEYS[name]} {name}")


def paint_label(painter: QPainter, sheet: Sheet, at: QPointF, words: str) -> None:
    """Words on a dark ground, their corner at a point."""
    painter.save()
    painter.translate(at)
    painter.scale(sheet.density, sheet.density)
    metrics = painter.fontMetrics()
    room = QRectF(0, 0, metrics.horizontalAdvance(words) + 8, metrics.height() + 4)
    painter.fillRect(room, QColor(0, 0, 0, 170))
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()
