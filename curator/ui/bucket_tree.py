"""The buckets as lines: how many pictures train in each, and what they lose on the way there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)
from typing_extensions import override

from curator.core.geometry import Size
from curator.core.readable import count, percent
from curator.core.training_fit import BucketRow
from curator.ui.theme import STEP_PX, Theme

BUCKET, PICTURES, LOSS, ENLARGED = range(4)
HEADS = ("Bucket", "Pictures", "Cropped", "Enlarged")
MEANINGS = (
    "Width and height in pixels that the pictures are trained at",
    "How many pictures train at it",
    "Share of their area that is cropped away, on average",
    "How many of them are enlarged to fill it",
)
ROW = Qt.ItemDataRole.UserRole
FULL = Qt.ItemDataRole.UserRole + 1  # how full the bar is, of 1
_PRESSED = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class BucketLine:
    """A bucket as it is listed; `is_chosen` is None where none are to be chosen."""

    row: BucketRow
    is_asked: bool = False
    is_chosen: bool | None = None

    def spoken(self) -> str:
        """The line for screen readers."""
        row = self.row
        words = f"{row.bucket[0]} by {row.bucket[1]}, {count(row.pictures, 'picture')}"
        if row.pictures:
            words += f", {percent(row.loss)} cropped away, {row.enlarged:,} enlarged"
        return f"{words}, in the filter" if self.is_asked else words


def bucket_lines(
    rows: Sequence[BucketRow], listed: Sequence[Size], asked: Collection[Size], few: Sequence[Size]
) -> list[BucketLine]:
    """The buckets with pictures; where a few are chosen also all others, to choose from."""
    if not few:
        return [BucketLine(row, row.bucket in asked) for row in rows]
    full = {row.bucket: row for row in rows}
    rest = [bucket for bucket in listed if bucket not in full]
    empty = [BucketRow(bucket, 0, 0, 0.0) for bucket in sorted(rest, key=lambda b: b not in few)]
    return [BucketLine(row, is_chosen=row.bucket in few) for row in (*rows, *empty)]


class BucketTree(QTreeWidget):
    """A click asks for a bucket's pictures, with Ctrl for those of several."""

    asked = Signal(object, bool)  # a bucket, whether with Ctrl
    chosen = Signal(object, bool)  # a bucket that was ticked or not

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: Sequence[BucketLine] = ()
        self.setAccessibleName("Buckets")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the pictures
        self.setColumnCount(len(HEADS))
        self.setHeaderLabels(HEADS)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegateForColumn(PICTURES, _Bars(self, theme))
        self.header().setStretchLastSection(False)
        for column, meaning in enumerate(MEANINGS):
            self.headerItem().setToolTip(column, meaning)
            fitted = QHeaderView.ResizeMode.ResizeToContents
            is_wide = column == PICTURES
            self.header().setSectionResizeMode(
                column, QHeaderView.ResizeMode.Stretch if is_wide else fitted
            )
            if column:
                self.headerItem().setTextAlignment(column, _RIGHT)
        self.itemClicked.connect(self._click)
        self.itemChanged.connect(self._tick)
        theme.changed.connect(self._dress_again)

    def lines(self) -> Sequence[BucketLine]:
        """What is shown."""
        return self._lines

    def fill(self, lines: Sequence[BucketLine]) -> None:
        """Show these; the line that the keyboard is at keeps it."""
        here = self.currentItem()
        bucket = here.data(BUCKET, ROW).row.bucket if here is not None else None
        self._lines = lines
        most = max((line.row.pictures for line in lines), default=0) or 1
        place = self.verticalScrollBar().value()
        self.blockSignals(True)
        self.clear()
        for line in lines:
            item = QTreeWidgetItem()
            self._dress(item, line, line.row.pictures / most)
            self.addTopLevelItem(item)
            if line.row.bucket == bucket:
                self.setCurrentItem(item)
        self.blockSignals(False)
        self.verticalScrollBar().setValue(place)

    def _dress_again(self) -> None:
        self.fill(self._lines)

    def _dress(self, item: QTreeWidgetItem, line: BucketLine, full: float) -> None:
        row, colours = line.row, self._theme.colours
        texts = (
            "{} x {}".format(*row.bucket),
            f"{row.pictures:,}",
            percent(row.loss) if row.pictures else "",
            f"{row.enlarged:,}" if row.enlarged else "",
        )
        text = colours.on_accent if line.is_asked else colours.text
        text = text if row.pictures or line.is_chosen else colours.muted
        for column, words in enumerate(texts):
            item.setText(column, words)
            item.setForeground(column, QColor(text))
            if column:
                item.setTextAlignment(column, _RIGHT)
            if line.is_asked:
                item.setBackground(column, QBrush(QColor(colours.accent)))
        item.setData(BUCKET, ROW, line)
        item.setData(PICTURES, FULL, full)
        item.setData(BUCKET, Qt.ItemDataRole.AccessibleTextRole, line.spoken())
        if line.is_chosen is not None:
            state = Qt.CheckState.Checked if line.is_chosen else Qt.CheckState.Unchecked
            item.setCheckState(BUCKET, state)

    def _click(self, item: QTreeWidgetItem) -> None:
        self._ask(item, QGuiApplication.keyboardModifiers())

    def _ask(self, item: QTreeWidgetItem, keys: Qt.KeyboardModifier) -> None:
        line: BucketLine = item.data(BUCKET, ROW)
        if line.is_chosen is None:
            with_ctrl = bool(keys & Qt.KeyboardModifier.ControlModifier)
            self.asked.emit(line.row.bucket, with_ctrl)

    def _tick(self, item: QTreeWidgetItem) -> None:
        line: BucketLine = item.data(BUCKET, ROW)
        is_chosen = item.checkState(BUCKET) == Qt.CheckState.Checked
        if line.is_chosen is not None and is_chosen != line.is_chosen:
            self.chosen.emit(line.row.bucket, is_chosen)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        is_asking = item is not None and item.data(BUCKET, ROW).is_chosen is None
        if event.key() in _PRESSED or (event.key() == Qt.Key.Key_Space and is_asking):
            if item is not None:
                self._ask(item, event.modifiers())
            event.accept()
            return
        super().keyPressEvent(event)


class _Bars(QStyledItemDelegate):
    """Draws how many pictures there are as a bar behind the number."""

    def __init__(self, tree: QTreeWidget, theme: Theme) -> None:
        super().__init__(tree)
        self._theme = theme

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        room = option.rect.adjusted(STEP_PX, 3, -STEP_PX, -3)
        full = float(index.data(FULL) or 0.0)
        if full and index.data(Qt.ItemDataRole.BackgroundRole) is None:
            bar = QRect(room.left(), room.top(), max(2, round(room.width() * full)), room.height())
            painter.fillRect(bar, QColor(self._theme.colours.line))
        super().paint(painter, option, index)
