"""What a tagger found in one picture: its tags with their scores as bars, the surest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)
from typing_extensions import override

from curator.core.tag_scores import Found
from curator.core.tagger_records import TagGroup
from curator.ui.theme import STEP_PX, Theme

SCORE = Qt.ItemDataRole.UserRole
PROPOSED = Qt.ItemDataRole.UserRole + 1
BAR_PX = 3
RATING = "rating: {}"


class ScoreList(QTreeWidget):
    """Bold and with a bar in colour is what is proposed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(columnCount=2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setItemDelegate(_BarDelegate(theme, self))
        self.setAccessibleName("Scores of the picture")
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, self.header().ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, self.header().ResizeMode.ResizeToContents)
        theme.changed.connect(self.viewport().update)

    def show_found(self, found: Sequence[Found], proposed: Collection[str]) -> None:
        """Show what was found, of which these tags are proposed."""
        place = self.verticalScrollBar().value()
        self.clear()
        rows = []
        for one in sorted(found, key=lambda one: -one.score):
            is_rating = one.group == TagGroup.RATING
            name = RATING.format(one.tag) if is_rating else one.tag
            row = QTreeWidgetItem([name, f"{one.score:.2f}"])
            is_proposed = one.tag in proposed and not is_rating
            row.setData(0, SCORE, one.score)
            row.setData(0, PROPOSED, is_proposed)
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            font = self.font()
            font.setBold(is_proposed)
            row.setFont(0, font)
            rows.append(row)
        self.addTopLevelItems(rows)
        self.verticalScrollBar().setValue(place)


class _BarDelegate(QStyledItemDelegate):
    """Draws a thin bar below the name, as long as the score is high."""

    def __init__(self, theme: Theme, parent: QTreeWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        if index.column() != 0:
            return
        colours = self._theme.colours
        area: QRect = option.rect.adjusted(STEP_PX, 0, -STEP_PX, -1)
        width = round(area.width() * float(index.data(SCORE)))
        bar = QRect(area.left(), area.bottom() - BAR_PX + 1, width, BAR_PX)
        painter.fillRect(bar, QColor(colours.accent if index.data(PROPOSED) else colours.line))

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return super().sizeHint(option, index) + QSize(0, 2 * BAR_PX)
