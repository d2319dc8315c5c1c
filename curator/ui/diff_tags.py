"""Which tags a bulk edit takes away and adds, counted; each can be left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView
from typing_extensions import override

from curator.core.caption_diffs import DiffCounts
from curator.core.caption_marks import Fate
from curator.ui.mark_painting import colour_of
from curator.ui.theme import STEP_PX, Theme

TITLES = ("Tag", "Becomes", "Pictures")
Index = QModelIndex | QPersistentModelIndex


class TagChange(NamedTuple):
    """A tag that goes or comes, in so many pictures."""

    tag: str
    fate: Fate
    pictures: int


def changes_in(counts: DiffCounts) -> list[TagChange]:
    """What goes and what comes, the most frequent first."""
    both = ((counts.removed, Fate.GONE), (counts.added, Fate.COME))
    found = [TagChange(tag, fate, n) for counted, fate in both for tag, n in counted.items()]
    return sorted(found, key=lambda one: -one.pictures)


class DiffTags(QTreeView):
    """Unticked tags stay wherever they stand, and come nowhere."""

    left_out_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.changes = _Changes(theme, QSize(0, self.fontMetrics().height() + 2 * STEP_PX))
        self.setModel(self.changes)
        self.setAccessibleName("Tags that would change")
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.changes.left_out_changed.connect(self.left_out_changed)
        theme.changed.connect(self.viewport().update)

    @property
    def left_out(self) -> frozenset[str]:
        """The tags that are not ticked."""
        return frozenset(self.changes.left_out)

    def fill(self, counts: DiffCounts) -> None:
        """Show these; what was left out stays so."""
        self.changes.fill(changes_in(counts))


class _Changes(QAbstractTableModel):
    left_out_changed = Signal()

    def __init__(self, theme: Theme, row_size: QSize) -> None:
        super().__init__()
        self._theme, self._row_size = theme, row_size
        self.rows: Sequence[TagChange] = ()
        self.left_out: set[str] = set()

    def fill(self, rows: Sequence[TagChange]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(TITLES)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        is_title = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return TITLES[section] if is_title else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.SizeHintRole:
            return self._row_size
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.tag, row.fate.value, f"{row.pictures:,}")[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and index.column() < 2:
            return QBrush(QColor(colour_of(row.fate, self._theme.colours)))
        if index.column() == 0 and role == Qt.ItemDataRole.CheckStateRole:
            is_out = row.tag in self.left_out
            return Qt.CheckState.Unchecked if is_out else Qt.CheckState.Checked
        if index.column() == 0 and role == Qt.ItemDataRole.FontRole and row.fate is Fate.GONE:
            font = QFont()
            font.setStrikeOut(True)
            return font
        return None

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        tag = self.rows[index.row()].tag
        is_in = Qt.CheckState(value) == Qt.CheckState.Checked
        self.left_out = self.left_out - {tag} if is_in else self.left_out | {tag}
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))
        self.left_out_changed.emit()
        return True

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable
