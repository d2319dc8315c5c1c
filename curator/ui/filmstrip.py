"""One line of small pictures around the current one."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from curator.core.records import Image
from curator.ui.cell_painter import CellState, paint_cell, picture_side_px
from curator.ui.context import Context
from curator.ui.grid_layout import StripLayout
from curator.ui.thumbnail_provider import ThumbnailProvider

HEIGHT_PX = 84


class Filmstrip(QWidget):
    """Keeps the current picture in the middle; a click goes to another, the wheel looks around."""

    def __init__(self, context: Context, thumbnails: ThumbnailProvider) -> None:
        super().__init__()
        self._context, self._thumbnails = context, thumbnails
        self._cells = StripLayout(HEIGHT_PX, 0)
        self._row = -1
        self._left = 0  # of what is seen, from the first cell
        self.setFixedHeight(HEIGHT_PX)
        self.setAccessibleName("Filmstrip")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        context.selection.current_changed.connect(self._follow)
        context.model.modelReset.connect(self._follow)
        context.model.dataChanged.connect(lambda _top, _bottom: self.update())
        context.theme.changed.connect(self.update)
        thumbnails.arrived.connect(self.update)

    def rect_of(self, row: int) -> QRect:
        """Where a row's cell stands."""
        x, y, width, height = self._cells.rect(row)
        return QRect(x - self._left, y, width, height)

    def _follow(self) -> None:
        self._cells = StripLayout(HEIGHT_PX, len(self._context.model.ids))
        self._row = self._context.current_row
        x, _y, width, _height = self._cells.rect(max(0, self._row))
        self._look_at(x + width // 2 - self.width() // 2)

    def _look_at(self, left: int) -> None:
        """Show from here on; a strip shorter than the widget stands in the middle."""
        beyond = self._cells.width_px - self.width()
        self._left = beyond // 2 if beyond < 0 else min(max(left, 0), beyond)
        self.update()

    def _record(self, row: int) -> Image | None:
        return self._context.model.record(row)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = self._context.theme.colours
        painter.fillRect(self.rect(), QColor(colours.surround))
        side = picture_side_px(self._cells.cell_px, self.devicePixelRatioF())
        missing = []
        for row in self._cells.rows_across(self._left, self._left + self.width()):
            image = self._record(row)
            if image is None:
                continue
            thumbnail = self._thumbnails.get(image, side)
            if thumbnail is None:
                missing.append(image)
            state = CellState(thumbnail, False, row == self._row, False)
            paint_cell(painter, self.rect_of(row), image, state, colours)
        if missing:
            self._thumbnails.wish("strip", missing, side)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._cells.row_at(int(event.position().x()) + self._left, 0)
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self._context.selection.go_to(self._context.model.ids[row])

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        self._look_at(self._left - (turned.y() or turned.x()))
        event.accept()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._follow()
