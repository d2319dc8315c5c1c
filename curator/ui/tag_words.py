"""The tags that may be typed and what kind they are, for all who ask; made beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from curator.core.edits import IMAGE, Edit
from curator.core.tag_categories import Category
from curator.core.view import ProjectView
from curator.ui.context import Context

if TYPE_CHECKING:
    from curator.core.tag_index import Completion, TagIndex

LISTS = Path(__file__).resolve().parents[2] / "resources" / "tags"
REST_MS = 1500  # after an edit, before the project's tags are counted anew
_FIELDS = {"caption", "removed"}


class TagWords(QObject):
    """Empty until somebody wants it; then it follows the project."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.index: TagIndex | None = None
        self._is_wanted = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._count_again)
        context.edited.connect(self._hear)

    def want(self) -> None:
        """Somebody is about to ask."""
        if not self._is_wanted:
            self._is_wanted = True
            project = self._context.project
            self._context.read(lambda: load(project), self._show, key="tags", of_files=True)

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
        self.changed.emit()

    def complete(self, text: str) -> Sequence[Completion]:
        """Tags for what was typed, the best first; none while they are still being read."""
        return self.index.complete(text) if self.index is not None else ()

    def category_of(self, tag: str) -> Category | None:
        """What kind of tag it is, as far as any list says so."""
        return self.index.category_of(tag) if self.index is not None else None


def load(project: ProjectView) -> TagIndex:
    """The lists that are there and the tags of the project; takes seconds for long lists."""
    from curator.core.tag_index import TagIndex  # numpy, which start-up does without
    from curator.core.tag_lists import TagList

    lists = [TagList.load(path) for path in sorted(LISTS.glob("*.csv"))]
    return TagIndex(lists, project.tag_counts())
