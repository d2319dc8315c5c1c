"""Cells for all pictures that a query finds, of which only those on the screen cost anything."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget
from typing_extensions import override

from curator.core.records import Image
from curator.ui.cell_painter import CellState, paint_cell, picture_side_px
from curator.ui.context import Context
from curator.ui.grid_layout import GridLayout
from curator.ui.thumbnail_provider import ThumbnailProvider

HEADING_PX = 32
SMALLEST_PX, LARGEST_PX, USUAL_PX = 72, 480, 168
Index = QModelIndex | QPersistentModelIndex
AHEAD_MS = 60  # after the last scroll, the neighbourhood is wished for too


class CellsView(QAbstractItemView):
    """Cells whose places are arithmetic; measured against QListView in bench/window.py."""

    cell_changed = Signal(int)  # the size of cells, in pixels

    def __init__(
        self, context: Context, thumbnails: ThumbnailProvider, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._thumbnails = context, thumbnails
        self.cell_px = USUAL_PX
        self._cells = GridLayout(1, self.cell_px, 0)
        self._hovered = -1
        self._side_before = 0
        self._painted: dict[int, tuple[Image, CellState]] = {}  # by row, what is on the screen
        self._ahead = QTimer(self, singleShot=True, interval=AHEAD_MS)
        self._ahead.timeout.connect(self._wish_ahead)
        self._prepare()
        self.setModel(context.model)
        context.selection.changed.connect(self._repaint_changed)
        context.selection.current_changed.connect(self._follow)
        context.theme.changed.connect(self.viewport().update)
        thumbnails.arrived.connect(self._repaint_changed)

    def _prepare(self) -> None:
        self.setAccessibleName("Pictures")
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # -- what others ask for

    def set_cell_px(self, cell_px: int) -> None:
        """Make cells this large; what is in the middle of the screen stays there."""
        cell_px = min(max(cell_px, SMALLEST_PX), LARGEST_PX)
        if cell_px == self.cell_px:
            return
        held = self._context.current_row
        if held < 0 or not self._rect(held).intersects(self.viewport().rect()):
            held = next(iter(self.visible_rows()), -1)
        self._side_before = self._side_px()
        self.cell_px = cell_px
        self.relayout()
        if held >= 0:
            self._scroll_to_row(held)
        self.cell_changed.emit(cell_px)

    def relayout(self) -> None:
        """Work out anew where the cells stand."""
        model = self._context.model
        area = self.viewport()
        self._cells = GridLayout(
            area.width(), self.cell_px, len(model.ids), model.sections, HEADING_PX
        )
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._cells.height_px - area.height()))
        bar.setPageStep(max(1, area.height()))
        bar.setSingleStep(max(1, self.cell_px // 3))
        self._painted.clear()
        area.update()
        self._ahead.start()

    @property
    def columns(self) -> int:
        """How many cells stand side by side."""
        return self._cells.columns

    def visible_rows(self) -> list[int]:
        """The rows that are on the screen."""
        top = self.verticalOffset()
        return list(self._cells.rows_between(top, top + self.viewport().height()))

    # -- places

    def _rect(self, row: int) -> QRect:
        x, y, width, height = self._cells.rect(row)
        return QRect(x, y - self.verticalOffset(), width, height)

    def _row_at(self, point: QPoint) -> int:
        row = self._cells.row_at(point.x(), point.y() + self.verticalOffset())
        return -1 if row is None else row

    def _side_px(self) -> int:
        return picture_side_px(self.cell_px, self.devicePixelRatioF())

    def _scroll_to_row(self, row: int) -> None:
        _x, top, _width, height = self._cells.rect(row)
        bar = self.verticalScrollBar()
        below = top + height - self.viewport().height()
        bar.setValue(min(max(bar.value(), below), top))

    def _follow(self) -> None:
        row = self._context.current_row
        if row >= 0:
            self.setCurrentIndex(self.model().index(row, 0))
            self._scroll_to_row(row)

    # -- painting

    def _wish_visible(self) -> None:
        side = self._side_px()
        seen = [image for row in self.visible_rows() if (image := self._record(row))]
        missing = [image for image in seen if self._thumbnails.get(image, side) is None]
        self._thumbnails.wish("grid", missing, side)

    def _wish_ahead(self) -> None:
        """Once scrolling rests: what is on the screen, then the screens below and above."""
        if not self.isVisible():
            return
        top, height = self.verticalOffset(), self.viewport().height()
        bands = ((top, top + height), (top + height, top + 2 * height), (top - height, top))
        rows = [row for low, high in bands for row in self._cells.rows_between(low, high)]
        images = [image for row in dict.fromkeys(rows) if (image := self._record(row))]
        self._thumbnails.wish("grid", images, self._side_px())

    def _record(self, row: int) -> Image | None:
        return self._context.model.record(row)

    def _state(self, row: int, image: Image, side_px: int) -> CellState:
        selection = self._context.selection
        thumbnail = self._thumbnails.get(image, side_px)
        if thumbnail is None and self._side_before:
            thumbnail = self._thumbnails.get(image, self._side_before)
        return CellState(
            thumbnail,
            len(selection) > 1 and image.id in selection,
            image.id == selection.current,
            row == self._hovered,
            self.hasFocus(),
            tuple(badge.words for badge in self._context.model.badges(image.id)),
        )

    def _repaint_changed(self) -> None:
        """Paint the cells that would look other than they do, and no more."""
        side, before = self._side_px(), self._painted
        self._painted = {}
        for row in self.visible_rows():
            if row not in before:
                continue  # its paint is still to come
            image, state = before[row]
            record = self._record(row)
            if record == image and self._state(row, image, side) == state:
                self._painted[row] = before[row]
            else:
                self.viewport().update(self._rect(row))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colours, side = self._context.theme.colours, self._side_px()
        area, region = event.rect(), event.region()
        top = self.verticalOffset() + area.top()
        lacks = False
        with QPainter(self.viewport()) as painter:
            painter.fillRect(area, QColor(colours.surround))
            for row in self._cells.rows_between(top, top + area.height()):
                rect, image = self._rect(row), self._record(row)
                if image is None or not region.intersects(rect):
                    continue
                state = self._state(row, image, side)
                lacks |= state.thumbnail is None
                paint_cell(painter, rect, image, state, colours)
                self._painted[row] = image, state
            self._paint_headings(painter, top, area.height())
        if lacks:
            self._wish_visible()
            self._ahead.start()

    def _paint_headings(self, painter: QPainter, top: int, height: int) -> None:
        colours = self._context.theme.colours
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        for heading in self._cells.headings_between(top, top + height):
            x, y, width, high = heading.rect
            place = QRect(x + 8, y - self.verticalOffset(), width - 16, high)
            painter.setPen(QColor(colours.text))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(place, flags, f"{heading.title}   {heading.count:,}")

    # -- what QAbstractItemView asks of its kinds

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.relayout()

    @override
    def reset(self) -> None:
        super().reset()
        self._hovered = -1
        self.relayout()

    @override
    def dataChanged(self, top: Index, bottom: Index, roles: object = None) -> None:
        self._repaint_changed()

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._hovered = -1
        self.viewport().scroll(dx, dy)
        self._ahead.start()

    @override
    def visualRect(self, index: Index) -> QRect:
        return self._rect(index.row()) if 0 <= index.row() < self._cells.count else QRect()

    @override
    def scrollTo(self, index: Index, hint: object = None) -> None:
        if 0 <= index.row() < self._cells.count:
            self._scroll_to_row(index.row())

    @override
    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self._row_at(point)
        return self.model().index(row, 0) if row >= 0 else QModelIndex()

    @override
    def moveCursor(self, action: object, modifiers: object) -> QModelIndex:
        return self.currentIndex()  # keys are read in keyPressEvent

    @override
    def horizontalOffset(self) -> int:
        return 0

    @override
    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    @override
    def isIndexHidden(self, index: Index) -> bool:
        return False

    @override
    def setSelection(self, rect: QRect, command: object) -> None:
        """Selecting is the selection's, by id."""

    @override
    def visualRegionForSelection(self, selection: object) -> QRegion:
        return QRegion()
