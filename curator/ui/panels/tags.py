"""The tags panel: every tag with its count and share, to filter by, and to change everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from curator.core.edits import Edit
from curator.core.query_tree import QueryError
from curator.core.readable import count
from curator.core.tag_lines import Order, arranged, fitting, in_groups
from curator.core.tag_queries import tag_term
from curator.core.tag_table import TagRow, companions
from curator.core.view import ProjectView
from curator.ui.context import Context
from curator.ui.finder import Finder
from curator.ui.refresher import Refresher
from curator.ui.related_tags import Related, RelatedTags
from curator.ui.scopes import Scope
from curator.ui.tag_list import TagList
from curator.ui.tag_menu import TagMenu
from curator.ui.tag_words import TagWords
from curator.ui.theme import MUTED, STEP_PX

if TYPE_CHECKING:
    from curator.core.tag_index import TagIndex
    from curator.core.tag_suggestions import Consolidation

SCOPES = {Scope.ALL: "All pictures", Scope.SHOWN: "What is shown", Scope.SELECTED: "Selected"}
FOLDED, GROUPED, ORDER = "tags-folded", "tags-grouped", "tags-order"
EMPTY = "No picture has a tag yet. Write captions at the right, or let a tagger propose them."
NOTHING = "None of these pictures has a tag."
RELATED_MS = 150  # of rest at a tag before what goes with it is looked up
_FIELDS = frozenset({"caption", "removed", "rating", "rejected"})


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows in order, and the titles of groups by their keys."""

    rows: Sequence[TagRow] = ()
    groups: Mapping[str, str] | None = None


class TagsPanel(QWidget):
    """The list with what finds and orders it above, and below it what goes with the chosen tag."""

    def __init__(self, context: Context, finder: Finder, words: TagWords) -> None:
        super().__init__()
        self._context, self._finder, self._words = context, finder, words
        self._found = _Found()
        self.typed = QLineEdit(placeholderText="Find a tag", clearButtonEnabled=True)
        self.typed.setAccessibleName("Find a tag")
        self.scope = _choice("Count tags of", [(title, scope) for scope, title in SCOPES.items()])
        self.order = _choice("Order of tags", [(order.value, order) for order in Order])
        self.grouped = QCheckBox("Groups")
        self.list = TagList(context.theme)
        self.related = RelatedTags()
        self.about = QLabel(wordWrap=True)
        self.about.setForegroundRole(MUTED)
        self.menu = TagMenu(context, finder, self.list)
        self._looking = QTimer(self, singleShot=True, interval=RELATED_MS)
        self._remember()
        self._lay_out()
        self._refresher = Refresher(self, context, self._work, self._show, _concerns)
        self._connect()

    def _remember(self) -> None:
        """Begin as it was left."""
        kept = self._context.preferences
        self._folded = set(kept.remembered_list(FOLDED))
        self.grouped.setToolTip("Hair, eyes, clothes and the like below headings of their own")
        self.grouped.setChecked(str(kept.remembered(GROUPED, "no")) == "yes")
        self.order.setCurrentIndex(max(self.order.findText(str(kept.remembered(ORDER, ""))), 0))

    def _lay_out(self) -> None:
        upper, choices, buttons = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (upper, choices, buttons):
            row.setSpacing(STEP_PX)
        upper.addWidget(self.typed, 1)
        upper.addWidget(self.grouped)
        choices.addWidget(self.scope, 1)
        choices.addWidget(self.order, 1)
        for button in self.menu.buttons.values():
            buttons.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setSpacing(STEP_PX)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.addLayout(upper)
        column.addLayout(choices)
        column.addWidget(self.list, 1)
        column.addWidget(self.about)
        column.addLayout(buttons)
        column.addWidget(self.related)

    def _connect(self) -> None:
        context = self._context
        self.typed.textChanged.connect(lambda _text: self._fill())
        self.typed.returnPressed.connect(self._enter_list)
        self.scope.activated.connect(lambda _at: self._refresher.now())
        self.order.activated.connect(lambda _at: self._reorder())
        self.grouped.toggled.connect(self._group)
        self.list.folded.connect(self._fold)
        self.list.chosen_changed.connect(self._looking.start)
        self._looking.timeout.connect(self._look_for_related)
        self.related.tag_wanted.connect(self.list.go_to)
        self.related.consolidation_wanted.connect(
            lambda tags, into: self.menu.works.consolidate(tags, into)
        )
        context.model.modelReset.connect(lambda: self._hear_scope(Scope.SHOWN))
        context.selection.changed.connect(lambda: self._hear_scope(Scope.SELECTED))
        self._words.changed.connect(self._hear_kinds)
        self._known: object = None  # what the categories of the rows were told by

    # -- what there is

    def _hear_scope(self, scope: Scope) -> None:
        if self.scope.currentData() is scope:
            self._refresher.soon()

    def _hear_kinds(self) -> None:
        index = self._words.index
        if index is not None and index.known is not self._known:
            self._known = index.known
            self._refresher.soon()

    def _work(self) -> Callable[[], _Found | None]:
        project, kinds = self._context.project, self._words.category_of
        scope, order = self.scope.currentData(), self.order.currentData()
        query = self._finder.query if scope is Scope.SHOWN else ""
        ids = self._context.selection.meant() if scope is Scope.SELECTED else None

        def work() -> _Found | None:
            from curator.core.tag_groups import tag_groups
            from curator.core.tag_scope import rows_of_ids, rows_of_query

            try:
                rows = (
                    rows_of_query(project, query, kinds)
                    if ids is None
                    else rows_of_ids(project, ids, kinds)
                )
            except QueryError:
                return None  # the filter bar says what is wrong with it
            titles = {group.key: group.title for group in tag_groups().values()}
            return _Found(arranged(rows, order), titles)

        return work

    def _show(self, found: _Found | None) -> None:
        if found is not None:
            self._found = found
            self._fill()
            self._looking.start()
        self._words.want()  # not before, for reading long lists slows the first look down

    def _fill(self) -> None:
        whole = self._found.rows
        rows = fitting(whole, self.typed.text())
        # What is looked for is shown, folded or not.
        folded = set() if self.typed.text().strip() else self._folded
        is_grouped = self.grouped.isChecked()
        lines = in_groups(rows, self._found.groups or {}, folded) if is_grouped else rows
        self.list.fill(lines, self.menu.asked())
        of_all = f" of {len(whole):,}" if len(rows) < len(whole) else ""
        empty = EMPTY if self.scope.currentData() is Scope.ALL else NOTHING
        self.about.setText(f"{count(len(rows), 'tag')}{of_all}" if whole else empty)

    def _look_for_related(self) -> None:
        """Look up what goes with the tag that is chosen alone."""
        chosen, index = self.list.chosen(), self._words.index
        if len(chosen) != 1:
            self.related.show_related(Related())
            return
        project, tag = self._context.project, chosen[0]
        self._context.read(
            lambda: related_to(project, tag, index), self.related.show_related, key="related-tags"
        )

    # -- what the person does

    def _enter_list(self) -> None:
        self.list.setFocus()
        if not self.list.chosen():
            self.list.selectRow(max(self.list.currentIndex().row(), 0))

    def _reorder(self) -> None:
        self._context.preferences.remember(ORDER, self.order.currentText())
        self._refresher.now()

    def _group(self, is_on: bool) -> None:
        self._context.preferences.remember(GROUPED, "yes" if is_on else "no")
        self._fill()
        self.list.scrollTo(self.list.currentIndex())

    def _fold(self, group: str) -> None:
        self._folded ^= {group}
        self._context.preferences.remember(FOLDED, sorted(self._folded))
        self._fill()


def related_to(project: ProjectView, tag: str, index: TagIndex | None) -> Related:
    """What is always beside a tag, and as far as the lists are read what may mean the same."""
    beside = companions(tag, project.tags_of(project.select(tag_term(tag))))
    same = alike(project, index) if index is not None else []
    return Related(tag, beside, [one for one in same if tag in (one.into, *one.tags)])


def alike(project: ProjectView, index: TagIndex) -> list[Consolidation]:
    """All tags of the project that may be put together."""
    from curator.core.tag_suggestions import consolidations  # NumPy

    return consolidations(dict(project.tag_counts()), index)


def _concerns(edit: Edit) -> bool:
    return any(field in _FIELDS for _record, field in edit.touched)


def _choice(name: str, items: Sequence[tuple[str, object]]) -> QComboBox:
    choice = QComboBox()
    choice.setAccessibleName(name)
    choice.setToolTip(name)
    choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    for title, value in items:
        choice.addItem(title, value)
    return choice
