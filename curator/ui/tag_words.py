"""The tags that may be typed and what kind they are, for all who ask; made beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from curator.core.edits import IMAGE, Edit
from curator.core.errors import UserError
from curator.core.tag_categories import Category
from curator.core.view import ProjectView
from curator.ui.context import Context

if TYPE_CHECKING:
    from curator.core.tag_index import Completion, TagIndex

REST_MS = 1500  # after an edit, before the project's tags are counted anew
_FIELDS = {"caption", "removed"}


class TagWords(QObject):
    """Empty until somebody wants it; then it follows the project."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.index: TagIndex | None = None
        self._kinds: dict[str, Category | None] = {}  # for what is painted again and again
        self._is_wanted = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._count_again)
        context.edited.connect(self._hear)

    def want(self) -> None:
        """Somebody is about to ask."""
        if not self._is_wanted:
            self._is_wanted = True
            self.load_again()

    def load_again(self) -> None:
        """Read all lists, for others may be there now."""
        project = self._context.project
        self._context.read(lambda: load(project), self._loaded, key="tags", of_files=True)

    def _loaded(self, found: tuple[TagIndex, Sequence[UserError]]) -> None:
        index, errors = found
        for error in errors:
            self._context.tell_error(error)
        self._show(index)

    def _hear(self, edit: Edit) -> None:
        if any(one.record == IMAGE and one.field in _FIELDS for one in edit.changes):
            self._rest.start()

    def _count_again(self) -> None:
        project, index = self._context.project, self.index
        if index is not None:
            self._context.read(
                lambda: index.with_counts(project.tag_counts()), self._show, key="tags"
            )

    def _show(self, index: TagIndex) -> None:
        self.index = index
        self._kinds.clear()
        self.changed.emit()

    def complete(self, text: str) -> Sequence[Completion]:
        """Tags for what was typed, the best first; none while they are still being read."""
        return self.index.complete(text) if self.index is not None else ()

    def category_of(self, tag: str) -> Category | None:
        """What kind of tag it is, as far as any list says so."""
        if self.index is None:
            return None
        if tag not in self._kinds:
            self._kinds[tag] = self.index.category_of(tag)
        return self._kinds[tag]


def load(project: ProjectView) -> tuple[TagIndex, Sequence[UserError]]:
    """What lists know and the project's tags, and which lists can't be read; may take seconds."""
    from curator.core.installed_tag_lists import known_tags  # numpy, which start-up does without
    from curator.core.tag_index import TagIndex

    known, errors = known_tags()
    return TagIndex(known, project.tag_counts()), errors
