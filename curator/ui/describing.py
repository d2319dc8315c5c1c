"""Describing in the window: asked for in a dialog, done by a job, written as it comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from curator.core.errors import UserError
from curator.core.installed_models import InstalledModel, installed, model_for
from curator.core.model_table import known_models
from curator.core.readable import count
from curator.ui.context import Context
from curator.ui.dialogs.describe import TITLE, Described, DescribeDialog
from curator.ui.job_bridge import Ticket
from curator.ui.main_window import MainWindow
from curator.ui.model_reports import tell_of_model

if TYPE_CHECKING:
    from curator.tasks.caption_images import DescribeReport

KIND = "captioner"
NOTHING = "No picture is shown."
ALL_DESCRIBED = "Every picture has a text already."


class Describing(QObject):
    """Selected pictures where there are several, else all that are shown."""

    def __init__(
        self, context: Context, window: MainWindow, show_models: Callable[[str, str], None]
    ) -> None:
        super().__init__(window)
        self._context, self._window, self._show_models = context, window, show_models
        self._dialog: DescribeDialog | None = None
        context.models_changed.connect(self._look_again)

    def works(self) -> Mapping[str, Callable[[], object]]:
        """What the action does."""
        return {"describe": self.ask}

    def ask(self) -> None:
        """Ask by which model."""
        if not self._context.several_or_shown():
            self._context.said.emit(NOTHING)
            return
        self._context.read(_captioners, self._bring_up, key="captioners", of_files=True)

    def _bring_up(self, captioners: list[InstalledModel]) -> None:
        if self._dialog is None:
            self._dialog = DescribeDialog(self._context.preferences, self._window)
            self._dialog.asked.connect(self._start)
            self._dialog.models_asked.connect(lambda: self._show_models(KIND, ""))
        self._dialog.bring_up(len(self._context.several_or_shown()), captioners)

    def _look_again(self) -> None:
        dialog = self._dialog
        if dialog is not None and dialog.isVisible():
            self._context.read(_captioners, dialog.offer, key="captioners", of_files=True)

    def _start(self, asked: Described) -> None:
        from curator.tasks.caption_images import (
            PROMPTS,
            Endpoint,
            LocalCaptioner,
            caption_images,
        )

        how: Endpoint | LocalCaptioner
        if asked.folder is not None:
            how = LocalCaptioner(asked.folder, asked.detail)
        else:
            prompt = asked.prompt or PROMPTS[asked.detail]
            how = Endpoint(asked.address, asked.model, prompt, asked.key)
            try:
                how.opened()
            except UserError as error:
                if self._dialog is not None:
                    self._dialog.complain(str(error))
                return
        if self._dialog is not None:
            self._dialog.close()
        self._context.jobs.start(
            TITLE,
            caption_images,
            self._context.project,
            self._context.several_or_shown(),
            how.opened,
            asked.rule,
            self._context.make,
            on_end=self._ended,
        )

    def _ended(self, ticket: Ticket) -> None:
        report: DescribeReport | None = tell_of_model(self._context, ticket, TITLE, "described")
        if report is None:
            return
        if report.described:
            words = f"{count(len(report.described), 'picture')} described by {report.model}."
            self._context.done.emit(words)
        elif not report.failed:
            self._context.said.emit(ALL_DESCRIBED)


def _captioners() -> list[InstalledModel]:
    """The one in use first, then the others that are there."""
    found = [model_for(KIND), *(installed(one) for one in known_models() if one.kind == KIND)]
    there = {one.path: one for one in found if one is not None and one.is_there}
    return list(there.values())
