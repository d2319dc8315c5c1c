"""The grid: cells that keys and the mouse move through, select, rate and drag."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from curator.ui.cell_painter import button_at
from curator.ui.cells_view import CellsView
from curator.ui.context import Context
from curator.ui.picture_drag import start_drag
from curator.ui.thumbnail_provider import ThumbnailProvider

DRAG_PX = 10
WHEEL_PX = 16  # a cell's growth at one step of the wheel with Ctrl


class Grid(CellsView):
    """What the person does to cells; what it means is decided by whoever listens."""

    opened = Signal(int)  # an image id, to be seen large
    rated = Signal(int, str)  # an image id and a judgement, by the buttons of its cell
    menu_asked = Signal(QPoint)  # global

    def __init__(
        self, context: Context, thumbnails: ThumbnailProvider, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, thumbnails, parent)
        self._pressed_at: QPoint | None = None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._target(event.key())
        if row is None:
            event.ignore()
            return
        event.accept()
        if row >= 0:
            self._arrive(row, event.modifiers())

    def _target(self, key: int) -> int | None:
        """The row a key leads to; None for a key that leads nowhere."""
        row, cells = self._context.current_row, self._cells
        page = max(1, self.viewport().height() // self.cell_px)
        moves: dict[int, Callable[[], int]] = {
            Qt.Key.Key_Left: lambda: row - 1,
            Qt.Key.Key_Right: lambda: row + 1,
            Qt.Key.Key_Up: lambda: cells.above(row),
            Qt.Key.Key_Down: lambda: cells.below(row),
            Qt.Key.Key_PageUp: lambda: cells.above(row, page),
            Qt.Key.Key_PageDown: lambda: cells.below(row, page),
            Qt.Key.Key_Home: lambda: 0,
            Qt.Key.Key_End: lambda: cells.count - 1,
        }
        move = moves.get(key)
        if move is None:
            return None
        if not cells.count:
            return -1
        return min(max(0 if row < 0 else move(), 0), cells.count - 1)

    def _arrive(self, row: int, modifiers: Qt.KeyboardModifier) -> None:
        selection, ids = self._context.selection, self._context.model.ids
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            anchor = self._context.model.row_of(selection.anchor)
            first, last = sorted((anchor if anchor >= 0 else row, row))
            selection.choose(ids[first : last + 1], ids[row])
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            selection.point_at(ids[row])
        else:
            selection.go_to(ids[row])

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        row = self._row_at(point)
        self._pressed_at = point if event.button() == Qt.MouseButton.LeftButton else None
        if row < 0:
            return
        image_id = self._context.model.ids[row]
        word = button_at(self._rect(row), point) if self._pressed_at else None
        if word is not None:
            self._pressed_at = None
            self.rated.emit(image_id, word)
            return
        selection = self._context.selection
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            selection.toggle(image_id)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._arrive(row, event.modifiers())
        elif image_id in selection and len(selection) > 1:
            selection.point_at(image_id)  # many may be about to be dragged
        else:
            selection.go_to(image_id)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().toPoint())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if self._pressed_at is not None and plain and row >= 0:
            self._context.selection.go_to(self._context.model.ids[row])
        self._pressed_at = None

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        self._hover(self._row_at(point))
        if self._pressed_at is not None and (point - self._pressed_at).manhattanLength() > DRAG_PX:
            self._pressed_at = None
            start_drag(self, self._context)

    def _hover(self, row: int) -> None:
        if row == self._hovered:
            return
        for old in (self._hovered, row):
            if 0 <= old < self._cells.count:
                self.viewport().update(self._rect(old))
        self._hovered = row

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().toPoint())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self._context.model.ids[row])

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_cell_px(self.cell_px + (WHEEL_PX if event.angleDelta().y() > 0 else -WHEEL_PX))
            event.accept()
        else:
            super().wheelEvent(event)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)
