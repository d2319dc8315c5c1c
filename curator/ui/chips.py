"""The tags of a caption as chips that wrap, are chosen, moved, edited, copied and taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QListView, QMenu
from typing_extensions import override

from curator.core.caption_chips import Chip
from curator.core.captions import join_tags
from curator.core.tag_moves import tags_in
from curator.ui.chip_model import ChipModel
from curator.ui.chip_painter import ChipDelegate
from curator.ui.tag_words import TagWords
from curator.ui.theme import STEP_PX, Theme

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
_AWAY = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_KEYS, _MOVES = QKeySequence.StandardKey, QAbstractItemView.CursorAction
_MOD = Qt.KeyboardModifier
FRONT, END = 0, -1


class ChipsView(QListView):
    """Says what the person wants done with chips, by their places in the caption."""

    removed = Signal(list, list)  # places of tags, and triggers to switch off
    replaced = Signal(int, str)  # a place, and what was typed
    moved = Signal(list, int)  # places, and the row of the chip they go before; -1 for the end
    switched = Signal(str)  # a trigger
    pasted = Signal(list)  # tags
    typed = Signal(str)  # a letter, which belongs into the line
    left = Signal()  # downwards, to the line

    def __init__(self, theme: Theme, words: TagWords) -> None:
        super().__init__()
        self.chips = ChipModel()
        self.setModel(self.chips)
        self.painter = ChipDelegate(self, self.chips, theme, words)
        self.painter.typed = self._typed
        self.setItemDelegate(self.painter)
        self.setAccessibleName("Tags")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSpacing(STEP_PX // 2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setMouseTracking(True)
        theme.changed.connect(self.viewport().update)
        words.changed.connect(self.viewport().update)

    # -- what is shown

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Show these; what is chosen stays so as far as it is there."""
        chosen = {self.chips.chips[index.row()].tag for index in self.selectedIndexes()}
        row = self.currentIndex().row()
        self.chips.show(chips)
        found = QItemSelection()
        for at, chip in enumerate(chips):
            if chip.tag in chosen:
                found.select(self.chips.index(at), self.chips.index(at))
        self.selectionModel().select(found, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if chips and row >= 0:
            here = self.chips.index(min(row, len(chips) - 1))
            self.selectionModel().setCurrentIndex(here, QItemSelectionModel.SelectionFlag.NoUpdate)

    @property
    def is_editing(self) -> bool:
        """Whether a tag is being typed over."""
        return self.state() is QAbstractItemView.State.EditingState

    def finish_editing(self) -> None:
        """Take what is typed over a tag."""
        line = self.painter.line
        if self.is_editing and line is not None:
            self.commitData(line)
            self.closeEditor(line, QAbstractItemDelegate.EndEditHint.NoHint)

    def _rows(self) -> list[int]:
        return sorted(index.row() for index in self.selectedIndexes())

    def chosen(self) -> list[Chip]:
        """The chosen chips that are tags and no switches."""
        found = (self.chips.chips[row] for row in self._rows())
        return [chip for chip in found if not chip.is_trigger]

    def take_keyboard(self, row: int) -> None:
        """Go to the chip in a row, -1 for the last."""
        if self.chips.chips:
            self.setCurrentIndex(self.chips.index(row % len(self.chips.chips)))
            self.setFocus()

    # -- what is wanted

    def remove_chosen(self) -> None:
        """Take the chosen tags away; chosen triggers are switched off."""
        places = [chip.place for chip in self.chosen()]
        chips = (self.chips.chips[row] for row in self._rows())
        triggers = [chip.tag for chip in chips if chip.is_trigger and chip.is_on]
        if places or triggers:
            self.removed.emit(places, triggers)

    def copy(self) -> None:
        """Put the chosen tags on the clipboard, with commas between them."""
        chips = [self.chips.chips[row] for row in self._rows()]
        if chips:
            QGuiApplication.clipboard().setText(join_tags(chip.tag for chip in chips if chip.is_on))

    def cut(self) -> None:
        """Take the chosen tags to the clipboard."""
        self.copy()
        self.remove_chosen()

    def paste(self) -> None:
        """Ask for the tags that are on the clipboard."""
        if tags := tags_in(QGuiApplication.clipboard().text()):
            self.pasted.emit(tags)

    def step_chosen(self, by: int) -> None:
        """Move the chosen chips a place on or back."""
        rows = [row for row in self._rows() if not self.chips.chips[row].is_trigger]
        if rows:
            self._move(rows[0] - 1 if by < 0 else rows[-1] + 2)

    def move_chosen(self, where: int) -> None:
        """Move the chosen chips to the front or to the end."""
        self._move(where if where == FRONT else len(self.chips.chips))

    def _move(self, before: int) -> None:
        """Ask for the chosen chips before the one in a row, none of them before a trigger."""
        first = sum(chip.is_trigger for chip in self.chips.chips)
        places = [chip.place for chip in self.chosen()]
        before = max(before, first)
        to = self.chips.chips[before].place if before < len(self.chips.chips) else END
        if places:
            self.moved.emit(places, to)

    def _typed(self, row: int, text: str) -> None:
        chip = self.chips.chips[row]
        if text.strip() != chip.tag:
            self.replaced.emit(chip.place, text)

    def open_menu(self, at: QPoint) -> None:
        """What can be done with the chosen chips."""
        menu, can = QMenu(self), bool(self.chosen())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows = (
            ("Edit\tF2", lambda: self.edit(self.currentIndex()), len(self.chosen()) == 1),
            ("Remove\tDel", self.remove_chosen, bool(self._rows())),
            ("Move to the front\tAlt+Home", lambda: self.move_chosen(FRONT), can),
            ("Move to the end\tAlt+End", lambda: self.move_chosen(END), can),
            ("Copy\tCtrl+C", self.copy, bool(self._rows())),
            ("Cut\tCtrl+X", self.cut, can),
            ("Paste\tCtrl+V", self.paste, bool(QGuiApplication.clipboard().text())),
        )
        for title, do, is_on in rows:
            menu.addAction(title, do).setEnabled(is_on)
        menu.popup(at)

    # -- what Qt asks

    def _key_work(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does that is not Qt's own matter."""
        for key, do in ((_KEYS.Copy, self.copy), (_KEYS.Cut, self.cut), (_KEYS.Paste, self.paste)):
            if event.matches(key):
                return do
        here = self.currentIndex()
        chip = self.chips.chips[here.row()] if here.isValid() else None
        is_alt = event.modifiers() & ~_MOD.KeypadModifier == _MOD.AltModifier
        works: dict[int, Callable[[], object]] = (
            {
                Qt.Key.Key_Left: lambda: self.step_chosen(-1),
                Qt.Key.Key_Right: lambda: self.step_chosen(1),
                Qt.Key.Key_Home: lambda: self.move_chosen(FRONT),
                Qt.Key.Key_End: lambda: self.move_chosen(END),
            }
            if is_alt
            else {
                Qt.Key.Key_Escape: self.left.emit,
                **dict.fromkeys(_AWAY, self.remove_chosen),
                **dict.fromkeys(_ENTER, lambda: self._edit_or_switch(chip)),
            }
        )
        if chip and chip.is_trigger and event.key() == Qt.Key.Key_Space:
            return lambda: self.switched.emit(chip.tag)
        return works.get(event.key())

    def _edit_or_switch(self, chip: Chip | None) -> None:
        if chip and chip.is_trigger:
            self.switched.emit(chip.tag)
        elif chip:
            self.edit(self.currentIndex())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_letter = event.text().isprintable() and not event.text().isspace() and event.text()
        if self.is_editing:
            return  # Enter ends editing, and comes here all the same
        work = self._key_work(event)
        before = self.currentIndex()
        if work is not None:
            work()
        elif is_letter and not event.modifiers() & (_MOD.ControlModifier | _MOD.AltModifier):
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)
            if event.key() == Qt.Key.Key_Down and self.currentIndex() == before:
                self.left.emit()

    @override
    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        by = {_MOVES.MoveLeft: -1, _MOVES.MoveRight: 1}.get(action)
        if by is None or not self.currentIndex().isValid():
            return super().moveCursor(action, modifiers)
        row = min(max(self.currentIndex().row() + by, 0), len(self.chips.chips) - 1)
        return self.chips.index(row)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        is_plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        chip = self.chips.chips[index.row()] if index.isValid() else None
        if chip and is_plain and chip.is_trigger:
            self.setCurrentIndex(index)
            self.switched.emit(chip.tag)
        elif chip and is_plain and self.painter.cross(index).contains(at):
            self.removed.emit([chip.place], [])
        else:
            super().mousePressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.open_menu(event.globalPos())

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        row = len(self.chips.chips)
        if index.isValid():
            row = index.row() + (at.x() > self.visualRect(index).center().x())
        event.setDropAction(Qt.DropAction.CopyAction)  # else Qt would take the moved rows out
        event.accept()
        self.setState(QAbstractItemView.State.NoState)
        QTimer.singleShot(0, self, lambda: self._move(row))  # once Qt's dragging is over

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.chips.chips and not self.currentIndex().isValid():
            self.setCurrentIndex(self.chips.index(0))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
