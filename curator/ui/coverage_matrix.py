"""Two axes crossed: how many pictures have both values; the more, the stronger the cell."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from typing_extensions import override

from curator.core.coverage import Axis, Coverage
from curator.ui.theme import STEP_PX, Theme

QUERY = Qt.ItemDataRole.UserRole
CELL_PX = 40
STRONGEST = 0.55  # opacity of the largest number's cell
HEADER_LETTERS = 14


class CoverageMatrix(QTableWidget):
    """Enter or a click on a cell shows its pictures."""

    wanted = Signal(str)  # a query

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Two axes crossed")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setHorizontalHeader(_UprightHeader(self))
        self.horizontalHeader().setDefaultSectionSize(CELL_PX)
        self.horizontalHeader().setMinimumSectionSize(CELL_PX // 2)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 2 * STEP_PX)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.itemClicked.connect(self._ask)
        self.itemActivated.connect(self._ask)

    def show_crossed(
        self, coverage: Coverage, rows: Axis, columns: Axis, is_weighted: bool
    ) -> None:
        """Cross two axes."""
        numbers = coverage.matrix(rows, columns, is_weighted)
        most = max((number for line in numbers for number in line), default=0)
        self.clear()
        self.setRowCount(len(rows.values))
        self.setColumnCount(len(columns.values))
        self.setVerticalHeaderLabels([value.name for value in rows.values])
        self.setHorizontalHeaderLabels([value.name for value in columns.values])
        for at, row in enumerate(rows.values):
            for column, value in enumerate(columns.values):
                number = numbers[at][column]
                item = QTableWidgetItem(f"{number:,}" if number else "")
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                item.setToolTip(f"{row.name}, {value.name}: {number:,}")
                item.setData(Qt.ItemDataRole.AccessibleTextRole, item.toolTip())
                item.setBackground(self._ground(number / most if most else 0.0))
                item.setData(QUERY, f"{row.query} {value.query}" if number else "")
                self.setItem(at, column, item)

    def _ground(self, strength: float) -> QBrush:
        colour = QColor(self._theme.colours.accent)
        colour.setAlphaF(STRONGEST * strength)
        return QBrush(colour) if strength else QBrush()

    def _ask(self, item: QTableWidgetItem) -> None:
        if query := item.data(QUERY):
            self.wanted.emit(query)


class _UprightHeader(QHeaderView):
    """Column titles from bottom to top, for the columns are narrow."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    @override
    def sizeHint(self) -> QSize:
        height = self.fontMetrics().averageCharWidth() * HEADER_LETTERS + 2 * STEP_PX
        return QSize(super().sizeHint().width(), height)

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        text = str(self.model().headerData(logical_index, Qt.Orientation.Horizontal) or "")
        painter.save()
        painter.fillRect(rect, self.palette().window())
        painter.setPen(self.palette().windowText().color())
        painter.translate(rect.left(), rect.bottom())
        painter.rotate(-90)
        place = QRect(STEP_PX, 0, rect.height() - 2 * STEP_PX, rect.width())
        how = Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(text, how, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()
