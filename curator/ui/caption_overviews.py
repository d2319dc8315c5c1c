"""What looks at all captions together: the trigger wizard, the coverage map, and their actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject

from curator.core.traits import GroupOf
from curator.ui.context import Context
from curator.ui.dialogs.trigger_wizard import Knowledge, TriggerWizard
from curator.ui.main_window import CAPTION, RIGHT, MainWindow, PanelRow
from curator.ui.panels.coverage import CoveragePanel
from curator.ui.panels.lint import LintPanel
from curator.ui.thumbnail_provider import ThumbnailProvider

OVERVIEW_PX = 380


class CaptionOverviews(QObject):
    """Made by the session; `rows` are its docks, `works` what its actions do."""

    def __init__(self, context: Context, window: MainWindow, thumbnails: ThumbnailProvider) -> None:
        super().__init__(window)
        self._context, self._window, self._thumbnails = context, window, thumbnails
        self._wizard: TriggerWizard | None = None
        self.coverage = CoveragePanel(context, _groups)
        self.lint = LintPanel(context)
        self.rows = tuple(
            PanelRow(name, title, panel, RIGHT, (), OVERVIEW_PX, behind="caption")
            for name, title, panel in (
                ("coverage", "Coverage", self.coverage),
                ("lint", "Check", self.lint),
            )
        )
        self.works: Mapping[str, Callable[[], object]] = {
            "trigger_wizard": self.ask_trigger,
            "coverage": partial(self._show, "coverage"),
            "lint": partial(self._show, "lint"),
        }

    def _show(self, panel: str) -> None:
        self._window.go_to_workspace(CAPTION)
        self._window.show_panel(panel)

    def ask_trigger(self) -> None:
        """Bring up the trigger wizard."""
        if self._wizard is None:
            self._wizard = TriggerWizard(self._context, self._thumbnails, _knowledge, self._window)
            self._wizard.destroyed.connect(self._forget_wizard)
        self._wizard.bring_up()

    def _forget_wizard(self) -> None:
        self._wizard = None

    def leave(self) -> None:
        """Leave the window; the panels go with their docks."""
        if self._wizard is not None:
            self._wizard.close()
        self.deleteLater()


def _groups() -> GroupOf:
    from curator.core.tag_groups import group_of

    return group_of


def _knowledge() -> Knowledge:
    from curator.core.installed_tag_lists import known_tags  # NumPy

    known, _unread = known_tags()
    return Knowledge(_groups(), lambda word: known.row_of(word) is not None)
