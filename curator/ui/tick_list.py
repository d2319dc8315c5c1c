"""Tags to tick, with what share of the pictures has each and why it is advised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from curator.core.readable import percent
from curator.core.traits import Advice, Advised
from curator.ui.theme import Theme

MOST = 500  # rows; rarer tags are in too few pictures to matter to a trigger
TAG = Qt.ItemDataRole.UserRole
HEADINGS = ("Take out", "In", "Pictures", "Why")
Advices = Mapping[int | None, Sequence[Advised]]


class TickList(QTreeWidget):
    """One list, or one for each outfit; what the person ticked stays so while advice changes."""

    ticked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._by_hand: dict[tuple[int | None, str], bool] = {}
        self._rows: list[QTreeWidgetItem] = []
        self._shown: tuple[Advices, Mapping[int, str]] | None = None
        self.setAccessibleName("Tags that the trigger is to carry")
        self.setColumnCount(len(HEADINGS))
        self.setHeaderLabels(HEADINGS)
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(False)
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.itemChanged.connect(self._take)
        theme.changed.connect(self._dress)

    def show_advice(self, advices: Advices, outfits: Mapping[int, str]) -> None:
        """Show these; `outfits`: the names of the sets."""
        if self._shown == (advices, outfits):
            return
        self._shown = advices, outfits
        self.blockSignals(True)
        self.clear()
        self._rows.clear()
        for set_id, rows in advices.items():
            parent = self.invisibleRootItem()
            if set_id is not None:
                parent = QTreeWidgetItem(self, [outfits.get(set_id, "")])
                parent.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for row in rows[:MOST]:
                self._add(parent, set_id, row)
        self.expandAll()
        self.blockSignals(False)
        self._dress()

    def _add(self, parent: QTreeWidgetItem, set_id: int | None, row: Advised) -> None:
        item = QTreeWidgetItem(parent, [row.tag, percent(row.share), f"{row.pictures:,}", row.why])
        for column in (1, 2):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        is_ticked = self._by_hand.get((set_id, row.tag), row.advice is Advice.PRUNE)
        item.setCheckState(0, Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
        item.setData(0, TAG, (set_id, row.tag))
        self._rows.append(item)

    def _take(self, item: QTreeWidgetItem, column: int) -> None:
        key = item.data(0, TAG)
        if column == 0 and key is not None:
            self._by_hand[tuple(key)] = item.checkState(0) == Qt.CheckState.Checked
            self.ticked.emit()

    def forget(self) -> None:
        """Forget what was ticked by hand: another kind of thing is taught."""
        self._by_hand.clear()
        self._shown = None

    def pruned(self) -> dict[int | None, frozenset[str]]:
        """The tags that are ticked."""
        found: dict[int | None, set[str]] = {}
        for item in self._rows:
            if item.checkState(0) == Qt.CheckState.Checked:
                set_id, tag = item.data(0, TAG)
                found.setdefault(set_id, set()).add(tag)
        return {set_id: frozenset(tags) for set_id, tags in found.items()}

    def item_of(self, tag: str) -> QTreeWidgetItem | None:
        """The row of a tag."""
        return next((item for item in self._rows if item.text(0) == tag), None)

    def _dress(self) -> None:
        self.blockSignals(True)
        muted = QBrush(QColor(self._theme.colours.muted))
        for item in self._rows:
            for column in (1, 2, 3):
                item.setForeground(column, muted)
        self.blockSignals(False)
