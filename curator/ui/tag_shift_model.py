"""Tags in a table: in how many pictures each stands now, and would stand after a tagger's turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont
from typing_extensions import override

from curator.core.tag_preview import TagShift
from curator.core.tag_spelling import tag_key
from curator.ui.literal_text import literal
from curator.ui.theme import Theme

TAG, NOW, AFTER, OWN = range(4)
HEADS = ("Tag", "Now", "After", "Own")
OWN_TIP = "A threshold of this tag's own, from 0 to 1; empty for the one of its group."
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class TagShiftModel(QAbstractTableModel):
    """Rows by column and direction; those that don't hold the filter's words are left out."""

    own_chosen = Signal(str, object)  # a tag, and its own threshold or None

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._all: Sequence[TagShift] = ()
        self._own: Mapping[str, float] = {}
        self._words = ""
        self._order: tuple[int, bool] = (AFTER, True)
        self.rows: list[TagShift] = []
        theme.changed.connect(self._repaint)

    def show_shifts(self, shifts: Sequence[TagShift], own: Mapping[str, float]) -> None:
        """Show these; `own`: thresholds of single tags, by `tag_key`."""
        self._all, self._own = shifts, own
        self._fill()

    def find(self, words: str) -> None:
        """Show only tags that hold these words."""
        self._words = tag_key(words)
        self._fill()

    def _fill(self) -> None:
        column, falling = self._order
        keys: Mapping[int, Callable[[TagShift], Any]] = {
            TAG: lambda one: one.tag.casefold(),
            NOW: lambda one: one.before,
            AFTER: lambda one: one.after,
            OWN: lambda one: self._own.get(tag_key(one.tag), -1.0),
        }
        found = [one for one in self._all if self._words in tag_key(one.tag)]
        found.sort(key=lambda one: one.tag.casefold())
        found.sort(key=keys[column], reverse=falling)
        same = [one.tag for one in found] == [one.tag for one in self.rows]
        if same:
            self.rows = found
            self._repaint()
            return
        self.beginResetModel()
        self.rows = found
        self.endResetModel()

    def _repaint(self) -> None:
        if self.rows:
            last = self.index(len(self.rows) - 1, OWN)
            self.dataChanged.emit(self.index(0, 0), last)

    def _text(self, shift: TagShift, column: int) -> str:
        if column == OWN:
            own = self._own.get(tag_key(shift.tag))
            return "" if own is None else f"{own:.2f}"
        return (shift.tag, f"{shift.before:,}", f"{shift.after:,}")[column]

    # -- what Qt asks

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(HEADS)

    @override
    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        shift, column = self.rows[index.row()], index.column()
        if role in (_Role.DisplayRole, _Role.EditRole):
            return self._text(shift, column)
        if role == _Role.TextAlignmentRole and column != TAG:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == _Role.FontRole and column == AFTER and shift.before != shift.after:
            font = QFont()
            font.setBold(True)
            return font
        if role == _Role.ForegroundRole and not shift.after:
            return QColor(self._theme.colours.muted)
        if role == _Role.ToolTipRole:
            return OWN_TIP if column == OWN else literal(f"{shift.tag} ({shift.group})")
        return None

    @override
    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole) -> bool:
        text = str(value).strip().replace(",", ".")
        try:
            own = float(text) if text else None
        except ValueError:
            return False
        if own is not None and not 0 <= own <= 1:
            return False
        self.own_chosen.emit(self.rows[index.row()].tag, own)
        return True

    @override
    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == OWN else flags

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == _Role.DisplayRole:
                return HEADS[section]
            if role == _Role.ToolTipRole and section == OWN:
                return OWN_TIP
        return None

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order = (column, order == Qt.SortOrder.DescendingOrder)
        self._fill()
