"""A list to choose from by typing a few letters: the actions, or sets to put pictures in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.core.fuzzy import best
from curator.ui.theme import STEP_PX

SIZE_PX = (520, 380)
Index = QModelIndex | QPersistentModelIndex
_TO_LIST = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose; `note` stands at its right, such as a key."""

    title: str
    choose: Callable[[], object]
    note: str = ""
    enabled: bool = True


class Chooser(QFrame):
    """Closes when something was chosen, with Escape, and when the person looks elsewhere.

    `otherwise` makes a choice of what was typed where nothing fits, such as "New set ...".
    """

    def __init__(
        self,
        parent: QWidget,
        prompt: str,
        choices: Sequence[Choice],
        otherwise: Callable[[str], Choice] | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._choices, self._otherwise = choices, otherwise
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.edit = QLineEdit(placeholderText=prompt)
        self.edit.setAccessibleName(prompt)
        self.list = QListWidget()
        self.list.setAccessibleName(prompt)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_NoteDelegate(self.list))
        column = QVBoxLayout(self)
        column.setContentsMargins(*[2 * STEP_PX] * 4)
        column.addWidget(self.edit)
        column.addWidget(self.list)
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._narrow)
        self.list.itemClicked.connect(self._take)
        self._narrow("")

    def open_over(self, area: QWidget) -> None:
        """Show it in the upper middle of a widget."""
        self.resize(*SIZE_PX)
        place = area.mapToGlobal(area.rect().center())
        top = area.mapToGlobal(area.rect().topLeft()).y() + area.height() // 8
        self.move(place.x() - self.width() // 2, top)
        self.show()
        self.edit.setFocus()

    def _narrow(self, typed: str) -> None:
        self.list.clear()
        found = best(typed, self._choices, lambda choice: choice.title)
        if self._otherwise is not None and typed.strip():
            exact = any(c.title.casefold() == typed.strip().casefold() for c in found)
            found = [*found, *([] if exact else [self._otherwise(typed.strip())])]
        for choice in found:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, choice)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{choice.title} {choice.note}")
            if not choice.enabled:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            item.setText(choice.title)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _take(self, item: QListWidgetItem) -> None:
        choice: Choice = item.data(Qt.ItemDataRole.UserRole)
        if choice.enabled:
            self.close()
            choice.choose()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _TO_LIST:
                self.list.event(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                item = self.list.currentItem()
                if item is not None:
                    self._take(item)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)


class _NoteDelegate(QStyledItemDelegate):
    """Draws a choice with its note at the right."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index) + QSize(0, 2 * STEP_PX)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        choice: Choice = index.data(Qt.ItemDataRole.UserRole)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.Text
        painter.setPen(option.palette.color(role))
        place = option.rect.adjusted(0, 0, -2 * STEP_PX, 0)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, flags, choice.note)
