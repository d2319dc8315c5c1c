"""The panels around the pictures of one project, each in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from curator.ui.context import Context
from curator.ui.culling import Culling
from curator.ui.finder import Finder
from curator.ui.job_bridge import Ticket
from curator.ui.jobs_button import JobsButton
from curator.ui.main_window import BOTTOM, CULL, LEFT, MainWindow, PanelRow
from curator.ui.panels.jobs import JobsPanel
from curator.ui.panels.sets import SetsPanel
from curator.ui.set_chooser import SetChooser

JOBS_PX = 120


class SidePanels(QObject):
    """Makes them; `rows` says where they stand, `works` what they do for actions."""

    def __init__(
        self,
        window: MainWindow,
        context: Context,
        finder: Finder,
        culling: Culling,
        pictures: QWidget,
    ) -> None:
        super().__init__(window)
        self._window, self._culling = window, culling
        self.sets = SetsPanel(context, finder, window.actions_table.keys_text("put_into_set"))
        self.jobs = JobsPanel(context)
        self.jobs_button = JobsButton(context)
        self._set_chooser = SetChooser(context, pictures)
        self._jobs_were_shown = False
        context.jobs.started.connect(self._show_first_job)
        self.jobs_button.clicked.connect(lambda: window.show_panel("jobs"))

    def rows(self) -> Sequence[PanelRow]:
        """The panels as docks."""
        return (
            PanelRow("sets", "Sets", self.sets, LEFT, (CULL,)),
            PanelRow("jobs", "Jobs", self.jobs, BOTTOM, (), JOBS_PX),
        )

    def works(self) -> Mapping[str, Callable[[], object]]:
        """What the actions about panels do."""
        return {
            "put_into_set": self._set_chooser.ask,
            "out_of_set": lambda: self._culling.put_into(None),
            "new_set": self._new_set,
        }

    def _new_set(self) -> None:
        self._window.show_panel("sets")
        self.sets.ask_name()

    def _show_first_job(self, ticket: Ticket) -> None:
        """Later ones show themselves in the status bar, in case the person put the panel away."""
        if not ticket.is_quiet and not self._jobs_were_shown:
            self._jobs_were_shown = True
            self._window.show_panel("jobs")
