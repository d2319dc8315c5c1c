"""The line a query is typed into, with what may come next below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget
from typing_extensions import override

from curator.core.query_completion import Completion, Completions, Vocabulary, complete
from curator.ui.noted_list import NOTE, NoteDelegate
from curator.ui.theme import Theme

MOST_ROWS = 10
WIDTH_PX = 420
ITEM = Qt.ItemDataRole.UserRole


class QueryEdit(QLineEdit):
    """Offers completions while the person types; Down shows them too. Escape lets go."""

    focused = Signal()

    def __init__(self, theme: Theme, placeholder: str) -> None:
        super().__init__(placeholderText=placeholder, clearButtonEnabled=True)
        self.words = Vocabulary()
        self.offers = _Offers(theme)
        self._found = Completions(0, 0, ())
        self.setAccessibleName("Filter")
        self.textEdited.connect(lambda _text: self._offer(asked=False))
        self.offers.itemClicked.connect(self._take)

    def _offer(self, *, asked: bool) -> None:
        """Show what may stand at the cursor; unless it was asked for, only once a word begins."""
        at, text = self.cursorPosition(), self.text()
        self._found = complete(text, at, self.words)
        has_begun = self._found.start < at or text[:at].endswith(":")
        if self._found.items and (has_begun or asked):
            self.offers.open_below(self, self._found.items)
        else:
            self.offers.hide()

    def _take(self, item: QListWidgetItem) -> None:
        chosen: Completion = item.data(ITEM)
        found, text = self._found, self.text()
        after = text[found.end :]
        goes_on = chosen.text.endswith(":")
        blank = "" if goes_on or after.startswith((" ", ")")) else " "
        self.setText(text[: found.start] + chosen.text + blank + after)
        self.setCursorPosition(found.start + len(chosen.text) + len(blank))
        self.offers.hide()
        self.textEdited.emit(self.text())

    def _take_current(self) -> bool:
        item = self.offers.currentItem() if self.offers.isVisible() else None
        if item is None:
            return False
        self._take(item)
        return True

    def _move(self, by: int) -> None:
        if not self.offers.isVisible():
            self._offer(asked=True)
        else:
            rows = self.offers.count()
            now = self.offers.currentRow()
            self.offers.setCurrentRow(
                (now + by) % rows if now >= 0 else (0 if by > 0 else rows - 1)
            )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape and self.offers.isVisible():
            self.offers.hide()
        elif key == Qt.Key.Key_Escape:
            self.clearFocus()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._take_current():
            return
        else:
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        if forward and self.offers.isVisible() and self.offers.currentRow() < 0:
            self.offers.setCurrentRow(0)
        return (forward and self._take_current()) or super().focusNextPrevChild(forward)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.offers.hide()


class _Offers(QListWidget):
    """The list below the line; it never takes the keyboard."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("What may come next")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setItemDelegate(NoteDelegate(self, theme))
        self.hide()

    def open_below(self, line: QWidget, items: tuple[Completion, ...]) -> None:
        self.clear()
        for one in items:
            item = QListWidgetItem(one.title)
            item.setData(ITEM, one)
            item.setData(NOTE, one.note)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{one.title} {one.note}".strip())
            self.addItem(item)
        window = line.window()
        if self.parent() is not window:
            self.setParent(window)
        rows = min(MOST_ROWS, self.count())
        self.resize(
            min(WIDTH_PX, line.width()), rows * self.sizeHintForRow(0) + 2 * self.frameWidth()
        )
        self.move(line.mapTo(window, line.rect().bottomLeft()))
        self.show()
        self.raise_()
