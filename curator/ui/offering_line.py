"""A line to type into, with what may come next in a list beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget
from typing_extensions import override

from curator.ui.noted_list import COLOUR, NOTE, NoteDelegate
from curator.ui.theme import Theme

MOST_ROWS = 10
WIDTH_PX = 420
ITEM = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that may come next; `note` stands at its right, `colour` is that of the title."""

    title: str
    note: str
    value: Any
    colour: str = ""


class OfferingLine(QLineEdit):
    """Shows offers while the person types; Down shows them too, Tab and Enter take one.

    Those that derive from it say what is offered, and what becomes of what is taken; Qt's own
    metaclass rules out that of abstract classes.
    """

    def __init__(self, theme: Theme, placeholder: str, name: str) -> None:
        super().__init__(placeholderText=placeholder)
        self.offers = _Offers(theme)
        self.destroyed.connect(self.offers.deleteLater)  # which the window has by then
        self.setAccessibleName(name)
        self.textEdited.connect(lambda _text: self.offer(asked=False))
        self.offers.itemClicked.connect(self._take)

    def find_offers(self, *, asked: bool) -> Sequence[Offer]:
        """What may stand at the cursor; `asked`: the person wants to see all of it."""
        raise NotImplementedError  # a widget can't be an ABC as well: two metaclasses

    def take_offer(self, value: Any) -> None:
        """Put what was chosen into the line."""
        raise NotImplementedError  # a widget can't be an ABC as well: two metaclasses

    def offer(self, *, asked: bool) -> None:
        """Show what there is to offer now."""
        found = self.find_offers(asked=asked)
        if found:
            self.offers.open_beside(self, found)
        else:
            self.offers.hide()

    def _take(self, item: QListWidgetItem) -> None:
        value = item.data(ITEM)
        self.offers.hide()
        self.take_offer(value)

    def take_current(self) -> bool:
        """Take the offer that is chosen; False where none is."""
        item = self.offers.currentItem() if self.offers.isVisible() else None
        if item is None:
            return False
        self._take(item)
        return True

    def _move(self, by: int) -> None:
        if not self.offers.isVisible():
            self.offer(asked=True)
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
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.take_current():
            return
        else:
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        if forward and self.offers.isVisible() and self.offers.currentRow() < 0:
            self.offers.setCurrentRow(0)
        return (forward and self.take_current()) or super().focusNextPrevChild(forward)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.offers.hide()


class _Offers(QListWidget):
    """The list below the line, or above where there is no room; it never takes the keyboard."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("What may come next")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setItemDelegate(NoteDelegate(self, theme))
        self.hide()

    def open_beside(self, line: QWidget, items: Sequence[Offer]) -> None:
        self.clear()
        for one in items:
            item = QListWidgetItem(one.title)
            item.setData(ITEM, one.value)
            item.setData(NOTE, one.note)
            item.setData(COLOUR, one.colour)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{one.title} {one.note}".strip())
            self.addItem(item)
        window = line.window()
        if self.parent() is not window:
            self.setParent(window)
        rows = min(MOST_ROWS, self.count())
        height = rows * self.sizeHintForRow(0) + 2 * self.frameWidth()
        self.resize(min(WIDTH_PX, line.width()), height)
        place = line.mapTo(window, QPoint(0, line.height()))
        if place.y() + height > window.height():
            place = line.mapTo(window, QPoint(0, -height))
        self.move(place)
        self.show()
        self.raise_()
