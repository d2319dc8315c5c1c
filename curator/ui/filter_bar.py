"""The filter: a query typed with help, and how its pictures are sorted and grouped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QWidget

from curator.core.query_completion import Vocabulary
from curator.core.query_tree import QueryError
from curator.core.query_words import sort_of, sorted_by
from curator.ui.actions import GROUPINGS, SORTS
from curator.ui.context import Context
from curator.ui.finder import Finder
from curator.ui.query_edit import QueryEdit
from curator.ui.theme import STEP_PX, WARNING

TYPING_MS = 300  # of rest before what is typed is asked
PLACEHOLDER = "Filter: words, tag:hat, rating:1, width:<512, is:undecided …"
OTHER_SORT = "As typed"
CHOICE_PX = 128
AROUND = 40  # characters of the query around what is wrong with it


class FilterBar(QWidget):
    """Asks the finder as the person types; what is wrong with a query stands below it."""

    def __init__(self, context: Context, finder: Finder) -> None:
        super().__init__()
        self._context, self._finder = context, finder
        self._words_are_due = True
        self.edit = QueryEdit(context.theme, PLACEHOLDER)
        self.problem = _Problem()
        self.sorting = _choice("Sort by", SORTS)
        self.sorting.setPlaceholderText(OTHER_SORT)
        self.grouping = _choice("Group by", GROUPINGS)
        self._typed = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typed.timeout.connect(self.ask)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit, 1)
        for words, choice in (("Sort", self.sorting), ("Group", self.grouping)):
            label = QLabel(words)
            label.setBuddy(choice)
            row.addWidget(label)
            row.addWidget(choice)

    def _connect(self) -> None:
        finder = self._finder
        self.edit.textEdited.connect(lambda _text: self._typed.start())
        self.edit.returnPressed.connect(self.ask)
        self.edit.focused.connect(self._learn)
        self.sorting.activated.connect(lambda _at: self._sort())
        self.grouping.activated.connect(lambda _at: self.ask())
        finder.asked.connect(self._show_query)
        finder.found.connect(self.problem.hide)
        finder.refused.connect(self._explain)
        self._context.edited.connect(self._forget)

    def ask(self) -> None:
        """Ask what is typed."""
        self._typed.stop()
        self._finder.ask(self.edit.text(), self.grouping.currentData())

    def _sort(self) -> None:
        self._typed.stop()
        self._read(
            lambda: sorted_by(self.edit.text(), self.sorting.currentData()), self._finder.ask
        )

    def _read(self, read: Callable[[], str], then: Callable[[str], object]) -> None:
        """Do something with a query's words; one that can't be read is explained."""
        try:
            found = read()
        except QueryError as error:
            self._explain(error)
        else:
            then(found)

    def _show_query(self) -> None:
        query = self._finder.query
        if self.edit.text() != query:
            self.edit.setText(query)
        self.grouping.setCurrentIndex(self.grouping.findData(self._finder.group_by))
        self._read(
            lambda: sort_of(query),
            lambda sort: self.sorting.setCurrentIndex(self.sorting.findData(sort)),
        )

    def _explain(self, error: QueryError) -> None:
        marked = marked_at(self.edit.text(), error.position)
        self.problem.open_below(self.edit, f"{escape(str(error))}<br>{marked}")

    # -- what queries may name

    def _forget(self, _edit: object) -> None:
        self._words_are_due = True
        if self.edit.hasFocus():
            self._learn()

    def _learn(self) -> None:
        """Read sets, tags and formats; only when somebody is about to type them."""
        if self._words_are_due:
            self._words_are_due = False
            self._context.read(self._context.project.vocabulary, self._know, key="vocabulary")

    def _know(self, words: Vocabulary) -> None:
        self.edit.words = words


class _Problem(QLabel):
    """Lies over the pictures, so that nothing moves while somebody types."""

    def __init__(self) -> None:
        super().__init__(wordWrap=True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setForegroundRole(WARNING)
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setMargin(2 * STEP_PX)
        self.hide()

    def open_below(self, line: QueryEdit, text: str) -> None:
        self.setText(text)
        window = line.window()
        if self.parent() is not window:
            self.setParent(window)
        self.resize(line.width(), self.heightForWidth(line.width()))
        self.move(line.mapTo(window, line.rect().bottomLeft()))
        self.show()
        self.raise_()
        line.offers.raise_()


def _choice(name: str, titles: Mapping[str, str]) -> QComboBox:
    choice = QComboBox()
    choice.setAccessibleName(name)
    choice.setToolTip(name)
    choice.setFixedWidth(CHOICE_PX)
    choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    for value, title in titles.items():
        choice.addItem(title, value)
    choice.view().setMinimumWidth(choice.view().sizeHintForColumn(0) + 6 * STEP_PX)
    return choice


def marked_at(query: str, position: int) -> str:
    """The query around a place as rich text, the character there underlined."""
    before, here, after = query[:position], query[position : position + 1], query[position + 1 :]
    before = f"…{before[-AROUND:]}" if len(before) > AROUND else before
    after = f"{after[:AROUND]}…" if len(after) > AROUND else after
    return f"{escape(before)}<u><b>{escape(here) or '&nbsp;'}</b></u>{escape(after)}"
