"""The way through what is not decided yet: the next of it, and a second pass over all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QAction, QDesktopServices

from curator.core.culling import next_undecided, waiting_query
from curator.core.query_tree import QueryError
from curator.core.query_words import sort_of, sorted_by
from curator.core.readable import count
from curator.ui.context import Context
from curator.ui.finder import Finder
from curator.ui.notices import Notice

NONE_HERE = "Every picture that is shown is decided."
NONE_LEFT = "Every picture is decided."
SECOND_PASS = "Second pass: {pictures}"
NO_FOLDER = "The folder {folder} can't be shown."


class CullingPasses(QObject):
    """Asks which pictures wait for a decision, off the window's thread, and goes there."""

    def __init__(self, context: Context, finder: Finder, advance: QAction, parent: QObject) -> None:
        """`advance`: the toggle of going on after rating."""
        super().__init__(parent)
        self._context, self._finder, self._advance = context, finder, advance
        self._from_start = False
        finder.found.connect(self._found)
        context.preferences.changed.connect(self._show_advance)
        self._show_advance()

    def works(self) -> Mapping[str, Callable[[], object]]:
        """What the actions do."""
        return {
            "next_unrated": self.next_unrated,
            "second_pass": self.second_pass,
            "auto_advance": self._choose_advance,
            "show_in_folder": self.show_in_folder,
        }

    def next_unrated(self) -> None:
        """Go to the next picture on show that is not decided."""
        project, ids, row = (
            self._context.project,
            self._context.model.ids,
            self._context.current_row,
        )

        def work() -> int | None:
            undecided = frozenset(project.select(waiting_query(project.sets())))
            found = next_undecided(ids, undecided, row)
            return None if found is None else ids[found]

        self._context.read(work, self._go_to, key="next unrated")

    def _go_to(self, image_id: int | None) -> None:
        if image_id is None:
            self._context.said.emit(NONE_HERE)
        elif self._context.model.row_of(image_id) >= 0:
            self._context.selection.go_to(image_id)

    def second_pass(self) -> None:
        """Show all that is not decided, from its start."""
        project, before = self._context.project, self._finder.query

        def work() -> tuple[str, int]:
            query = waiting_query(project.sets())
            with suppress(QueryError):  # what is typed can't be read, so it has no order
                query = sorted_by(query, sort_of(before))
            return query, len(project.select(query))

        self._context.read(work, self._begin_pass, key="second pass")

    def _begin_pass(self, found: tuple[str, int]) -> None:
        query, number = found
        if not number:
            self._context.said.emit(NONE_LEFT)
            return
        self._from_start = True
        self._finder.ask(query)
        self._context.said.emit(SECOND_PASS.format(pictures=count(number, "undecided picture")))

    def _found(self) -> None:
        if self._from_start:
            self._from_start = False
            self._context.go_to_row(0)

    def _choose_advance(self) -> None:
        self._context.preferences.like(auto_advance="yes" if self._advance.isChecked() else "no")

    def _show_advance(self) -> None:
        self._advance.setChecked(self._context.preferences.liking.auto_advance == "yes")

    def show_in_folder(self) -> None:
        """Open the file manager where the current picture's file is."""
        image = self._context.current
        if image is None:
            return
        folder = (self._context.project.root / image.path).parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._context.tell(Notice(NO_FOLDER.format(folder=folder), is_error=True))
