"""Lines of a list with a quiet word at their right: a number, a time, an example."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from curator.ui.theme import STEP_PX, Theme

NOTE = Qt.ItemDataRole.UserRole + 1
QUIET = Qt.ItemDataRole.UserRole + 2  # whether the whole line is in the quiet colour
Index = QModelIndex | QPersistentModelIndex


class NoteDelegate(QStyledItemDelegate):
    """Draws the text as far as the note leaves room for it."""

    def __init__(self, view: QAbstractItemView, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._theme = view, theme
        theme.changed.connect(view.viewport().update)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, self._view.fontMetrics().height() + 2 * STEP_PX)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        text, note = option.text, str(index.data(NOTE) or "")
        option.text = ""
        view, colours = self._view, self._theme.colours
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        quiet = colours.on_accent if is_chosen else colours.muted
        plain = colours.on_accent if is_chosen else colours.text
        painter.save()
        painter.setFont(option.font)
        place = option.rect.adjusted(STEP_PX, 0, -2 * STEP_PX, 0)
        how, middle = Qt.TextElideMode.ElideRight, Qt.AlignmentFlag.AlignVCenter
        metrics = painter.fontMetrics()
        room = max(
            place.width() // 2, place.width() - metrics.horizontalAdvance(note) - 2 * STEP_PX
        )
        shown = metrics.elidedText(text, how, room if note else place.width())
        painter.setPen(QColor(quiet if index.data(QUIET) else plain))
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignLeft, shown)
        place.setLeft(place.left() + metrics.horizontalAdvance(shown) + 2 * STEP_PX)
        painter.setPen(QColor(quiet))
        note = metrics.elidedText(note, how, place.width())
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, note)
        painter.restore()
