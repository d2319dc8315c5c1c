"""Lists of lines with a quiet word at their right: a number, a time, an example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

from curator.ui.literal_text import literal
from curator.ui.theme import STEP_PX, Theme

NOTE = Qt.ItemDataRole.UserRole + 1
COLOUR = Qt.ItemDataRole.UserRole + 3  # of the text, "" for the usual one
QUIET = Qt.ItemDataRole.UserRole + 2  # whether the whole line is in the quiet colour
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class NotedLine:
    """`value`: what it stands for. `is_quiet`: it does not hold any more; `is_now`: it is bold."""

    text: str
    note: str
    value: Any
    spoken: str
    tip: str = ""
    is_quiet: bool = False
    is_now: bool = False


class NotedList(QListView):
    """Hundreds of lines cost nothing but when they are drawn."""

    line_activated = Signal(object)  # the value of a line, by Enter or a double click
    current_changed = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._lines = _Lines(self)
        self.setModel(self._lines)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(NoteDelegate(self, theme))
        self.activated.connect(self._activate)
        self.selectionModel().currentChanged.connect(self.current_changed)

    def fill(self, lines: Sequence[NotedLine], row: int = -1) -> None:
        """Show these; the line in the row is the current one."""
        self._lines.fill(lines)
        self.go_to(row)
        self.current_changed.emit()

    def lines(self) -> Sequence[NotedLine]:
        """What is shown."""
        return self._lines.lines

    def current(self) -> NotedLine | None:
        """The line that the keyboard is at."""
        row = self.currentIndex().row()
        return self.lines()[row] if row >= 0 else None

    def go_to(self, row: int) -> None:
        """Make the line in a row the current one; -1 for none."""
        self.setCurrentIndex(self._lines.index(row))

    def _activate(self, index: QModelIndex) -> None:
        self.line_activated.emit(self.lines()[index.row()].value)


class _Lines(QAbstractListModel):
    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self.lines: Sequence[NotedLine] = ()

    def fill(self, lines: Sequence[NotedLine]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.FontRole and line.is_now:
            font = QFont(self._view.font())
            font.setBold(True)
            return font
        values = {
            Qt.ItemDataRole.DisplayRole: line.text,
            Qt.ItemDataRole.ToolTipRole: literal(line.tip or line.text),
            Qt.ItemDataRole.AccessibleTextRole: line.spoken,
            NOTE: line.note,
            QUIET: line.is_quiet,
        }
        return values.get(role)


class NoteDelegate(QStyledItemDelegate):
    """Draws the text as far as the note leaves room for it."""

    def __init__(self, view: QAbstractItemView, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._theme = view, theme
        theme.changed.connect(view.viewport().update)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, self._view.fontMetrics().height() + 2 * STEP_PX)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        text, note = option.text, str(index.data(NOTE) or "")
        option.text = ""
        view, colours = self._view, self._theme.colours
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        quiet = colours.on_accent if is_chosen else colours.muted
        plain = colours.on_accent if is_chosen else index.data(COLOUR) or colours.text
        painter.save()
        painter.setFont(option.font)
        place = option.rect.adjusted(STEP_PX, 0, -2 * STEP_PX, 0)
        how, middle = Qt.TextElideMode.ElideRight, Qt.AlignmentFlag.AlignVCenter
        metrics = painter.fontMetrics()
        room = max(
            place.width() // 2, place.width() - metrics.horizontalAdvance(note) - 2 * STEP_PX
        )
        shown = metrics.elidedText(text, how, room if note else place.width())
        painter.setPen(QColor(quiet if index.data(QUIET) else plain))
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignLeft, shown)
        place.setLeft(place.left() + metrics.horizontalAdvance(shown) + 2 * STEP_PX)
        painter.setPen(QColor(quiet))
        note = metrics.elidedText(note, how, place.width())
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, note)
        painter.restore()
