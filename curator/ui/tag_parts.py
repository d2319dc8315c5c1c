"""What a project's window has for the tags of the whole data set: a panel, windows, actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from curator.ui.context import Context
from curator.ui.finder import Finder
from curator.ui.main_window import CAPTION, LEFT, MainWindow, PanelRow
from curator.ui.panels.tags import TagsPanel
from curator.ui.tag_words import TagWords, load
from curator.ui.thumbnail_provider import ThumbnailProvider

if TYPE_CHECKING:
    from curator.core.rule_context import CaptionRule
    from curator.ui.dialogs.bulk_edit import BulkEditWindow
    from curator.ui.dialogs.caption_recipes import CaptionRecipesDialog
    from curator.ui.dialogs.tag_lists import TagListsDialog
    from curator.ui.dialogs.undesired import UndesiredDialog

TAGS_PX = 264
NONE_ALIKE = "No two tags look like one."


class TagParts(QObject):
    """Made by the session; `rows` are its docks, `works` what its actions do.

    The windows, and all that they bring with them, are made when they are first asked for.
    """

    def __init__(
        self,
        context: Context,
        window: MainWindow,
        finder: Finder,
        thumbnails: ThumbnailProvider,
        words: TagWords,
    ) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._thumbnails, self._words = thumbnails, words
        self.bulk: BulkEditWindow | None = None
        self.undesired: UndesiredDialog | None = None
        self.recipes: CaptionRecipesDialog | None = None
        self.lists: TagListsDialog | None = None
        self.panel = TagsPanel(context, finder, words)
        self.rows = (PanelRow("tags", "Tags", self.panel, LEFT, (CAPTION,), TAGS_PX),)
        self.works: Mapping[str, Callable[[], object]] = {
            "edit_many": self.edit_many,
            "find_tag": self._find,
            "tags_alike": self._put_together,
            "undesired_tags": self._show_undesired,
            "caption_recipes": self._show_recipes,
            "tag_lists": self._show_lists,
        }
        context.rules_wanted.connect(self.edit_many)

    def edit_many(
        self, rules: Sequence[CaptionRule] | None = None, ids: Sequence[int] | None = None
    ) -> None:
        """Show the window of bulk edits; `rules` and `ids` are what it begins with."""
        if self.bulk is None:
            from curator.ui.dialogs.bulk_edit import BulkEditWindow

            self.bulk = BulkEditWindow(self._context, self._thumbnails, self._window)
        self.bulk.bring_up(rules, ids)

    def _find(self) -> None:
        self._window.go_to_workspace(CAPTION)
        self._window.show_panel("tags")
        self.panel.typed.setFocus()
        self.panel.typed.selectAll()

    def _put_together(self) -> None:
        """Have all tags that look like one put together, as far as the person wants."""
        project = self._context.project

        def work() -> list[CaptionRule]:
            from curator.core.alike_rules import alike_rules  # NumPy
            from curator.core.tag_suggestions import consolidations

            index, _unread = load(project)
            return alike_rules(consolidations(dict(project.tag_counts()), index))

        self._context.read(work, self._look_at_alike, key="tags-alike", of_files=True)

    def _look_at_alike(self, rules: Sequence[CaptionRule]) -> None:
        if rules:
            self.edit_many(rules)
        else:
            self._context.said.emit(NONE_ALIKE)

    def _show_undesired(self) -> None:
        if self.undesired is None:
            from curator.ui.dialogs.undesired import UndesiredDialog

            self.undesired = UndesiredDialog(self._context, self._window)
        self.undesired.bring_up()

    def _show_recipes(self) -> None:
        if self.recipes is None:
            from curator.ui.dialogs.caption_recipes import CaptionRecipesDialog

            self.recipes = CaptionRecipesDialog(self._context, self._window)
        self.recipes.bring_up()

    def _show_lists(self) -> None:
        if self.lists is None:
            from curator.ui.dialogs.tag_lists import TagListsDialog

            self.lists = TagListsDialog(self._context, self._window)
            self.lists.changed.connect(self._words.load_again)
        self.lists.bring_up()

    def leave(self) -> None:
        """Leave the window; the panel goes with its dock."""
        for one in filter(None, (self.bulk, self.undesired, self.recipes, self.lists)):
            one.close()
            one.deleteLater()
        self.deleteLater()
