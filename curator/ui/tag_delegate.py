"""How a tag is drawn in a list: its category, its count, and its share of the primaries."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)
from typing_extensions import override

from curator.core.readable import percent
from curator.core.tag_categories import Category
from curator.core.tag_lines import Heading
from curator.core.tag_table import TagRow
from curator.ui.tag_colours import tag_colour
from curator.ui.theme import STEP_PX, Colours, Theme

LINE = Qt.ItemDataRole.UserRole
ASKED = Qt.ItemDataRole.UserRole + 1  # True: in the filter, False: ruled out by it
BAR_PX = 2
Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TagDelegate(QStyledItemDelegate):
    """Draws tags and the headings between them."""

    def __init__(self, view: QTableView, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._theme = view, theme

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        line = index.data(LINE)
        option.text = ""
        view, colours = self._view, self._theme.colours
        painter.save()
        if isinstance(line, Heading):
            _paint_heading(painter, option.rect, line, colours, option.font)
        else:
            view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
            is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            _paint_tag(painter, option, line, index.data(ASKED), colours, is_chosen)
        painter.restore()

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, self._view.fontMetrics().height() + 2 * STEP_PX)


def _kind_colour(row: TagRow, colours: Colours) -> str:
    """General tags and unknown ones are quiet."""
    is_plain = row.category in (None, Category.GENERAL)
    return colours.line if is_plain else tag_colour(row.category, colours)


def _paint_heading(
    painter: QPainter, rect: QRect, line: Heading, colours: Colours, font: QFont
) -> None:
    painter.fillRect(rect, QColor(colours.panel))
    bold = QFont(font)
    bold.setBold(True)
    painter.setFont(bold)
    painter.setPen(QColor(colours.text))
    room = rect.adjusted(STEP_PX, 0, -2 * STEP_PX, 0)
    painter.drawText(room, _LEFT, f"{'▸' if line.is_folded else '▾'} {line.title}")
    painter.setFont(font)
    painter.setPen(QColor(colours.muted))
    painter.drawText(room, _RIGHT, f"{line.tags:,}")


def _paint_tag(
    painter: QPainter,
    option: QStyleOptionViewItem,
    row: TagRow,
    asked: bool | None,
    colours: Colours,
    is_chosen: bool,
) -> None:
    text = colours.on_accent if is_chosen else colours.text
    muted = colours.on_accent if is_chosen else colours.muted
    rect: QRect = option.rect
    dot = QRect(rect.left() + STEP_PX, rect.top() + STEP_PX, STEP_PX - 1, rect.height() - 8)
    painter.fillRect(dot, QColor(text if is_chosen else _kind_colour(row, colours)))
    room = rect.adjusted(3 * STEP_PX, 0, -2 * STEP_PX, 0)
    metrics = painter.fontMetrics()
    number, share = f"{row.count:,}", percent(row.primary_share)
    painter.setPen(QColor(text))
    painter.setFont(option.font)
    painter.drawText(room, _RIGHT, number)
    numbers_px = metrics.horizontalAdvance("10,000 ")
    painter.setPen(QColor(muted))
    painter.drawText(room.adjusted(0, 0, -numbers_px, 0), _RIGHT, share)
    words = room.adjusted(0, 0, -numbers_px - metrics.horizontalAdvance("100 %  "), 0)
    tint = {None: text, True: colours.accent, False: colours.rejected}[asked]
    _paint_name(painter, words, row.tag, asked, option.font, text if is_chosen else tint)
    bar = QRect(
        room.left(), rect.bottom() - BAR_PX, round(room.width() * row.primary_share), BAR_PX
    )
    painter.fillRect(bar, QColor(text if is_chosen else colours.primary))


def _paint_name(
    painter: QPainter, room: QRect, tag: str, asked: bool | None, font: QFont, tint: str
) -> None:
    """In the filter it is bold after a plus; what is ruled out is struck."""
    drawn = QFont(font)
    drawn.setBold(asked is True)
    drawn.setStrikeOut(asked is False)
    painter.setFont(drawn)
    painter.setPen(QColor(tint))
    words, how = f"+ {tag}" if asked else tag, Qt.TextElideMode.ElideRight
    painter.drawText(room, _LEFT, painter.fontMetrics().elidedText(words, how, room.width()))
