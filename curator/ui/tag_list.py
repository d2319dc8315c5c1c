"""The list of a project's tags: ten thousand lines cost nothing but when they are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView
from typing_extensions import override

from curator.core.readable import count, percent
from curator.core.tag_lines import Heading, Line
from curator.core.tag_table import TagRow
from curator.ui.literal_text import literal
from curator.ui.tag_delegate import ASKED, LINE, TagDelegate
from curator.ui.theme import STEP_PX, Theme

TAGS_MIME = "application/x-curator-tags"
Index = QModelIndex | QPersistentModelIndex
_MANY = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class TagModel(QAbstractListModel):
    """Tags, and headings between them where they are grouped; `asked` is by folded tag."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()
        self.asked: Mapping[str, bool] = {}

    def fill(self, lines: Sequence[Line], asked: Mapping[str, bool]) -> None:
        """Show these."""
        self.beginResetModel()
        self.lines, self.asked = lines, asked
        self.endResetModel()

    def show_asked(self, asked: Mapping[str, bool]) -> None:
        """Mark what the filter asks for."""
        if asked != self.asked:
            self.asked = asked
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, 0))

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if isinstance(line, Heading):
            return _heading(line, role)
        asked = self.asked.get(line.tag.casefold())
        if role == ASKED:
            return asked
        if role == Qt.ItemDataRole.DisplayRole:
            return line.tag
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(spoken(line, asked))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(line, asked)
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        is_tag = index.isValid() and isinstance(self.lines[index.row()], TagRow)
        return super().flags(index) | (
            Qt.ItemFlag.ItemIsDragEnabled if is_tag else Qt.ItemFlag.NoItemFlags
        )

    @override
    def mimeTypes(self) -> list[str]:
        return [TAGS_MIME]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        lines = [self.lines[index.row()] for index in indexes]
        text = ", ".join(line.tag for line in lines if isinstance(line, TagRow))
        data = QMimeData()
        data.setData(TAGS_MIME, text.encode())
        data.setText(text)
        return data


def _heading(line: Heading, role: int) -> str | None:
    if role == Qt.ItemDataRole.AccessibleTextRole:
        state = "folded" if line.is_folded else "unfolded"
        return f"{line.title}, {count(line.tags, 'tag')}, {state}"
    return line.title if role == Qt.ItemDataRole.DisplayRole else None


def spoken(row: TagRow, asked: bool | None) -> str:
    """A tag in words."""
    filtered = {None: "", True: ", in the filter", False: ", ruled out by the filter"}[asked]
    about = ", ".join(filter(None, (row.category, row.group)))
    return (
        f"{row.tag}: {count(row.count, 'picture')}, {percent(row.primary_share)} of the primaries"
        f"{f' ({about})' if about else ''}{filtered}"
    )


class TagList(QTableView):
    """A click presses a tag; with Ctrl or Shift several are selected. Headings fold."""

    pressed_tag = Signal(str)
    folded = Signal(str)  # the group of a heading, to be folded or unfolded
    menu_asked = Signal(QPoint)  # global
    chosen_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.tags = TagModel()
        self.setModel(self.tags)
        self.setItemDelegate(TagDelegate(self, theme))
        self.setAccessibleName("Tags")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self._fit_rows()
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        theme.changed.connect(self.viewport().update)

    def _fit_rows(self) -> None:
        height = self.fontMetrics().height() + 2 * STEP_PX
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)

    def fill(self, lines: Sequence[Line], asked: Mapping[str, bool]) -> None:
        """Show these; what was chosen and seen stays so as far as it is there."""
        chosen, now, top = set(self.chosen()), self.now(), self.verticalScrollBar().value()
        self.blockSignals(True)
        self.tags.fill(lines, asked)
        model = self.selectionModel()
        for row, line in enumerate(lines if chosen or now else ()):
            if isinstance(line, TagRow) and line.tag in chosen:
                model.select(self.tags.index(row, 0), QItemSelectionModel.SelectionFlag.Select)
            if isinstance(line, TagRow) and now is not None and line.tag == now:
                flag = QItemSelectionModel.SelectionFlag.NoUpdate
                model.setCurrentIndex(self.tags.index(row, 0), flag)
        self.blockSignals(False)
        self.verticalScrollBar().setValue(top)
        if set(self.chosen()) != chosen:
            self.chosen_changed.emit()

    def chosen(self) -> list[str]:
        """The tags that are selected, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        lines = [self.tags.lines[row] for row in rows]
        return [line.tag for line in lines if isinstance(line, TagRow)]

    def now(self) -> str | None:
        """The tag that the keyboard is at."""
        row = self.currentIndex().row()
        line = self.tags.lines[row] if 0 <= row < len(self.tags.lines) else None
        return line.tag if isinstance(line, TagRow) else None

    def go_to(self, tag: str) -> None:
        """Choose a tag and bring it into sight, if it is among the lines."""
        for row, line in enumerate(self.tags.lines):
            if isinstance(line, TagRow) and line.tag == tag:
                self.selectRow(row)
                return

    def _press(self, index: Index) -> None:
        line = self.tags.lines[index.row()]
        if isinstance(line, Heading):
            self.folded.emit(line.group)
        else:
            self.pressed_tag.emit(line.tag)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_drag = self.state() == QAbstractItemView.State.DraggingState
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers() & _MANY
        if is_plain and not was_drag and index.isValid() and index == self.currentIndex():
            self._press(index)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid():
            self._press(self.currentIndex())
            return
        super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.chosen():
            self.menu_asked.emit(event.globalPos())

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_rows()
