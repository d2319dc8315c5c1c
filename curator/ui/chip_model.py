"""The chips of a caption as Qt's views read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from curator.core.caption_chips import Chip
from curator.core.captions import join_tags
from curator.ui.literal_text import literal

Index = QModelIndex | QPersistentModelIndex


class ChipModel(QAbstractListModel):
    """A row per chip."""

    def __init__(self) -> None:
        super().__init__()
        self.chips: Sequence[Chip] = ()
        self.marks: Mapping[int, int] = {}

    def show(self, chips: Sequence[Chip]) -> None:
        """Show these; those that follow upon others stay what they were to the keyboard."""
        if len(chips) == len(self.chips):
            self.chips = chips
            self.dataChanged.emit(self.index(0), self.index(len(chips) - 1))
        else:
            self.beginResetModel()
            self.chips = chips
            self.endResetModel()

    def mark(self, marks: Mapping[int, int]) -> None:
        """Show where chunks end: by the place of a tag, the tokens that are full behind it."""
        if marks != self.marks:
            self.marks = marks
            self.layoutChanged.emit()

    def mark_of(self, row: int) -> int:
        """The tokens that are full behind a chip, 0 for no mark."""
        return self.marks.get(self.chips[row].place, 0)

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.chips)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.chips):
            return None
        chip = self.chips[index.row()]
        values: dict[int, Any] = {
            Qt.ItemDataRole.DisplayRole: chip.tag,
            Qt.ItemDataRole.ToolTipRole: literal(chip.spoken),
            Qt.ItemDataRole.AccessibleTextRole: chip.spoken,
        }
        return values.get(role)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        if self.chips[index.row()].is_trigger:
            return plain
        return plain | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def mimeTypes(self) -> list[str]:
        return ["text/plain"]  # a view lets nothing be dropped that is not named here

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setText(join_tags(self.chips[row].tag for row in sorted(i.row() for i in indexes)))
        return data
