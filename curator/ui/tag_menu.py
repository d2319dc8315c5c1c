"""What is done with the tags that are chosen in a list: keys, a menu, and buttons for filtering."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton

from curator.core import tag_filter
from curator.core.captions import join_tags
from curator.core.query_tree import QueryError
from curator.core.tag_queries import only_tag, with_tag, without_tag
from curator.ui.context import Context
from curator.ui.finder import Finder
from curator.ui.tag_list import TagList
from curator.ui.tag_works import TagWorks

WITH, WITHOUT, ONLY, CLEAR = "With", "Without", "Only", "Clear"


class TagMenu(QObject):
    """`buttons`: by their words, for a row below the list."""

    def __init__(self, context: Context, finder: Finder, tags: TagList) -> None:
        super().__init__(tags)
        self._context, self._finder, self._list = context, finder, tags
        self.works = TagWorks(context)
        self.menu = QMenu(tags)
        self.buttons: dict[str, QToolButton] = {}
        self._add_filtering()
        self._add_changes()
        tags.menu_asked.connect(self._open)
        tags.pressed_tag.connect(self.toggle)
        tags.chosen_changed.connect(self.look)
        finder.asked.connect(self.look)
        self.look()

    def _add_filtering(self) -> None:
        for word, hint, key, work in (
            (WITH, "Show pictures with it too", "+", lambda: self._filter(wanted=True)),
            (WITHOUT, "Show pictures without it", "-", lambda: self._filter(wanted=False)),
            (ONLY, "Ask for nothing else", "=", self._ask_only),
            (CLEAR, "Ask for no tag", "Escape", self._clear),
        ):
            action = self._add(hint, key, work)
            button = QToolButton()
            button.setText(word)
            button.setToolTip(action.toolTip())
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(action.trigger)
            self.buttons[word] = button

    def _add_changes(self) -> None:
        works = self.works
        self.menu.addSeparator()
        for words, key, work in (
            ("Replace…", "F2", works.replace),
            ("Several into one…", "Ctrl+J", works.consolidate),
            ("Split into several…", "", works.split),
            ("Move to the front…", "Ctrl+Home", works.move_to_front),
            ("Delete…", "Delete", works.delete),
        ):
            self._add(words, key, partial(self._do, work))
        self.menu.addSeparator()
        self._add("Give to the selected pictures", "Insert", self._give)
        self._add("Ask in which pictures it is", "", self._sweep)
        self._add("Pin as a trigger word", "", partial(self._do, works.pin))
        self._add("Add to the undesired tags", "", partial(self._do, works.undesire))
        self._add("Copy", "Ctrl+C", self._copy)

    def _do(self, work: Callable[[Sequence[str]], None]) -> None:
        if chosen := self._list.chosen():
            work(chosen)

    def _add(self, words: str, key: str, work: Callable[[], object]) -> QAction:
        action = QAction(words, self._list)
        if key:
            action.setShortcut(QKeySequence(key))
            action.setToolTip(f"{words.rstrip('…')} ({key})")
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _on=False: work())
        self._list.addAction(action)
        self.menu.addAction(action)
        return action

    def asked(self) -> Mapping[str, bool]:
        """The tags that the filter names, folded: True for with, False for without."""
        try:
            return tag_filter.asked_tags(self._finder.query)
        except QueryError:
            return {}  # the filter bar says what is wrong with it

    def look(self) -> None:
        """Mark what the filter asks for, and what can be done."""
        asked, is_chosen = self.asked(), bool(self._list.chosen())
        self._list.tags.show_asked(asked)
        for word, button in self.buttons.items():
            button.setEnabled(bool(asked) if word == CLEAR else is_chosen)

    # -- filtering

    def _ask(self, change: Callable[[str], str]) -> None:
        try:
            self._finder.ask(change(self._finder.query))
        except QueryError as error:
            self._context.tell_error(error)

    def toggle(self, tag: str) -> None:
        """Show the pictures with this tag, in place of another one; again, no tag is asked for."""
        self._ask(lambda query: tag_filter.toggled(query, tag))

    def _filter(self, wanted: bool) -> None:
        def changed(query: str) -> str:
            for tag in self._list.chosen():
                query = with_tag(query, tag) if wanted else without_tag(query, tag)
            return query

        self._ask(changed)

    def _ask_only(self) -> None:
        chosen = self._list.chosen()

        def changed(query: str) -> str:
            query = only_tag(query, chosen[0])
            for tag in chosen[1:]:
                query = with_tag(query, tag)
            return query

        if chosen:
            self._ask(changed)

    def _clear(self) -> None:
        if self.asked():
            self._ask(tag_filter.without_tags)

    # -- the rest

    def _give(self) -> None:
        self.works.give(self._list.chosen(), self._context.selection.meant())

    def _sweep(self) -> None:
        for tag in self._list.chosen()[:1]:
            self._context.sweep_wanted.emit(tag)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(join_tags(self._list.chosen()))

    def _open(self, place: QPoint) -> None:
        self.menu.popup(place)
