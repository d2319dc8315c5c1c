"""The mark of each judgement: one colour and one shape, the same in grid, loupe, lists and bars."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QIcon,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QTransform,
)

from curator.ui.theme import DARK, Colours

PRIMARY, SUPPORTING, UNRATED, REJECTED = "primary", "supporting", "unrated", "rejected"
JUDGEMENTS = (PRIMARY, SUPPORTING, UNRATED, REJECTED)


def colour_of(judgement: str, colours: Colours) -> str:
    """The colour of a judgement in a theme."""
    return str(getattr(colours, judgement))


def shape(judgement: str, side: float) -> QPainterPath:
    """A star for primaries, a disc for supporting, a cross for rejected, a ring for unrated."""
    path = QPainterPath()
    middle = side / 2
    if judgement == PRIMARY:
        path.addPolygon(_star(middle, middle * 0.92))
        path.closeSubpath()
    elif judgement == REJECTED:
        thick = side * 0.12
        for angle in (45, -45):
            bar = QPainterPath()
            bar.addRect(QRectF(-middle * 0.9, -thick, middle * 1.8, 2 * thick))
            path = path.united(_turned(bar, angle, middle))
    else:
        radius = middle * 0.72
        path.addEllipse(QPointF(middle, middle), radius, radius)
        if judgement == UNRATED:
            hole = QPainterPath()
            hole.addEllipse(QPointF(middle, middle), radius * 0.72, radius * 0.72)
            path = path.subtracted(hole)
    return path


def _star(middle: float, radius: float) -> QPolygonF:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.45
        angle = math.pi * (corner / 5 - 0.5)
        points.append(QPointF(middle + reach * math.cos(angle), middle + reach * math.sin(angle)))
    return QPolygonF(points)


def _turned(path: QPainterPath, degrees: float, middle: float) -> QPainterPath:
    return QTransform().translate(middle, middle).rotate(degrees).map(path)


@lru_cache(maxsize=256)
def mark(judgement: str, colour: str, side_px: int, ratio: float, on_chip: bool) -> QPixmap:
    """The mark as a picture; `on_chip`: upon a dark disc, to be seen on any photo."""
    pixmap = QPixmap(round(side_px * ratio), round(side_px * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    inset = 0.0
    if on_chip:
        painter.setBrush(QColor(20, 20, 20, 200))
        painter.drawEllipse(QRectF(0, 0, side_px, side_px))
        inset = side_px * 0.2
    painter.translate(inset, inset)
    painter.setBrush(QColor(colour))
    painter.drawPath(shape(judgement, side_px - 2 * inset))
    painter.end()
    return pixmap


def icon(judgement: str, colours: Colours, side_px: int = 16) -> QIcon:
    """The mark for a button or list."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(mark(judgement, colour_of(judgement, colours), side_px, ratio, False))
    return made


def chip_mark(judgement: str, side_px: int, ratio: float) -> QPixmap:
    """The mark upon a picture, where the colours of the dark theme serve in both."""
    return mark(judgement, colour_of(judgement, DARK), side_px, ratio, True)


def ring_pen(colour: str, width: float) -> QPen:
    """A pen for focus rings, with round corners."""
    pen = QPen(QColor(colour), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
