"""Draws a picture of any size at a place, from the best of the sizes that are there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPixmap

from curator.ui.theme import Colours
from curator.ui.view_state import Frame, Place, View, Zoom

PIXELS_FROM = 2.0  # device pixels for one of the picture's, from which on it is zoomed into squares
CHECKER_PX = 8


def best_level(levels: Sequence[QImage], width_px: float) -> QImage:
    """The smallest that need not be enlarged to be so wide, else the largest."""
    return next((level for level in levels if level.width() >= width_px - 1), levels[-1])


def paint_picture(
    painter: QPainter, levels: Sequence[QImage], frame: Frame, view: View, colours: Colours
) -> None:
    """Draw what is seen of a picture; the painter counts in device pixels.

    `levels`: the picture in several sizes, the smallest first.
    """
    place = frame.place(view)
    target = target_rect(frame, place)
    level = best_level(levels, target.width())
    # Only whole pixels of the source are drawn, so that its parts fit together wherever they begin.
    ratio_x, ratio_y = target.width() / level.width(), target.height() / level.height()
    seen = target.intersected(QRectF(0, 0, *frame.area))
    source = QRectF(
        QPointF((seen.left() - target.left()) / ratio_x, (seen.top() - target.top()) / ratio_y),
        QPointF((seen.right() - target.left()) / ratio_x, (seen.bottom() - target.top()) / ratio_y),
    ).toAlignedRect()
    source &= level.rect()
    part = QRectF(
        target.left() + source.left() * ratio_x,
        target.top() + source.top() * ratio_y,
        source.width() * ratio_x,
        source.height() * ratio_y,
    )
    if level.hasAlphaChannel():
        painter.fillRect(seen, checker(colours))
    has_pixels = level.width() >= frame.picture[0] and view.zoom is not Zoom.FIT
    is_smooth = place.scale < PIXELS_FROM or not has_pixels
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
    painter.drawImage(part, level, QRectF(source))


def target_rect(frame: Frame, place: Place) -> QRectF:
    """Where all of the picture would be drawn, its corner on a device pixel."""
    width, height = frame.picture
    return QRectF(
        round(place.left),
        round(place.top),
        max(1.0, width * place.scale),
        max(1.0, height * place.scale),
    )


def seen_rect(frame: Frame, place: Place) -> QRect:
    """The part of the area that the picture covers, in device pixels."""
    area = QRectF(0, 0, *frame.area)
    return target_rect(frame, place).intersected(area).toAlignedRect()


@lru_cache(maxsize=4)
def checker(colours: Colours) -> QBrush:
    """Squares behind what is transparent, in the neutral grays of the theme."""
    tile = QPixmap(2 * CHECKER_PX, 2 * CHECKER_PX)
    tile.fill(QColor(colours.surround))
    painter = QPainter(tile)
    other = QColor(colours.surround)
    other = other.lighter(135) if other.lightness() < 128 else other.darker(115)
    for corner in (0, CHECKER_PX):
        painter.fillRect(corner, corner, CHECKER_PX, CHECKER_PX, other)
    painter.end()
    return QBrush(tile)


def paint_words(painter: QPainter, area: QRect, words: str, colour: str) -> None:
    """Draw a sentence in the middle of an area."""
    width = min(area.width() - 24, 480)
    place = QRect(0, 0, width, area.height())
    place.moveCenter(area.center())
    painter.setPen(QColor(colour))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
