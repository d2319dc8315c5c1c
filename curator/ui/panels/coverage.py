"""The coverage panel: what the pictures show by their tags, gaps and surplus, two axes crossed."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from curator.core.coverage import Coverage, counted_in_words, read_coverage
from curator.core.traits import GroupOf
from curator.ui.context import Context
from curator.ui.coverage_matrix import CoverageMatrix
from curator.ui.coverage_tree import CoverageTree
from curator.ui.refresher import Refresher
from curator.ui.theme import MUTED, STEP_PX

READING = "Counting …"
NO_TAGS = (
    "No tag says yet how the pictures are framed or lit. Tag them first; what tags say of framing,"
    " angle, expression, background and light is counted here."
)
EVEN = "No gaps, and nothing takes too large a share."
WEIGHTED = "As often as an epoch shows them"


class CoveragePanel(QWidget):
    """Reads after edits while it is seen; a press shows the pictures."""

    def __init__(self, context: Context, group_of: Callable[[], GroupOf]) -> None:
        """`group_of` is asked in a thread, for it may have to be read."""
        super().__init__()
        self._context, self._load = context, group_of
        self._coverage: Coverage | None = None
        self.counted = QLabel(READING, wordWrap=True)
        self.counted.setForegroundRole(MUTED)
        self.weighted = QCheckBox(WEIGHTED)
        self.findings = QLabel(wordWrap=True)
        self.findings.setTextFormat(Qt.TextFormat.RichText)
        self.findings.setAccessibleName("Gaps and surplus")
        self.findings.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.tree = CoverageTree(context.theme)
        self.rows, self.columns = _axes_box("Rows"), _axes_box("Columns")
        self.matrix = CoverageMatrix(context.theme)
        self._lay_out()
        self._connect()
        self._refresher = Refresher(self, context, self._reading, self._show)

    def _lay_out(self) -> None:
        upper, lower = QWidget(), QWidget()
        above = QVBoxLayout(upper)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(STEP_PX)
        for widget in (self.counted, self.weighted, self.findings):
            above.addWidget(widget)
        above.addWidget(self.tree, 1)
        crossed = QHBoxLayout()
        crossed.addWidget(self.rows, 1)
        crossed.addWidget(QLabel("by"))
        crossed.addWidget(self.columns, 1)
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        below.addLayout(crossed)
        below.addWidget(self.matrix, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(upper)
        split.addWidget(lower)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.addWidget(split)

    def _connect(self) -> None:
        context = self._context
        self.weighted.toggled.connect(lambda _on: self._write())
        self.tree.wanted.connect(context.wanted)
        self.matrix.wanted.connect(context.wanted)
        self.findings.linkActivated.connect(self._follow)
        for box in (self.rows, self.columns):
            box.currentIndexChanged.connect(lambda _at: self._cross())
        context.theme.changed.connect(self._write)

    def begin(self) -> None:
        """Take the keyboard."""
        self.tree.setFocus()

    def _reading(self) -> Callable[[], Coverage]:
        project, load = self._context.project, self._load
        return lambda: read_coverage(project, load())

    def _show(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self._fill_axes(coverage)
        self._write()

    def _fill_axes(self, coverage: Coverage) -> None:
        for box, usual in ((self.rows, 0), (self.columns, 1)):
            if box.count() != len(coverage.axes):
                box.blockSignals(True)
                box.clear()
                for axis in coverage.axes:
                    box.addItem(axis.title, axis.key)
                box.setCurrentIndex(usual)
                box.blockSignals(False)

    def _write(self) -> None:
        coverage = self._coverage
        if coverage is None:
            return
        is_weighted = self.weighted.isChecked()
        self.weighted.setVisible(coverage.is_rated)
        self.counted.setText(counted_in_words(coverage, is_weighted))
        self.findings.setText(self._findings_html(coverage, is_weighted))
        self.tree.show_coverage(coverage, is_weighted)
        self._cross()

    def _findings_html(self, coverage: Coverage, is_weighted: bool) -> str:
        found = coverage.findings(is_weighted)
        if not found:
            is_tagged = any(value.ids for axis in coverage.axes for value in axis.values)
            return EVEN if is_tagged else NO_TAGS
        colours = self._context.theme.colours
        lines = []
        for at, one in enumerate(found):
            colour = colours.warning if one.is_gap else colours.supporting
            words = f'<span style="color:{colour}">{escape(one.words)}</span>'
            lines.append(f'<a href="{at}">{words}</a>' if one.query else words)
        return "<br>".join(lines)

    def _follow(self, link: str) -> None:
        if self._coverage is not None:
            found = self._coverage.findings(self.weighted.isChecked())
            self._context.wanted.emit(found[int(link)].query)

    def _cross(self) -> None:
        coverage = self._coverage
        if coverage is None or self.rows.currentIndex() < 0 or self.columns.currentIndex() < 0:
            return
        rows = coverage.axis(self.rows.currentData())
        columns = coverage.axis(self.columns.currentData())
        self.matrix.show_crossed(coverage, rows, columns, self.weighted.isChecked())


def _axes_box(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    return box
