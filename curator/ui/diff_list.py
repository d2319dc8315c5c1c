"""What would become of each caption, a line per picture that can be unticked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QTableView,
)
from typing_extensions import override

from curator.core.caption_diffs import CaptionDiff
from curator.core.caption_marks import changed_only, marks_of
from curator.core.records import Image
from curator.ui.context import Context
from curator.ui.mark_painting import paint_marks, spoken
from curator.ui.theme import STEP_PX
from curator.ui.thumbnail_provider import ThumbnailProvider

SIDE_PX = 40
LINE = Qt.ItemDataRole.UserRole
ONLY_SPACES = "only white space changes"
WHO = "diffs"
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One picture, and what would become of its caption."""

    image: Image
    diff: CaptionDiff


class DiffModel(QAbstractTableModel):
    """The lines; those whose picture is left out are not ticked."""

    left_out_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.images: Sequence[Image] = ()
        self.changes: Sequence[CaptionDiff] = ()
        self.left_out: set[int] = set()

    def fill(self, images: Sequence[Image], changes: Sequence[CaptionDiff]) -> None:
        """Show these, in one order."""
        self.beginResetModel()
        self.images, self.changes = images, changes
        self.endResetModel()

    def line(self, row: int) -> DiffLine:
        """What a row shows."""
        return DiffLine(self.images[row], self.changes[row])

    def tick(self, rows: Iterable[int], is_ticked: bool) -> None:
        """Take pictures in, or leave them out."""
        ids = {self.images[row].id for row in rows}
        self.left_out = self.left_out - ids if is_ticked else self.left_out | ids
        last = self.index(len(self.images) - 1, 0)
        self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.CheckStateRole])
        self.left_out_changed.emit()

    def is_ticked(self, row: int) -> bool:
        """Whether a line's picture is changed."""
        return self.images[row].id not in self.left_out

    def wanted(self) -> list[CaptionDiff]:
        """The changes of the pictures that are ticked."""
        out = self.left_out
        return [one for one in self.changes if one.image_id not in out] if out else [*self.changes]

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.images)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 1

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.line(index.row())
        if role == LINE:
            return line
        if role == Qt.ItemDataRole.CheckStateRole:
            ticked = self.is_ticked(index.row())
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DisplayRole:
            return line.image.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = "ticked" if self.is_ticked(index.row()) else "left out"
            changes = spoken(changed_only(marks_of(line.diff))) or ONLY_SPACES
            return f"{line.image.name}, {state}, {changes}"
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable


class DiffView(QTableView):
    """Thousands of lines of one height; Space ticks what is selected."""

    current_changed = Signal()

    def __init__(self, context: Context, thumbnails: ThumbnailProvider) -> None:
        super().__init__()
        self.diffs = DiffModel()
        self.setModel(self.diffs)
        self._context, self._thumbnails = context, thumbnails
        self.setAccessibleName("Captions that would change")
        self.setItemDelegate(_DiffDelegate(self, context))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self._fit_rows()
        self.selectionModel().currentChanged.connect(self.current_changed)
        self.diffs.modelReset.connect(self.current_changed)
        thumbnails.arrived.connect(self.viewport().update)
        context.theme.changed.connect(self.viewport().update)

    def _fit_rows(self) -> None:
        height = max(SIDE_PX, 2 * self.fontMetrics().height() + STEP_PX) + 2 * STEP_PX
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)

    def fill(self, images: Sequence[Image], changes: Sequence[CaptionDiff]) -> None:
        """Show these; what was left out stays so, and so does the line that was looked at."""
        row, top = self.currentIndex().row(), self.verticalScrollBar().value()
        self.diffs.fill(images, changes)
        if images:
            self.setCurrentIndex(self.diffs.index(min(max(row, 0), len(images) - 1), 0))
            self.verticalScrollBar().setValue(top)

    def current(self) -> DiffLine | None:
        """The line that the keyboard is at."""
        row = self.currentIndex().row()
        return self.diffs.line(row) if 0 <= row < len(self.diffs.images) else None

    def small_picture(self, image: Image) -> QPixmap | None:
        """Its thumbnail, as far as there is one."""
        found = self._thumbnails.get(image, self._side_px())
        return found if isinstance(found, QPixmap) else None

    def _side_px(self) -> int:
        return round(SIDE_PX * self.devicePixelRatioF())

    def _toggle(self, row: int) -> None:
        """Tick a line or not; where several are selected and it is among them, all alike."""
        rows = {index.row() for index in self.selectedIndexes()}
        self.diffs.tick(rows if row in rows else {row}, not self.diffs.is_ticked(row))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0:
            return
        last = last if last >= 0 else len(self.diffs.images) - 1
        seen, side = self.diffs.images[first : last + 1], self._side_px()
        missing = [image for image in seen if self._thumbnails.get(image, side) is None]
        if missing:
            self._thumbnails.wish(WHO, missing, side)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.position().x() < tick_rect(self.visualRect(index)).right():
            self._toggle(index.row())
            return
        super().mousePressEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._toggle(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_rows()


def tick_rect(line: QRect) -> QRect:
    """Where the box of a line stands."""
    side = 5 * STEP_PX
    box = QRect(line.left() + STEP_PX, 0, side, side)
    box.moveTop(line.center().y() - side // 2)
    return box


class _DiffDelegate(QStyledItemDelegate):
    def __init__(self, view: DiffView, context: Context) -> None:
        super().__init__(view)
        self._view, self._context = view, context

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        line: DiffLine = index.data(LINE)
        colours = self._context.theme.colours
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(colours.panel))
            mark = QRect(option.rect)
            mark.setWidth(STEP_PX - 1)
            painter.fillRect(mark, QColor(colours.accent))
        is_ticked = self._view.diffs.is_ticked(index.row())
        self._paint_tick(painter, option, is_ticked)
        painter.setOpacity(1.0 if is_ticked else 0.5)
        room = option.rect.adjusted(tick_rect(option.rect).right() + STEP_PX, STEP_PX, 0, -STEP_PX)
        self._paint_picture(painter, room, line.image)
        words = room.adjusted(SIDE_PX + 2 * STEP_PX, 0, -2 * STEP_PX, 0)
        self._paint_words(painter, words, line)
        painter.restore()

    def _paint_tick(self, painter: QPainter, option: QStyleOptionViewItem, on: bool) -> None:
        box = QStyleOptionButton()
        box.rect = tick_rect(option.rect)
        box.state = QStyle.StateFlag.State_Enabled
        box.state |= QStyle.StateFlag.State_On if on else QStyle.StateFlag.State_Off
        style = self._view.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, box, painter, self._view)

    def _paint_picture(self, painter: QPainter, room: QRect, image: Image) -> None:
        box = QRect(room.left(), 0, SIDE_PX, SIDE_PX)
        box.moveTop(room.center().y() - SIDE_PX // 2)
        picture = self._view.small_picture(image)
        if picture is None:
            painter.fillRect(box, QColor(self._context.theme.colours.surround))
            return
        fitted = picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(QPoint(0, 0), fitted)
        place.moveCenter(box.center())
        painter.drawPixmap(place, picture)

    def _paint_words(self, painter: QPainter, room: QRect, line: DiffLine) -> None:
        colours, font = self._context.theme.colours, self._view.font()
        height = self._view.fontMetrics().height()
        upper = QRect(room.left(), room.center().y() - height, room.width(), height)
        lower = upper.translated(0, height + STEP_PX // 2)
        painter.setFont(font)
        painter.setPen(QColor(colours.muted))
        how = Qt.TextElideMode.ElideMiddle
        name = painter.fontMetrics().elidedText(line.image.name, how, upper.width())
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        changes = changed_only(marks_of(line.diff))
        if changes:
            paint_marks(painter, lower, changes, colours, font)
        else:
            painter.drawText(lower, Qt.AlignmentFlag.AlignLeft, ONLY_SPACES)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(SIDE_PX, SIDE_PX + 2 * STEP_PX)
