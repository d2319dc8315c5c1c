"""Where a tool draws: over the picture, with the mouse of the canvas below it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from curator.ui.canvas import WHEEL_STEP, Canvas
from curator.ui.context import Context
from curator.ui.picture_painter import checker, target_rect
from curator.ui.tools.crop_painting import paint_label
from curator.ui.tools.previewer import Previewer
from curator.ui.tools.tool import Sheet, Tool
from curator.ui.view_state import Frame, Pair, View, ViewState

COMPUTING = "computing …"
DRAWING = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)


class Stage(QWidget):
    """Covers a canvas; shows what the tool makes in place of what the canvas shows."""

    def __init__(
        self, context: Context, canvas: Canvas, state: ViewState, previewer: Previewer
    ) -> None:
        super().__init__(canvas)
        self._context, self._canvas, self._state = context, canvas, state
        self._previewer = previewer
        self.tool: Tool | None = None
        self._is_down = False
        self.is_before = False  # while the person wants to see the picture without the step
        self.setMouseTracking(True)
        canvas.resized.connect(self._cover)
        state.changed.connect(self.update)
        previewer.arrived.connect(self.update)
        context.theme.changed.connect(self.update)

    def take(self, tool: Tool | None) -> None:
        """Draw with another tool."""
        if self.tool is not None:
            self.tool.moved.disconnect(self.update)
        self.tool, self.is_before, self._is_down = tool, False, False
        if tool is not None:
            tool.moved.connect(self.update)
        self._cover()
        self.setVisible(tool is not None)

    def show_before(self, is_before: bool) -> None:
        """Show the picture without what the tool does, as long as so wished."""
        if is_before != self.is_before:
            self.is_before = is_before
            self.update()

    def _cover(self) -> None:
        self.setGeometry(self._canvas.rect())

    # -- where things are

    @property
    def _is_after(self) -> bool:
        """Whether what the tool makes stands in a frame of its own."""
        tool = self.tool
        is_there = self._previewer.image is not None and not self.is_before
        return tool is not None and tool.is_shown_after and is_there

    def frame(self) -> Frame | None:
        """The frame in which the tool draws, in device pixels."""
        tool, image = self.tool, self._canvas.image
        if tool is None or tool.ground is None or image is None:
            return None
        if not self._is_after:
            return self._canvas.frame_of(image)
        step = self._previewer.shown
        size = step.size_after(tool.ground.size) if step is not None else tool.ground.size
        return Frame(size, self._canvas.frame_of(image).area)

    @property
    def _view(self) -> View:
        return View() if self._is_after else self._state.view

    def sheet(self) -> Sheet | None:
        """Where the tool draws."""
        frame = self.frame()
        if frame is None:
            return None
        place = frame.place(self._view)
        return Sheet(place, self.devicePixelRatioF(), self._context.theme.colours)

    def on_screen(self, at: Pair) -> QPointF:
        """Where a pixel of the picture is seen in this widget."""
        sheet = self.sheet()
        assert sheet is not None
        place, density = sheet.place, sheet.density
        return QPointF(
            (place.left + at[0] * place.scale) / density,
            (place.top + at[1] * place.scale) / density,
        )

    def _at(self, point: QPointF, sheet: Sheet) -> Pair:
        return sheet.place.point((point.x() * sheet.density, point.y() * sheet.density))

    # -- what is seen

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        sheet, frame, tool = self.sheet(), self.frame(), self.tool
        if sheet is None or frame is None or tool is None or self.is_before:
            return
        painter = QPainter(self)
        painter.save()
        painter.scale(1 / sheet.density, 1 / sheet.density)
        image = self._previewer.image
        if image is not None and tool.has_preview:
            target = target_rect(frame, sheet.place)
            if self._is_after:
                painter.fillRect(QRectF(0, 0, *frame.area), QColor(sheet.colours.surround))
            if image.hasAlphaChannel():
                painter.fillRect(target, checker(sheet.colours))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, image)
        tool.paint(painter, sheet)
        painter.restore()
        if self._previewer.is_late:
            single = Sheet(sheet.place, 1.0, sheet.colours)
            paint_label(painter, single, QPointF(12, 12), COMPUTING)

    # -- the mouse

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        sheet, tool = self.sheet(), self.tool
        if sheet is None or tool is None or event.button() not in DRAWING or self.is_before:
            event.ignore()  # the canvas moves the picture by the middle button
            return
        self._canvas.pressed.emit()
        self._is_down = True
        scale = sheet.place.scale / sheet.density
        at = self._at(event.position(), sheet)
        tool.press(at, event.modifiers(), event.button(), scale)
        self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        sheet, tool = self.sheet(), self.tool
        if sheet is None or tool is None:
            event.ignore()
            return
        at = self._at(event.position(), sheet)
        if self._is_down:
            tool.drag(at, event.modifiers())
        else:
            self.setCursor(tool.hover(at, sheet.place.scale / sheet.density))
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.tool is None or not self._is_down:
            event.ignore()
            return
        self._is_down = False
        self.tool.release()
        self.update()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = (event.angleDelta().y() or event.angleDelta().x()) / WHEEL_STEP
        if self.tool is None or not self.tool.wheel(notches, event.modifiers()):
            event.ignore()  # the canvas zooms
        else:
            self.update()
            event.accept()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        if self.tool is not None:
            self.tool.hover(None, 1.0)
            self.update()
