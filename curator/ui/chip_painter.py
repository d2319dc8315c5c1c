"""How a chip looks: a tag on a plate, with who gave it, its kind, and a cross to take it away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from curator.core.caption_chips import Chip
from curator.core.tag_sources import FILE, MANUAL, RULE
from curator.ui.chip_model import ChipModel, Index
from curator.ui.tag_colours import tag_colour
from curator.ui.tag_completer import TagLine, offers_come_first
from curator.ui.tag_words import TagWords
from curator.ui.theme import STEP_PX, Theme

SIGN_PX = 7  # of who gave the tag
CROSS_PX = 14
ROUND_PX = 3
EDIT_PX = 200
_RHOMBUS = ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5))  # a model's
_SIGNS: Mapping[str, Sequence[tuple[float, float]]] = {
    FILE: ((0, 0), (1, 0), (1, 1), (0, 1)),
    RULE: ((0, 1), (0.5, 0), (1, 1)),
}


class ChipDelegate(QStyledItemDelegate):
    """Draws chips; a tag is edited in a line in its place."""

    def __init__(self, view: QListView, model: ChipModel, theme: Theme, words: TagWords) -> None:
        super().__init__(view)
        self._view, self._model, self._theme, self._words = view, model, theme, words
        self.line: TagLine | None = None  # the newest one for editing in place
        self.typed: Callable[[int, str], None] = lambda _row, _text: None

    # -- sizes

    def _plate(self, cell: QRect, mark: int) -> QRect:
        """Where the chip stands in its cell, which has room for a mark behind it."""
        return cell.adjusted(0, 1, -self._mark_width(mark) - STEP_PX, -1)

    def _mark_width(self, mark: int) -> int:
        return self._view.fontMetrics().horizontalAdvance(str(mark)) + 2 * STEP_PX if mark else 0

    def cross(self, index: QModelIndex) -> QRect:
        """Where a click takes a chip away, in the view's pixels."""
        plate = self._plate(self._view.visualRect(index), self._model.mark_of(index.row()))
        return QRect(plate.right() - CROSS_PX - 1, plate.top(), CROSS_PX + 2, plate.height())

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        chip = self._model.chips[index.row()]
        metrics = self._view.fontMetrics()
        sign = SIGN_PX + STEP_PX if _has_sign(chip) else 0
        end = STEP_PX if chip.is_trigger else CROSS_PX
        room = max(self._view.viewport().width() - 2 * STEP_PX, 10 * STEP_PX)
        wide = metrics.horizontalAdvance(chip.tag) + sign + end + 5 * STEP_PX
        wide += self._mark_width(self._model.mark_of(index.row()))
        return QSize(min(wide, room), metrics.height() + 2 * STEP_PX + 2)

    # -- painting

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        chip, mark = self._model.chips[index.row()], self._model.mark_of(index.row())
        plate = self._plate(option.rect, mark)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_here = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self._paint_plate(painter, plate, chip, is_chosen=is_chosen, is_here=is_here)
        self._paint_words(painter, plate, chip, ink)
        if mark:
            self._paint_mark(painter, option.rect, plate, mark)
        painter.restore()

    def _paint_plate(
        self, painter: QPainter, plate: QRect, chip: Chip, *, is_chosen: bool, is_here: bool
    ) -> QColor:
        """The ground; gives the colour of what is written upon it."""
        colours = self._theme.colours
        is_off = chip.is_trigger and not chip.is_on
        ground, ink, rim = colours.panel, colours.text, colours.line
        if chip.is_trigger:
            rim = colours.accent if chip.is_on else colours.line
            ink = colours.muted if is_off else colours.text
        else:
            ink = tag_colour(self._words.category_of(chip.tag), colours)
        if is_chosen:
            ground, ink, rim = colours.accent, colours.on_accent, colours.accent
        pen = QPen(QColor(rim), 1, Qt.PenStyle.DashLine if is_off else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(plate).adjusted(0.5, 0.5, -0.5, -0.5), ROUND_PX, ROUND_PX)
        if is_here:
            painter.setPen(QPen(QColor(colours.text if is_chosen else colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(plate).adjusted(1, 1, -1, -1), ROUND_PX, ROUND_PX)
        return QColor(ink)

    def _paint_words(self, painter: QPainter, plate: QRect, chip: Chip, ink: QColor) -> None:
        place = plate.adjusted(2 * STEP_PX, 0, -STEP_PX, 0)
        painter.setPen(ink)
        if _has_sign(chip):
            sign = QRectF(place.left(), plate.center().y() - SIGN_PX / 2 + 0.5, SIGN_PX, SIGN_PX)
            _paint_sign(painter, sign, chip, ink)
            place.setLeft(place.left() + SIGN_PX + STEP_PX)
        if not chip.is_trigger:
            cross = QRectF(0, 0, SIGN_PX, SIGN_PX)
            cross.moveCenter(QPointF(plate.right() - CROSS_PX / 2, plate.center().y() + 0.5))
            painter.drawLine(cross.topLeft(), cross.bottomRight())
            painter.drawLine(cross.topRight(), cross.bottomLeft())
            place.setRight(place.right() - CROSS_PX)
        text = painter.fontMetrics().elidedText(
            chip.tag, Qt.TextElideMode.ElideRight, place.width()
        )
        font = painter.font()
        font.setStrikeOut(chip.is_trigger and not chip.is_on)
        painter.setFont(font)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_mark(self, painter: QPainter, cell: QRect, plate: QRect, mark: int) -> None:
        """The line behind which the next chunk begins."""
        colour = QColor(self._theme.colours.warning)
        painter.setPen(QPen(colour, 2))
        at = plate.right() + STEP_PX
        painter.drawLine(at, cell.top(), at, cell.bottom())
        place = QRect(at + STEP_PX, cell.top(), cell.right() - at, cell.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, str(mark))

    # -- editing in place

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        self.line = TagLine(self._theme, self._words, "", f"Edit {index.data()}")
        self.line.setParent(parent)
        return self.line

    @override
    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        room = self._view.viewport().width()
        wide = min(max(option.rect.width(), EDIT_PX), room)
        left = min(option.rect.left(), room - wide)
        editor.setGeometry(left, option.rect.top(), wide, option.rect.height())

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, TagLine)
        if not editor.isModified():
            editor.setText(index.data())
            editor.selectAll()

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, TagLine)
        self.typed(index.row(), editor.text())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, TagLine) and offers_come_first(watched, event):
            return False
        return super().eventFilter(watched, event)


def _has_sign(chip: Chip) -> bool:
    return chip.is_trigger or (chip.source is not None and chip.source.by != MANUAL)


def _paint_sign(painter: QPainter, place: QRectF, chip: Chip, ink: QColor) -> None:
    """A dot for a trigger, full when on; the others by who gave the tag."""
    painter.setPen(QPen(ink, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if chip.is_trigger:
        painter.setBrush(ink if chip.is_on else QColor(Qt.GlobalColor.transparent))
        painter.drawEllipse(place)
        return
    corners = _SIGNS.get(chip.source.by if chip.source else "", _RHOMBUS)
    points = [
        QPointF(place.left() + x * place.width(), place.top() + y * place.height())
        for x, y in corners
    ]
    painter.drawPolygon(QPolygonF(points))
