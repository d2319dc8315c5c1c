"""The values of every axis as lines with bars; Enter or a click shows the pictures."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)
from typing_extensions import override

from curator.core.coverage import Axis, Coverage, Value
from curator.core.readable import percent
from curator.ui.theme import STEP_PX, Theme

QUERY = Qt.ItemDataRole.UserRole
SHARE = Qt.ItemDataRole.UserRole + 1
BAR_PX = 90
Index = QModelIndex | QPersistentModelIndex


class CoverageTree(QTreeWidget):
    """An axis on top of its values; what was folded stays folded."""

    wanted = Signal(str)  # a query

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: list[tuple[str, QTreeWidgetItem]] = []
        self.setAccessibleName("Coverage")
        self.setColumnCount(3)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(3 * STEP_PX)
        self.setItemDelegateForColumn(2, _Bars(theme, self))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(2, BAR_PX)
        self.itemClicked.connect(self._ask)
        self.itemActivated.connect(self._ask)

    def show_coverage(self, coverage: Coverage, is_weighted: bool) -> None:
        """Show it; the line that the keyboard is at stays where it is."""
        folded = {top.text(0) for top in self._tops() if not top.isExpanded()}
        current = self.currentItem()
        at = current.data(0, QUERY) if current is not None else None
        self.clear()
        self._lines.clear()
        for axis in coverage.axes:
            self._add_axis(coverage, axis, is_weighted).setExpanded(axis.title not in folded)
        for _title, item in self._lines:
            if at and item.data(0, QUERY) == at:
                self.setCurrentItem(item)

    def _add_axis(self, coverage: Coverage, axis: Axis, is_weighted: bool) -> QTreeWidgetItem:
        top = QTreeWidgetItem(self, [axis.title])
        top.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = self.font()
        font.setBold(True)
        top.setFont(0, font)
        for value in axis.values:
            share = coverage.share(axis, value, is_weighted)
            is_gap = value.name in axis.wanted and not value.ids
            self._add(top, value, coverage.number(value.ids, is_weighted), share, is_gap)
        number = coverage.number(axis.untagged.ids, is_weighted)
        of_all = number / max(1, coverage.number(coverage.all_ids, is_weighted))
        none = self._add(top, axis.untagged, number, 0.0, is_gap=False)
        none.setText(0, f"{axis.untagged.name}, {percent(of_all)}")
        none.setForeground(0, QBrush(QColor(self._theme.colours.muted)))
        return top

    def _add(
        self, top: QTreeWidgetItem, value: Value, number: int, share: float, is_gap: bool
    ) -> QTreeWidgetItem:
        item = QTreeWidgetItem(top, [value.name, f"{number:,}"])
        self._lines.append((top.text(0), item))
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
        item.setData(0, QUERY, value.query if value.ids else "")
        item.setData(2, SHARE, share)
        item.setToolTip(2, f"{percent(share)} of those with a tag of it")
        if is_gap:
            for column in (0, 1):
                item.setForeground(column, QBrush(QColor(self._theme.colours.warning)))
            item.setText(0, f"{value.name}: a gap")
        return item

    def _tops(self) -> list[QTreeWidgetItem]:
        tops = (self.topLevelItem(at) for at in range(self.topLevelItemCount()))
        return [top for top in tops if top is not None]

    def line(self, title: str, name: str) -> QTreeWidgetItem | None:
        """The line of a value of an axis."""
        return next((item for of, item in self._lines if of == title and _is(item, name)), None)

    def _ask(self, item: QTreeWidgetItem) -> None:
        query = item.data(0, QUERY)
        if query:
            self.wanted.emit(query)


def _is(item: QTreeWidgetItem, name: str) -> bool:
    return item.text(0) == name or item.text(0).startswith(f"{name}:")


class _Bars(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: CoverageTree) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        share = index.data(SHARE)
        if share:
            room = option.rect.adjusted(2 * STEP_PX, 5, -STEP_PX, -5)
            painter.fillRect(room, QColor(self._theme.colours.line))
            full = QRect(room)
            full.setWidth(max(1, round(room.width() * min(1.0, share))))
            painter.fillRect(full, QColor(self._theme.colours.muted))
