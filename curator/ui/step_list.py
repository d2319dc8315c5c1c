"""The steps of a recipe as lines: ticked where they are on, dragged or moved by keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem
from typing_extensions import override


class StepList(QListWidget):
    """Tells what is wished; whoever fills it does it."""

    switched = Signal(int)  # the place of a step
    step_moved = Signal(int, int)  # from a place to a place
    removed = Signal(int)
    edit_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Steps")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.itemChanged.connect(self._switch)
        self.model().rowsMoved.connect(self._moved)
        self.itemDoubleClicked.connect(lambda item: self.edit_asked.emit(self.row(item)))

    def fill(self, lines: Sequence[tuple[str, bool]], current: int) -> None:
        """Show steps, each in words and whether it is on, with the keyboard at one of them."""
        self.blockSignals(True)  # whoever fills it knows
        self.clear()
        for words, is_on in lines:
            item = QListWidgetItem(words)
            item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
            item.setToolTip(words)
            flags = item.flags() | Qt.ItemFlag.ItemIsUserCheckable
            item.setFlags(flags & ~Qt.ItemFlag.ItemIsDropEnabled)
            self.addItem(item)
        self.setCurrentRow(min(max(current, 0), len(lines) - 1))
        self.blockSignals(False)

    def _switch(self, item: QListWidgetItem) -> None:
        self.switched.emit(self.row(item))

    def _moved(
        self, _from: QModelIndex, start: int, _end: int, _into: QModelIndex, before: int
    ) -> None:
        """A row was dragged to before another one, counted as they were."""
        self.step_moved.emit(start, before - 1 if before > start else before)

    def ask_move(self, by: int) -> None:
        """Have the current step moved up or down."""
        row = self.currentRow()
        if row >= 0 and 0 <= row + by < self.count():
            self.step_moved.emit(row, row + by)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, is_alt = self.currentRow(), event.modifiers() & Qt.KeyboardModifier.AltModifier
        ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if row < 0:
            super().keyPressEvent(event)
        elif is_alt and event.key() in ways:
            self.ask_move(ways[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit(row)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_asked.emit(row)
        else:
            super().keyPressEvent(event)
