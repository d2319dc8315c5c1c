"""The facets panel: what pictures have in common, counted, each a click to filter by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from curator.core.edits import save_filter
from curator.core.errors import UserError
from curator.core.facets import Facets
from curator.core.query_tree import QueryError
from curator.core.query_words import choose, chosen
from curator.core.records import SavedFilter
from curator.ui.context import Context
from curator.ui.facet_tree import Block, FacetTree, Line
from curator.ui.finder import Finder
from curator.ui.notices import Notice
from curator.ui.refresher import Refresher
from curator.ui.theme import STEP_PX

SAVED = "Saved"
NAME_HINT = "Name of the filter"
NOTHING_TO_KEEP = "There is no filter to keep: all pictures are shown."


@dataclass(frozen=True, slots=True)
class _Found:
    query: str
    facets: Facets
    asked: frozenset[str]
    filters: Sequence[SavedFilter]


class FacetsPanel(QWidget):
    """A click shows the pictures of one value, with Ctrl of that value too; again takes it back."""

    def __init__(self, context: Context, finder: Finder, save_key: str) -> None:
        """`save_key`: the key that keeps a filter, as it is shown to people."""
        super().__init__()
        self._context, self._finder = context, finder
        self._save_key = save_key
        self._terms: Mapping[str, Sequence[str]] = {}
        self._filters: Sequence[SavedFilter] = ()
        self._naming: SavedFilter | None = None  # as it will be but for its name
        self.tree = FacetTree(context.theme, context.preferences)
        self.name = QLineEdit(placeholderText=NAME_HINT)
        self.name.setAccessibleName(NAME_HINT)
        self.name.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.setSpacing(STEP_PX)
        column.addWidget(self.name)
        column.addWidget(self.tree, 1)
        self._add_actions()
        self.name.returnPressed.connect(self._keep)
        self.name.editingFinished.connect(self.name.hide)
        self.tree.pressed_line.connect(self._ask)
        self.tree.menu_asked.connect(self._open_menu)
        self._refresher = Refresher(self, context, self._work, self._show)
        finder.asked.connect(self._refresher.now)

    def _add_actions(self) -> None:
        self._menu = QMenu(self)
        for words, key, work in (
            ("Rename", "F2", self._rename),
            ("Remove", "Delete", self._remove),
        ):
            action = QAction(words, self.tree, shortcut=QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(work)
            self.tree.addAction(action)
            self._menu.addAction(action)

    # -- what there is

    def _work(self) -> Callable[[], _Found | None]:
        project, query = self._context.project, self._finder.query

        def work() -> _Found | None:
            try:
                facets = project.facets(query)
            except QueryError:
                return None  # the filter bar says what is wrong with it
            terms = [[value.term for value in facet.values] for facet in facets.facets]
            asked = frozenset(term for some in terms for term in chosen(query, some))
            return _Found(query, facets, asked, project.filters())

        return work

    def _show(self, found: _Found | None) -> None:
        if found is None:
            return
        facets = found.facets.facets
        self._filters = found.filters
        self._terms = {facet.title: [value.term for value in facet.values] for facet in facets}
        blocks = [
            Block(
                facet.title,
                [
                    Line(value.title, value.term, value.count, value.term in found.asked)
                    for value in facet.values
                ],
            )
            for facet in facets
            if facet.values
        ]
        saved = [
            Line(one.name, one.query, None, one.query == found.query, one.id)
            for one in found.filters
        ]
        self.tree.fill([*blocks, Block(SAVED, saved, f"{self._save_key} keeps the filter here.")])

    # -- what the person does

    def _ask(self, block: str, line: Line, with_ctrl: bool) -> None:
        query = self._finder.query
        if line.filter_id is not None:
            self._finder.ask("" if line.is_asked else line.term)
            return
        terms = self._terms[block]
        try:
            asked = list(chosen(query, terms))
            wanted = [] if asked == [line.term] else [line.term]
            if with_ctrl:
                kept = [term for term in asked if term != line.term]
                wanted = kept if line.term in asked else [*kept, line.term]
            self._finder.ask(choose(query, terms, wanted))
        except QueryError as error:
            self._context.tell_error(error)

    def ask_name(self) -> None:
        """Let the person name the filter that is asked now, to keep it."""
        query = self._finder.query.strip()
        if query:
            self._name(SavedFilter(self._context.project.new_filter_id(), "", query))
        else:
            self._context.tell(Notice(NOTHING_TO_KEEP))

    def _rename(self) -> None:
        saved = self._saved_now()
        if saved is not None:
            self._name(saved)

    def _name(self, saved: SavedFilter) -> None:
        self._naming = saved
        self.name.setText(saved.name)
        self.name.show()
        self.name.selectAll()
        self.name.setFocus()

    def _keep(self) -> None:
        name, naming = self.name.text().strip(), self._naming
        self.tree.setFocus()
        self.name.hide()
        if name and naming is not None:
            old = next((one for one in self._filters if one.id == naming.id), None)
            self._save(replace(naming, name=name), old)

    def _remove(self) -> None:
        saved = self._saved_now()
        if saved is not None:
            self._save(replace(saved, removed=True), saved)

    def _save(self, new: SavedFilter, old: SavedFilter | None) -> None:
        try:
            self._context.submit(save_filter(new, old))
        except UserError as error:
            self._context.tell_error(error)

    def _saved_now(self) -> SavedFilter | None:
        line = self.tree.line_now()
        filter_id = line.filter_id if line else None
        return next((one for one in self._filters if one.id == filter_id), None)

    def _open_menu(self, place: QPoint) -> None:
        if self._saved_now() is not None:
            self._menu.popup(place)
