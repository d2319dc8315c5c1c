"""What goes with a tag: those that are always beside it, and those that may mean the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from curator.core.captions import join_tags
from curator.core.readable import percent
from curator.core.tag_table import Companion
from curator.ui.literal_text import literal
from curator.ui.theme import MUTED, STEP_PX

if TYPE_CHECKING:
    from curator.core.tag_suggestions import Consolidation

MOST = 4  # lines of each kind
ALWAYS, SAME = "Always with", "Maybe the same: consolidate"


@dataclass(frozen=True, slots=True)
class Related:
    """A tag, the tags that are always beside it, and pairs with those that may mean the same."""

    tag: str = ""
    beside: Sequence[Companion] = ()
    same: Sequence[Consolidation] = ()


class RelatedTags(QWidget):
    """Lines to press: one goes to a tag, the other makes one tag of two."""

    tag_wanted = Signal(str)
    consolidation_wanted = Signal(list, str)  # tags, and the one they would become

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[_Line] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def show_related(self, related: Related) -> None:
        """Show what goes with a tag; nothing at all where nothing does."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.lines = []
        self._add(
            f"{ALWAYS} {related.tag}",
            [
                (f"{one.tag}   {percent(one.share)}", partial(self.tag_wanted.emit, one.tag))
                for one in related.beside[:MOST]
            ],
        )
        self._add(
            SAME,
            [
                (
                    f"{join_tags(one.tags)} → {one.into}   {one.why}",
                    partial(self.consolidation_wanted.emit, list(one.tags), one.into),
                )
                for one in related.same[:MOST]
            ],
        )
        self.setVisible(bool(self.lines))

    def _add(self, heading: str, lines: Sequence[tuple[str, Callable[[], object]]]) -> None:
        if not lines:
            return
        label = QLabel(heading, textFormat=Qt.TextFormat.PlainText)
        label.setForegroundRole(MUTED)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        label.setContentsMargins(0, STEP_PX, 0, 0)
        self._column.addWidget(label)
        for text, work in lines:
            line = _Line(text)
            line.clicked.connect(lambda _on=False, work=work: work())
            self._column.addWidget(line)
            self.lines.append(line)


class _Line(QPushButton):
    """A flat button as wide as there is room, its text cut off where it does not fit."""

    def __init__(self, text: str) -> None:
        super().__init__(flat=True)
        self.whole = text
        self.setAccessibleName(text)
        self.setToolTip(literal(text))
        self.setStyleSheet("text-align: left;")  # which a button can't be told otherwise
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - 4 * STEP_PX
        how = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self.whole, how, room))

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().height() + 2 * STEP_PX)
