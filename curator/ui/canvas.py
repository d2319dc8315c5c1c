"""One picture, whole or a part of it, that the mouse moves and makes larger."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from curator.core.records import Image
from curator.core.shown_size import shown_size
from curator.ui import rating_marks
from curator.ui.context import Context
from curator.ui.image_model import judgement
from curator.ui.lost_painter import paint_lost
from curator.ui.mask_veil import paint_veil
from curator.ui.picture_painter import paint_picture, paint_words, seen_rect, target_rect
from curator.ui.picture_provider import PictureProvider
from curator.ui.rating_marks import chip_mark
from curator.ui.thumbnail_provider import Broken, ThumbnailProvider
from curator.ui.view_state import Frame, Pair, ViewState, Zoom

MARK_PX = 32
WHEEL_STEP = 120  # what a notch of the wheel says
WHEEL_FACTOR = 1.2
KEY_FACTOR = 1.5


class Canvas(QWidget):
    """Draws the best of a picture that is there; several canvases may share a view."""

    pressed = Signal()
    double_clicked = Signal()
    hovered = Signal(bool)  # the mouse moves over it, or leaves
    resized = Signal()

    def __init__(
        self,
        context: Context,
        pictures: PictureProvider,
        thumbnails: ThumbnailProvider,
        state: ViewState,
    ) -> None:
        super().__init__()
        self._context, self._pictures, self._thumbnails = context, pictures, thumbnails
        self._state = state
        self._dragged_from: QPointF | None = None
        self.image: Image | None = None
        self.shows_lost = True  # what is cropped away on the way into the bucket, if so wished
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setMinimumSize(80, 80)
        state.changed.connect(self._show_view)
        pictures.arrived.connect(self.update)
        thumbnails.arrived.connect(self._thumbnail_came)
        context.theme.changed.connect(self.update)
        context.eye.changed.connect(self.update)

    def show_image(self, image: Image | None) -> None:
        """Show another picture, the same part of it as of the last."""
        self.image = image
        self._show_view()

    # -- what is seen

    def frame(self) -> Frame | None:
        """The picture in this widget, None where there is none."""
        return self.frame_of(self.image) if self.image is not None else None

    def frame_of(self, image: Image) -> Frame:
        """A picture in this widget, in device pixels."""
        ratio = self.devicePixelRatioF()
        area = max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))
        return Frame(shown_size(image), area)

    def fitted_side(self, image: Image) -> int:
        """The longer side of a picture shown whole here, in device pixels."""
        return max(1, round(max(shown_size(image)) * self.frame_of(image).fit_scale))

    @property
    def is_enlarged(self) -> bool:
        """Whether more of the picture's pixels are wanted than showing it whole takes."""
        frame = self.frame()
        return frame is not None and frame.scale(self._state.view) > frame.fit_scale * 1.01

    def zoom_words(self) -> str:
        """How large the picture is shown."""
        frame = self.frame()
        if frame is None or self.image is None:
            return ""
        view, scale = self._state.view, frame.scale(self._state.view)
        fit = "fit " if view.zoom is Zoom.FIT else ""
        words = f"{fit}{scale * 100:,.0f} %"
        levels = self._pictures.get(self.image)
        if fit or not levels or levels[-1].width() >= frame.picture[0]:
            return words
        if not self._pictures.has_whole(self.image):
            return f"{words} …"
        return f"{words} (memory holds {levels[-1].width() / frame.picture[0] * 100:.0f} %)"

    # -- zooming by keys

    def zoom_actual(self) -> None:
        """In its own pixels, at the mouse if it is here; or whole again."""
        if frame := self.frame():
            self._state.set(frame.toggled(self._state.view, self._mouse()))

    def zoom_by(self, steps: int) -> None:
        """Larger or smaller by steps."""
        if frame := self.frame():
            self._state.set(frame.zoomed(self._state.view, KEY_FACTOR**steps, self._mouse()))

    def _mouse(self) -> Pair | None:
        """Where the mouse is, in device pixels; None where it is elsewhere."""
        point = self.mapFromGlobal(QPointF(QCursor.pos()))
        return self._device(point) if self.rect().contains(point.toPoint()) else None

    def _device(self, point: QPointF) -> Pair:
        ratio = self.devicePixelRatioF()
        return point.x() * ratio, point.y() * ratio

    # -- painting

    def _show_view(self) -> None:
        self._set_hand()
        self.update()

    def _thumbnail_came(self) -> None:
        if self.image is not None and not self._pictures.get(self.image):
            self.update()

    def _levels(self, image: Image) -> tuple[QImage, ...]:
        """The picture in the sizes that there are, else its thumbnail."""
        levels = self._pictures.get(image)
        if levels:
            return levels
        thumbnail = self._thumbnails.any_size(image)
        return (thumbnail.toImage(),) if thumbnail is not None else ()

    def _trouble(self, image: Image) -> Broken | None:
        return None if self._pictures.get(image) else self._pictures.trouble(image)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = self._context.theme.colours
        painter.fillRect(self.rect(), QColor(colours.surround))
        image, frame = self.image, self.frame()
        if image is None or frame is None:
            return
        if trouble := self._trouble(image):
            paint_words(painter, self.rect(), trouble.reason, colours.warning)
            self._paint_mark(painter, self.rect(), image)
            return
        seen = seen_rect(frame, frame.place(self._state.view))
        ratio = self.devicePixelRatioF()
        levels = self._levels(image)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        # A widget may begin between two pixels of a screen of fractional density.
        at = painter.deviceTransform()
        painter.translate(round(at.dx()) - at.dx(), round(at.dy()) - at.dy())
        if levels:
            paint_picture(painter, levels, frame, self._state.view, colours)
            if self._state.shows_masks:
                place = frame.place(self._state.view)
                paint_veil(painter, image, frame, place, colours.warning)
        else:
            painter.fillRect(seen, QColor(colours.panel))
        self._paint_lost(painter, image, frame)
        painter.restore()
        on_screen = QRect(seen.topLeft() / ratio, seen.size() / ratio)
        self._paint_mark(painter, on_screen, image)

    def _paint_lost(self, painter: QPainter, image: Image, frame: Frame) -> None:
        eye, colours = self._context.eye, self._context.theme.colours
        if eye.is_open and self.shows_lost:
            target = target_rect(frame, frame.place(self._state.view))
            paint_lost(painter, target, shown_size(image), eye.fit(image), colours)

    def _paint_mark(self, painter: QPainter, seen: QRect, image: Image) -> None:
        word = judgement(image)
        if word != rating_marks.UNRATED:
            at = seen.bottomLeft() + QPoint(8, -MARK_PX - 7)
            painter.drawPixmap(at, chip_mark(word, MARK_PX, self.devicePixelRatioF()))

    # -- the mouse

    def _set_hand(self) -> None:
        if self._dragged_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.is_enlarged:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._dragged_from = event.position()
            if self.is_enlarged:
                self._set_hand()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(True)
        frame = self.frame()
        if self._dragged_from is None or frame is None:
            return
        by = self._device(event.position() - self._dragged_from)
        self._dragged_from = event.position()
        self._state.set(frame.panned(self._state.view, by))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self._set_hand()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = WHEEL_FACTOR ** (event.angleDelta().y() / WHEEL_STEP)
        if frame := self.frame():
            at = self._device(event.position())
            self._state.set(frame.zoomed(self._state.view, factor, at))
        event.accept()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(False)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._set_hand()
        self.resized.emit()
