"""The tags of several pictures in a table: which ones have each, and what is done to all."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QObject,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from curator.core.captions import join_tags
from curator.core.tag_moves import tags_in
from curator.ui.selected_tags_model import Index, SelectedTagsModel, TagCounts
from curator.ui.tag_completer import TagLine, offers_come_first
from curator.ui.tag_words import TagWords
from curator.ui.theme import STEP_PX, Theme

_FLAG = QItemSelectionModel.SelectionFlag


class SelectedTagsTable(QTableView):
    """Space gives a tag to all or takes it from all, F2 types over it, Delete takes it away."""

    removed = Signal(list)  # tags
    pasted = Signal(list)  # tags
    moved = Signal(bool)  # to the front, or the end

    def __init__(self, theme: Theme, words: TagWords) -> None:
        super().__init__()
        self.tags = SelectedTagsModel()
        self.setModel(self.tags)
        self.setAccessibleName("Tags of the selected pictures")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 2 * STEP_PX)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        self.setItemDelegate(_TagDelegate(self, theme, words))

    @property
    def is_editing(self) -> bool:
        """Whether a tag is being typed over."""
        return self.state() is QAbstractItemView.State.EditingState

    def finish_editing(self) -> None:
        """Take what is typed over a tag."""
        if self.is_editing:
            for line in self.viewport().findChildren(TagLine):
                self.commitData(line)
                self.closeEditor(line, QAbstractItemDelegate.EndEditHint.NoHint)

    def chosen(self) -> list[str]:
        """The chosen tags, from the top."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.tags.rows[row][0] for row in rows]

    def show_counts(self, found: TagCounts, *, is_same: bool) -> None:
        """Show these; of the same pictures what is chosen stays so."""
        chosen, row = set(self.chosen() if is_same else ()), self.currentIndex().row()
        here = self.tags.rows[row][0] if 0 <= row < len(self.tags.rows) else None
        self.tags.show(found, is_same=is_same)
        again = QItemSelection()
        for at, (tag, _number) in enumerate(self.tags.rows):
            if tag in chosen:
                again.select(self.tags.index(at, 0), self.tags.index(at, 1))
        self.selectionModel().select(again, _FLAG.ClearAndSelect)
        if is_same and row >= 0:
            last = min(row, len(self.tags.rows) - 1)
            row = next((n for n, (tag, _) in enumerate(self.tags.rows) if tag == here), last)
            self.selectionModel().setCurrentIndex(self.tags.index(row, 0), _FLAG.NoUpdate)

    def _edit_here(self) -> None:
        here = self.currentIndex().siblingAtColumn(0)
        if here.isValid():
            self.edit(here)

    def _key_work(self, event: QKeyEvent) -> Callable[[], object] | None:
        if event.matches(QKeySequence.StandardKey.Copy):
            return lambda: QGuiApplication.clipboard().setText(join_tags(self.chosen()))
        if event.matches(QKeySequence.StandardKey.Paste):
            return lambda: self.pasted.emit(tags_in(QGuiApplication.clipboard().text()))
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            ends = {Qt.Key.Key_Home: True, Qt.Key.Key_End: False}
            to_front = ends.get(Qt.Key(event.key()))
            return None if to_front is None else lambda: self.moved.emit(to_front)
        works: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Delete: lambda: self.removed.emit(self.chosen()),
            Qt.Key.Key_Backspace: lambda: self.removed.emit(self.chosen()),
            Qt.Key.Key_F2: self._edit_here,
            Qt.Key.Key_Return: self._edit_here,
            Qt.Key.Key_Enter: self._edit_here,
        }
        return works.get(event.key())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        work = self._key_work(event)
        if self.is_editing:
            return  # Enter ends editing, and comes here all the same
        if work is not None:
            work()
        else:
            super().keyPressEvent(event)


class _TagDelegate(QStyledItemDelegate):
    """Edits a tag in a line with offers."""

    def __init__(self, view: QTableView, theme: Theme, words: TagWords) -> None:
        super().__init__(view)
        self._theme, self._words = theme, words

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        line = TagLine(self._theme, self._words, "", f"Replace {index.data()}")
        line.setParent(parent)
        return line

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, TagLine)
        editor.begin_with(index.data())

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, TagLine)
        model.setData(index, editor.text())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, TagLine) and offers_come_first(watched, event):
            return False
        return super().eventFilter(watched, event)
