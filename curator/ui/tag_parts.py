"""What a project's window has for the tags of the whole data set: windows and actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject

from curator.core.rule_context import CaptionRule
from curator.ui.context import Context
from curator.ui.dialogs.bulk_edit import BulkEditWindow
from curator.ui.dialogs.caption_recipes import CaptionRecipesDialog
from curator.ui.dialogs.undesired import UndesiredDialog
from curator.ui.main_window import MainWindow
from curator.ui.thumbnail_provider import ThumbnailProvider

Asked = UndesiredDialog | CaptionRecipesDialog


class TagParts(QObject):
    """Made by the session; `works` are what its actions do."""

    def __init__(self, context: Context, window: MainWindow, thumbnails: ThumbnailProvider) -> None:
        super().__init__(window)
        self._context, self._window, self._thumbnails = context, window, thumbnails
        self._bulk: BulkEditWindow | None = None
        self._windows: dict[type[Asked], Asked] = {}
        self.works: Mapping[str, Callable[[], object]] = {
            "edit_many": self.edit_many,
            "undesired_tags": partial(self._show, UndesiredDialog),
            "caption_recipes": partial(self._show, CaptionRecipesDialog),
        }
        context.rules_wanted.connect(self.edit_many)

    def edit_many(
        self, rules: Sequence[CaptionRule] | None = None, ids: Sequence[int] | None = None
    ) -> None:
        """Show the window of bulk edits; `rules` and `ids` are what it begins with."""
        if self._bulk is None:
            self._bulk = BulkEditWindow(self._context, self._thumbnails, self._window)
        self._bulk.bring_up(rules, ids)

    def _show(self, kind: type[Asked]) -> None:
        """Show a window that is made when it is first asked for."""
        if kind not in self._windows:
            self._windows[kind] = kind(self._context, self._window)
        self._windows[kind].bring_up()

    def leave(self) -> None:
        """Leave the window; the panel goes with its dock."""
        for one in (*self._windows.values(), *filter(None, (self._bulk,))):
            one.close()
            one.deleteLater()
        self.deleteLater()
