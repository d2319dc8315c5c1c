"""What is on show: the query and its grouping, asked off the window's thread.

A picture that an edit takes out of the query stays until the query is asked again, so that nothing
vanishes under the cursor; what was removed goes, what came in comes at once.
"""

from __future__ import annotations

from array import array

from PySide6.QtCore import QObject, QTimer, Signal

from curator.core.edits import IMAGE, SET, SETTING, Edit
from curator.core.errors import UserError
from curator.core.grouping import Grouped
from curator.core.query_tree import QueryError
from curator.ui.context import Context

PART = 10_000
FOLLOWING_RULE = ("bucket", "crop_loss", "upscale", "fit")  # words of the query language
SETTLE_MS = 120  # after an edit, before its effect on the query is looked up


class Finder(QObject):
    """Asks the query and fills the model; `outdated` counts pictures that no longer match."""

    asked = Signal()  # the query or the grouping is another one
    found = Signal()
    refused = Signal(object)  # a QueryError
    outdated = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.query = ""
        self.group_by = ""
        self.total = 0
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._compare)
        context.edited.connect(self._hear)
        context.measured.connect(self._hear_measures)
        context.eye.rule_changed.connect(self._hear_rule)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not self._context.model.ids

    def ask(self, query: str | None = None, group_by: str | None = None) -> None:
        """Ask a query, or the same one again."""
        self.query = self.query if query is None else query
        self.group_by = self.group_by if group_by is None else group_by
        self.asked.emit()
        self._run()

    def _run(self) -> None:
        project, query, group_by = self._context.project, self.query, self.group_by

        def work() -> tuple[Grouped, int] | QueryError:
            try:
                counts = project.group_counts()
                return project.grouped(query, group_by), sum(count for *_group, count in counts)
            except QueryError as error:
                return error

        self._context.read(work, self._show, key="find")

    def _show(self, found: tuple[Grouped, int] | QueryError) -> None:
        if isinstance(found, QueryError):
            self.refused.emit(found)
            return
        grouped, self.total = found
        context = self._context
        before = context.current_row
        context.model.show(grouped.ids, grouped.sections)
        context.selection.keep_only(frozenset(grouped.ids))
        if context.current_row < 0:
            # Where the cursor was, as far as there is one: after a removal that is the next one.
            context.go_to_row(max(before, 0))
            if not grouped.ids:
                context.selection.go_to(None)
        self.outdated.emit(0)
        self.found.emit()

    def _hear(self, edit: Edit) -> None:
        if (IMAGE, "removed") in edit.touched:
            self._run()
        elif (
            self.query
            or self.group_by
            or {SET, SETTING} & {record for record, _field in edit.touched}
        ):
            self._settle.start()

    def _hear_measures(self) -> None:
        if self.query:
            self._settle.start()

    def _hear_rule(self) -> None:
        """Buckets and what is cropped are other ones all at once: nothing there is to wait for."""
        if any(word in self.query.lower() for word in FOLLOWING_RULE):
            self._run()

    def _compare(self) -> None:
        project, query, shown = self._context.project, self.query, self._context.model.ids

        def work() -> int:
            try:
                return apart(shown, project.select(query))
            except UserError:  # a query that is refused was told when it was asked
                return 0

        self._context.read(work, self.outdated.emit, key="compare")


def apart(first: array[int], second: array[int]) -> int:
    """How many ids are in one of two lists alone.

    In small parts: one call about a million would keep the window's thread waiting.
    """
    there: set[int] = set()
    for start in range(0, len(first), PART):
        there.update(first[start : start + PART])
    parts = (second[start : start + PART] for start in range(0, len(second), PART))
    both = sum(len(there.intersection(part)) for part in parts)
    return len(first) + len(second) - 2 * both
