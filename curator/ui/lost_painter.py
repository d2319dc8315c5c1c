"""Draws upon a large picture the strips that are cropped away on the way into its bucket."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from curator.core.geometry import Size
from curator.core.training_fit import Fit
from curator.ui.theme import Colours

DIMMED = 150  # of 255, how dark a strip gets
LINE_PX = 2.0


def lost_strips(target: QRectF, picture: Size, fit: Fit) -> list[QRectF]:
    """Where the strips are, the whole picture being in `target`; none of them overlap."""
    left, top, right, bottom = fit.lost
    across, down = target.width() / picture[0], target.height() / picture[1]
    upper, lower = top * down, bottom * down
    middle = target.height() - upper - lower
    strips = [
        QRectF(target.left(), target.top(), target.width(), upper),
        QRectF(target.left(), target.bottom() - lower, target.width(), lower),
        QRectF(target.left(), target.top() + upper, left * across, middle),
        QRectF(target.right() - right * across, target.top() + upper, right * across, middle),
    ]
    return [strip for strip in strips if not strip.isEmpty()]


def paint_lost(
    painter: QPainter, target: QRectF, picture: Size, fit: Fit, colours: Colours
) -> None:
    """Draw them, and a line around what is left; the painter counts in device pixels."""
    strips = lost_strips(target, picture, fit)
    hatched = QColor(colours.warning)
    hatched.setAlpha(110)
    for strip in strips:
        painter.fillRect(strip, QColor(0, 0, 0, DIMMED))
        painter.fillRect(strip, QBrush(hatched, Qt.BrushStyle.BDiagPattern))
    for strip in strips:
        painter.fillRect(_inner_edge(strip, target), QColor(colours.warning))


def _inner_edge(strip: QRectF, target: QRectF) -> QRectF:
    """The line between a strip and what is left of the picture."""
    if strip.width() < target.width():
        at = strip.right() - LINE_PX if strip.left() == target.left() else strip.left()
        return QRectF(at, strip.top(), LINE_PX, strip.height())
    at = strip.bottom() - LINE_PX if strip.top() == target.top() else strip.top()
    return QRectF(strip.left(), at, strip.width(), LINE_PX)
