"""A canvas on which pictures that show the same lie upon each other, one or their difference seen.

The same spot of the scene is at the same place of the widget whichever of them is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
    QColor,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPolygonF,
    QTransform,
)
from typing_extensions import override

from curator.core.overlay import Ground
from curator.core.records import Image
from curator.ui.canvas import Canvas
from curator.ui.picture_painter import PIXELS_FROM, best_level, paint_words
from curator.ui.view_state import Frame, Place, Zoom

DOUBLINGS = 2  # of the difference; more shows but the grain of every resized copy
STRONGER = 2**DOUBLINGS
_UNIT = QPolygonF(QRectF(0, 0, 1, 1))


class OverlayCanvas(Canvas):
    """Shows pictures as they were imported, laid on the ground; zoom and place as any canvas."""

    words = ""  # where there is no picture
    ground: Ground | None = None
    beside: Image | None = None  # what the difference is to; None shows the picture itself
    _kept: tuple[object, QImage] | None = None

    def show_on(self, ground: Ground, image: Image, beside: Image | None) -> None:
        """Show a picture on a ground, or its difference to another one."""
        self.ground, self.beside = ground, beside
        self.show_image(image)

    def transform(self, image: Image, level: QImage, place: Place) -> QTransform:
        """From the pixels of a level of a picture to device pixels of this widget."""
        assert self.ground is not None
        a, b, c, d, e, f = self.ground.maps[image.id]
        shares = QTransform.fromScale(1 / level.width(), 1 / level.height())
        laid = QTransform(a, d, b, e, c, f)
        shown = QTransform.fromScale(place.scale, place.scale)
        # Whole device pixels, so that the picture in its own pixels is sharp.
        moved = QTransform.fromTranslate(round(place.left), round(place.top))
        return shares * laid * shown * moved

    def _path(self, image: Image, place: Place) -> QPainterPath:
        """Where a picture lies in this widget, in device pixels."""
        unit = QImage(1, 1, QImage.Format.Format_RGB32)
        path = QPainterPath()
        path.addPolygon(self.transform(image, unit, place).map(_UNIT))
        path.closeSubpath()
        return path

    def _draw(self, painter: QPainter, image: Image, place: Place) -> None:
        levels = self._levels(image)
        if not levels:
            painter.fillPath(self._path(image, place), QColor(self._context.theme.colours.panel))
            return
        level = self._level(image, levels, place)
        transform = self.transform(image, level, place)
        is_smooth = _times(transform) < PIXELS_FROM or self._state.view.zoom is Zoom.FIT
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        painter.setTransform(transform, combine=True)
        painter.drawImage(0, 0, level)
        painter.restore()

    def _level(self, image: Image, levels: Sequence[QImage], place: Place) -> QImage:
        first = levels[0]
        width_px = first.width() * _times(self.transform(image, first, place))
        return best_level(levels, width_px)

    def _difference(self, image: Image, beside: Image, place: Place, frame: Frame) -> QImage:
        """How much two pictures differ, `STRONGER` times; kept until something else is seen."""
        levels = [self._levels(one) for one in (image, beside)]
        used = tuple(
            self._level(one, some, place).cacheKey()
            for one, some in zip((image, beside), levels, strict=True)
            if some
        )
        key = (image.id, beside.id, place, frame, id(self.ground), used)
        if self._kept is None or self._kept[0] != key:
            self._kept = key, self._subtracted(image, beside, place, frame)
        return self._kept[1]

    def _subtracted(self, image: Image, beside: Image, place: Place, frame: Frame) -> QImage:
        made, other = (self._alone(one, place, frame) for one in (image, beside))
        modes = QPainter.CompositionMode
        _compose(made, other, modes.CompositionMode_Difference)
        for _ in range(DOUBLINGS):
            _compose(made, made.copy(), modes.CompositionMode_Plus)
        outside = QPainterPath()
        outside.addRect(QRectF(made.rect()))
        both = self._path(image, place).intersected(self._path(beside, place))
        painter = QPainter(made)
        painter.fillPath(outside - both, QColor(self._context.theme.colours.surround))
        painter.end()
        return made

    def _alone(self, image: Image, place: Place, frame: Frame) -> QImage:
        made = QImage(int(frame.area[0]), int(frame.area[1]), QImage.Format.Format_RGB32)
        made.fill(QColor("black"))
        painter = QPainter(made)
        self._draw(painter, image, place)
        painter.end()
        # The fourth byte, which means nothing until here, must say that all of it is opaque.
        return made.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

    @override
    def frame_of(self, image: Image) -> Frame:
        frame = super().frame_of(image)
        return Frame(self.ground.size, frame.area) if self.ground is not None else frame

    @override
    def fitted_side(self, image: Image) -> int:
        if self.ground is None or image.id not in self.ground.maps:
            return super().fitted_side(image)
        a, b, _c, d, e, _f = self.ground.maps[image.id]
        scale = self.frame_of(image).fit_scale
        return max(1, math.ceil(scale * max(math.hypot(a, d), math.hypot(b, e))))

    @override
    def zoom_words(self) -> str:
        frame = self.frame()
        if frame is None or self.image is None:
            return ""
        view = self._state.view
        if view.zoom is Zoom.FIT:
            return f"fit {frame.scale(view) * 100:,.0f} %"
        more = "" if self._pictures.has_whole(self.image) else " …"
        return f"{frame.scale(view) * 100:,.0f} %{more}"

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = self._context.theme.colours
        painter.fillRect(self.rect(), QColor(colours.surround))
        image, frame, beside = self.image, self.frame(), self.beside
        if image is None or frame is None or self.ground is None:
            paint_words(painter, self.rect(), self.words, colours.muted)
            return
        if trouble := self._trouble(image):
            paint_words(painter, self.rect(), trouble.reason, colours.warning)
            return
        place = frame.place(self._state.view)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        # A widget may begin between two pixels of a screen of fractional density.
        corner = painter.deviceTransform()
        painter.translate(round(corner.dx()) - corner.dx(), round(corner.dy()) - corner.dy())
        if beside is None:
            self._draw(painter, image, place)
        else:
            painter.drawImage(0, 0, self._difference(image, beside, place, frame))


def _compose(onto: QImage, other: QImage, mode: QPainter.CompositionMode) -> None:
    painter = QPainter(onto)
    painter.setCompositionMode(mode)
    painter.drawImage(0, 0, other)
    painter.end()


def _times(transform: QTransform) -> float:
    """How many device pixels one of the picture's becomes, along its width."""
    return math.hypot(transform.m11(), transform.m12())
