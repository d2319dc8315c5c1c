"""The tags of several pictures as Qt's views read them: how many of the pictures have each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from curator.core.view import ProjectView

Index = QModelIndex | QPersistentModelIndex
TITLES = ("Tag", "Pictures")
STATES = (Qt.CheckState.Unchecked, Qt.CheckState.PartiallyChecked, Qt.CheckState.Checked)
SPOKEN = ("in none", "in some", "in all")


@dataclass(frozen=True, slots=True)
class TagCounts:
    """How many of so many pictures have each tag, the most frequent first."""

    pictures: int
    counts: Sequence[tuple[str, int]]


def read_counts(project: ProjectView, ids: Sequence[int]) -> TagCounts:
    """The tags of these pictures; many take a while."""
    counts = project.tags_of(ids).items()
    return TagCounts(len(ids), sorted(counts, key=lambda pair: (-pair[1], pair[0].casefold())))


class SelectedTagsModel(QAbstractTableModel):
    """A row per tag, of those that hold what is looked for."""

    given = Signal(str)  # a tag, to all pictures
    taken = Signal(str)  # a tag, from all pictures
    replaced = Signal(str, str)  # a tag, and what was typed

    def __init__(self) -> None:
        super().__init__()
        self.found = TagCounts(0, ())
        self.rows: Sequence[tuple[str, int]] = ()
        self._sought = ""

    def show(self, found: TagCounts, *, is_same: bool = False) -> None:
        """Show these; of the same pictures, also those that no picture has any more."""
        if is_same:
            there = {tag for tag, _number in found.counts}
            gone = [(tag, 0) for tag, _number in self.found.counts if tag not in there]
            found = TagCounts(found.pictures, [*found.counts, *gone])
        self.found = found
        self.seek(self._sought)

    def seek(self, text: str) -> None:
        """Show the tags that hold this."""
        self.beginResetModel()
        self._sought = text
        key = text.strip().casefold()
        self.rows = [row for row in self.found.counts if key in row[0].casefold()]
        self.endResetModel()

    def level(self, row: int) -> int:
        """0 for none of the pictures, 1 for some, 2 for all."""
        number = self.rows[row][1]
        return 2 if number == self.found.pictures else int(number > 0)

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return len(TITLES)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        is_title = role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal
        return TITLES[section] if is_title else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        tag, number = self.rows[index.row()]
        level = self.level(index.row())
        if index.column() == 1:
            values: dict[int, Any] = {
                Qt.ItemDataRole.DisplayRole: f"{number:,}",
                Qt.ItemDataRole.TextAlignmentRole: Qt.AlignmentFlag.AlignRight
                | Qt.AlignmentFlag.AlignVCenter,
            }
        else:
            values = {
                Qt.ItemDataRole.DisplayRole: tag,
                Qt.ItemDataRole.EditRole: tag,
                Qt.ItemDataRole.CheckStateRole: STATES[level],
                Qt.ItemDataRole.AccessibleTextRole: f"{tag}, {SPOKEN[level]}",
                Qt.ItemDataRole.ToolTipRole: f"{number:,} of {self.found.pictures:,} pictures",
            }
        return values.get(role)

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        tag = self.rows[index.row()][0]
        if role == Qt.ItemDataRole.CheckStateRole:
            (self.taken if self.level(index.row()) == 2 else self.given).emit(tag)
        elif role == Qt.ItemDataRole.EditRole and value.strip() != tag:
            self.replaced.emit(tag, value)
        return True

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == 1:
            return plain
        return plain | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable
