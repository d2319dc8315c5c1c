"""The filter: a query typed with help, and how its pictures are sorted and grouped."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from curator.core.query_tree import QueryError
from curator.ui.actions import GROUPINGS
from curator.ui.finder import Finder
from curator.ui.theme import STEP_PX

TYPING_MS = 300  # of rest before what is typed is asked
PLACEHOLDER = "Filter: words, tag:hat, rating:1, width:<512, is:undecided …"


class QueryEdit(QLineEdit):
    """A line that lets go with Escape."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
            return
        super().keyPressEvent(event)


class FilterBar(QWidget):
    """Asks the finder as the person types; what is wrong with a query stands below it."""

    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self._finder = finder
        self.edit = QueryEdit(placeholderText=PLACEHOLDER, clearButtonEnabled=True)
        self.edit.setAccessibleName("Filter")
        self.problem = QLabel(wordWrap=True)
        self.problem.setProperty("warning", True)
        self.problem.hide()
        self.grouping = QComboBox()
        self.grouping.setAccessibleName("Group by")
        for by, title in GROUPINGS.items():
            self.grouping.addItem(title, by)
        self._typed = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typed.timeout.connect(self.ask)
        self._lay_out()
        self.edit.textEdited.connect(lambda _text: self._typed.start())
        self.edit.returnPressed.connect(self.ask)
        self.grouping.activated.connect(lambda _at: self.ask())
        finder.asked.connect(self._show_query)
        finder.found.connect(self.problem.hide)
        finder.refused.connect(self._explain)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        row = QHBoxLayout()
        row.addWidget(self.edit, 1)
        row.addWidget(QLabel("Group"))
        row.addWidget(self.grouping)
        column.addLayout(row)
        column.addWidget(self.problem)

    def ask(self) -> None:
        """Ask what is typed."""
        self._typed.stop()
        self._finder.ask(self.edit.text(), self.grouping.currentData())

    def _show_query(self) -> None:
        if self.edit.text() != self._finder.query:
            self.edit.setText(self._finder.query)
        self.grouping.setCurrentIndex(self.grouping.findData(self._finder.group_by))

    def _explain(self, error: QueryError) -> None:
        self.problem.setText(str(error))
        self.problem.show()
