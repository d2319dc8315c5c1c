"""The list of sets: two lines each, onto which pictures and files can be dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

from curator.core.readable import count
from curator.core.records import ImageSet
from curator.ui.picture_drag import IDS_MIME, dragged_ids
from curator.ui.start_page import dropped_paths
from curator.ui.theme import STEP_PX, Theme

ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class SetRow:
    """A set and how many pictures it has."""

    set: ImageSet
    pictures: int

    def about(self) -> str:
        """The second line: its kind, and what it has of its own."""
        repeats = f"{self.set.repeats}x" if self.set.repeats else ""
        parts = (str(self.set.kind), repeats, self.set.trigger)
        return " · ".join(part for part in parts if part)

    def spoken(self) -> str:
        """The row for screen readers."""
        repeats = f", {count(self.set.repeats, 'repeat')}" if self.set.repeats else ""
        return f"{self.set.name}, {self.set.kind}, {count(self.pictures, 'picture')}{repeats}"


class SetList(QListWidget):
    """Chooses one set; what is dropped is emitted with the set's id."""

    ids_dropped = Signal(list, int)  # of pictures in the project
    files_dropped = Signal(list, int)  # paths from other programs
    menu_asked = Signal(QPoint)  # global

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.over_row = -1  # a drag is over
        self.setAccessibleName("Sets")
        self.setAcceptDrops(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(4 * self.fontMetrics().height() + 5 * STEP_PX)
        self.setItemDelegate(_TwoLines(self))
        theme.changed.connect(self.viewport().update)

    def fill(self, rows: Sequence[SetRow], chosen_id: int | None) -> None:
        """Show these sets; the chosen one stays chosen if it is among them."""
        self.blockSignals(True)
        self.clear()
        for row in rows:
            item = QListWidgetItem(row.set.name)
            _give(item, row)
            self.addItem(item)
            if row.set.id == chosen_id:
                self.setCurrentItem(item)
        self.blockSignals(False)

    def rows(self) -> list[SetRow]:
        """What is shown."""
        return [self.item(at).data(ROW) for at in range(self.count())]

    def chosen(self) -> SetRow | None:
        """The row that is chosen."""
        items = self.selectedItems()
        return items[0].data(ROW) if items else None

    def set_of(self, set_id: int) -> ImageSet | None:
        """The set with this id."""
        return next((row.set for row in self.rows() if row.set.id == set_id), None)

    def replace(self, changed: ImageSet) -> None:
        """Show a set as it will be."""
        for at, row in enumerate(self.rows()):
            if row.set.id == changed.id:
                _give(self.item(at), replaced(row, set=changed))

    def _hover(self, row: int) -> None:
        self.over_row = row
        self.viewport().update()

    def _row_under(self, event: QDropEvent) -> int:
        return self.indexAt(event.position().toPoint()).row()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if data.hasFormat(IDS_MIME) or dropped_paths(data):
            event.acceptProposedAction()

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._hover(self._row_under(event))
        event.setAccepted(self.over_row >= 0)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hover(-1)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        at = self._row_under(event)
        self._hover(-1)
        if at < 0:
            return
        event.acceptProposedAction()
        set_id = self.item(at).data(ROW).set.id
        ids = dragged_ids(event.mimeData())
        if ids:
            self.ids_dropped.emit(ids, set_id)
        else:
            self.files_dropped.emit(dropped_paths(event.mimeData()), set_id)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.selectedItems():
            self.menu_asked.emit(event.globalPos())

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()


def _give(item: QListWidgetItem, row: SetRow) -> None:
    item.setData(ROW, row)
    item.setText(row.set.name)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken())
    item.setToolTip(row.spoken())


class _TwoLines(QStyledItemDelegate):
    def __init__(self, view: SetList) -> None:
        super().__init__(view)
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, 2 * self._view.fontMetrics().height() + 2 * STEP_PX)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        view, row = self._view, index.data(ROW)
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        colours = view.theme.colours
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        upper = option.rect.adjusted(2 * STEP_PX, STEP_PX // 2, -2 * STEP_PX, 0)
        upper.setHeight(view.fontMetrics().height())
        lower = QRect(upper)
        lower.moveTop(upper.bottom() + STEP_PX)
        number = f"{row.pictures:,}"
        text = colours.on_accent if is_chosen else colours.text
        muted = colours.on_accent if is_chosen else colours.muted
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.save()
        painter.setPen(QColor(text))
        painter.drawText(upper, right, number)
        upper.setRight(upper.right() - view.fontMetrics().horizontalAdvance(number) - STEP_PX)
        _draw_elided(painter, upper, row.set.name)
        painter.setPen(QColor(muted))
        _draw_elided(painter, lower, row.about())
        if index.row() == view.over_row:
            painter.setPen(QColor(colours.accent))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
        painter.restore()


def _draw_elided(painter: QPainter, rect: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(rect, flags, shown)
