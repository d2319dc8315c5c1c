"""The tree of facets and saved filters: headings that fold, and below them values with counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QContextMenuEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem
from typing_extensions import override

from curator.core.readable import count
from curator.ui import rating_marks
from curator.ui.preferences import Preferences
from curator.ui.theme import STEP_PX, Theme

LINE = Qt.ItemDataRole.UserRole
FOLDED = "facets-folded"
_PRESSED = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True, slots=True)
class Line:
    """One value. `term`: what it stands for; `pictures`: how many, None where that is not told."""

    title: str
    term: str
    pictures: int | None = None
    is_asked: bool = False
    filter_id: int | None = None  # of a saved filter

    def spoken(self) -> str:
        """The line for screen readers."""
        number = f", {count(self.pictures, 'picture')}" if self.pictures is not None else ""
        return f"{self.title}{number}{', in the filter' if self.is_asked else ''}"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with its lines; `empty` stands there when it has none."""

    title: str
    lines: Sequence[Line]
    empty: str = ""


class FacetTree(QTreeWidget):
    """Lines are chosen by a click, Enter or Space; with Ctrl, beside those that are."""

    pressed_line = Signal(str, object, bool)  # the block's title, the Line, whether with Ctrl
    menu_asked = Signal(QPoint)  # global

    def __init__(self, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._theme, self._preferences = theme, preferences
        self._blocks: Sequence[Block] = ()
        self.setAccessibleName("Facets")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the pictures
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(True)
        self.setIndentation(3 * STEP_PX)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.itemClicked.connect(self._click)
        self.itemExpanded.connect(self._remember)
        self.itemCollapsed.connect(self._remember)
        theme.changed.connect(self._dress_again)

    def fill(self, blocks: Sequence[Block]) -> None:
        """Show these; where only counts changed, nothing moves."""
        if _shape(blocks) != _shape(self._blocks) or not self.topLevelItemCount():
            self._build(blocks)
        self._blocks = blocks
        for top, block in zip(self._tops(), blocks, strict=True):
            for place, line in enumerate(block.lines):
                item = top.child(place)
                if item is not None:
                    self._dress(item, line)

    def _dress_again(self) -> None:
        self.fill(self._blocks)

    def _tops(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(at) for at in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _build(self, blocks: Sequence[Block]) -> None:
        self.blockSignals(True)
        self.clear()
        folded = self._preferences.remembered_list(FOLDED)
        for block in blocks:
            top = QTreeWidgetItem([block.title])
            font = self.font()
            font.setBold(True)
            top.setFont(0, font)
            self.addTopLevelItem(top)
            top.setFirstColumnSpanned(True)
            for _line in block.lines:
                top.addChild(QTreeWidgetItem())
            if not block.lines:
                self._add_words(top, block.empty)
            top.setExpanded(block.title not in folded)
        self.blockSignals(False)

    def _add_words(self, top: QTreeWidgetItem, words: str) -> None:
        item = QTreeWidgetItem([words])
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setToolTip(0, words)
        top.addChild(item)
        item.setFirstColumnSpanned(True)

    def _dress(self, item: QTreeWidgetItem, line: Line) -> None:
        colours = self._theme.colours
        item.setData(0, LINE, line)
        item.setText(0, line.title)
        item.setText(1, "" if line.pictures is None else f"{line.pictures:,} ")
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(0, line.term)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, line.spoken())
        text = colours.muted if line.pictures == 0 else colours.text
        if line.is_asked:
            text = colours.on_accent
        for column in (0, 1):
            item.setForeground(column, QColor(text))
            ground = QBrush(QColor(colours.accent)) if line.is_asked else QBrush()
            item.setBackground(column, ground)
        if line.title in rating_marks.JUDGEMENTS and line.term == f"is:{line.title}":
            shown = replace(colours, **{line.title: text}) if line.is_asked else colours
            item.setIcon(0, rating_marks.icon(line.title, shown))

    def line_now(self) -> Line | None:
        """The line that the keyboard is at."""
        item = self.currentItem()
        return item.data(0, LINE) if item is not None else None

    def lines(self) -> list[Line]:
        """All lines, from top to bottom."""
        return [line for block in self._blocks for line in block.lines]

    def _click(self, item: QTreeWidgetItem) -> None:
        self._press(item, QGuiApplication.keyboardModifiers())

    def _press(self, item: QTreeWidgetItem, keys: Qt.KeyboardModifier) -> None:
        top = item.parent()
        if top is None:
            item.setExpanded(not item.isExpanded())
            return
        line = item.data(0, LINE)
        if line is not None:
            with_ctrl = bool(keys & Qt.KeyboardModifier.ControlModifier)
            self.pressed_line.emit(top.text(0), line, with_ctrl)

    def _remember(self) -> None:
        folded = [top.text(0) for top in self._tops() if not top.isExpanded()]
        self._preferences.remember(FOLDED, folded)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in _PRESSED and item is not None:
            self._press(item, event.modifiers())
            event.accept()
            return
        super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())


def _shape(blocks: Sequence[Block]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(block.title, [(line.title, line.term) for line in block.lines]) for block in blocks]
