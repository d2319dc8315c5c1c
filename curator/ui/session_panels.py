"""What stands around the pictures of one project: panels, the status line, the workspaces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject

from curator.ui.balance_popover import BalancePopover
from curator.ui.context import Context
from curator.ui.culling import Culling
from curator.ui.culling_passes import CullingPasses
from curator.ui.duplicates import Duplicates
from curator.ui.epoch import EpochWatch
from curator.ui.finder import Finder
from curator.ui.job_bridge import JobState, Ticket
from curator.ui.jobs_button import JobsButton
from curator.ui.main_window import BOTTOM, CULL, LEFT, PREPARE, RIGHT, TRAIN, MainWindow, PanelRow
from curator.ui.panels.buckets import BucketsPanel
from curator.ui.panels.details import DetailsPanel
from curator.ui.panels.facets import FacetsPanel
from curator.ui.panels.history import HistoryPanel
from curator.ui.panels.jobs import JobsPanel
from curator.ui.panels.sets import SetsPanel
from curator.ui.pictures import PicturesArea
from curator.ui.quality import Quality
from curator.ui.set_chooser import SetChooser
from curator.ui.status_line import StatusLine
from curator.ui.undo_words import UndoWords
from curator.ui.workspace_switch import WorkspaceSwitch

LEFT_PX, RIGHT_PX, JOBS_PX = 232, 264, 120
FACETS_PX, SETS_PX, BUCKETS_PX = 380, 340, 290


class Surroundings(QObject):
    """Makes them; `rows` says where the panels stand, `works` what actions do with them."""

    def __init__(
        self,
        window: MainWindow,
        context: Context,
        finder: Finder,
        culling: Culling,
        pictures: PicturesArea,
    ) -> None:
        super().__init__(window)
        self._context, self._window, self._culling = context, window, culling
        table = window.actions_table
        self.epochs = EpochWatch(context)
        self.facets = FacetsPanel(context, finder, table.keys_text("save_filter"))
        self.sets = SetsPanel(context, finder, table.keys_text("put_into_set"))
        self.details = DetailsPanel(context)
        self.buckets = BucketsPanel(context, finder, table["trainers_eye"])
        context.eye.take_action(table["trainers_eye"])
        self.history = HistoryPanel(context)
        self.jobs = JobsPanel(context)
        self.jobs_button = JobsButton(context)
        self.status = StatusLine(context, finder, culling, self.epochs, table)
        self.switch = WorkspaceSwitch(window, table, self.epochs, context.theme)
        self.balance = BalancePopover(context, self.epochs, window)
        self.passes = CullingPasses(context, finder, table["auto_advance"], self)
        self.quality = Quality(context, finder, table["quality_badges"], window)
        self.duplicates = Duplicates(context, table["duplicates"], window)
        self._undo_words = UndoWords(context, table, self)
        self._set_chooser = SetChooser(context, pictures)
        self._jobs_were_shown = False
        context.jobs.started.connect(self._show_first_job)
        context.jobs.ended.connect(self._hide_jobs)
        self.jobs_button.clicked.connect(lambda: window.show_panel("jobs"))
        self.duplicates.counted.connect(self.switch.show_groups)
        self.status.balance_asked.connect(self.balance.toggle)

    def rows(self) -> Sequence[PanelRow]:
        """The panels as docks."""
        return (
            PanelRow("facets", "Facets", self.facets, LEFT, (CULL,), LEFT_PX, FACETS_PX),
            PanelRow("sets", "Sets", self.sets, LEFT, (CULL,), LEFT_PX, SETS_PX),
            PanelRow("details", "Details", self.details, RIGHT, (CULL,), RIGHT_PX),
            PanelRow(
                "buckets",
                "Buckets",
                self.buckets,
                RIGHT,
                (CULL, PREPARE),
                RIGHT_PX,
                BUCKETS_PX,
                behind="details",
            ),
            PanelRow(
                "history", "History", self.history, RIGHT, (CULL,), RIGHT_PX, behind="details"
            ),
            PanelRow("jobs", "Jobs", self.jobs, BOTTOM, (), JOBS_PX),
        )

    def settle_in(self) -> None:
        """Take the places in the window, once the panels are docks."""
        self._window.hide_panel("jobs")  # nothing runs yet
        bar = self._window.statusBar()
        bar.addPermanentWidget(self.status, 1)
        bar.addPermanentWidget(self.jobs_button)
        self.epochs.look()

    def leave(self) -> None:
        """Leave the window; the panels go with their docks."""
        for widget in (self.status, self.jobs_button):
            self._window.statusBar().removeWidget(widget)
            widget.deleteLater()
        self.balance.put_away()
        self.balance.deleteLater()
        self._undo_words.forget()
        self.quality.deleteLater()
        self.duplicates.deleteLater()
        self.deleteLater()

    def works(self) -> Mapping[str, Callable[[], object]]:
        """What the actions about panels do."""
        return {
            **self.passes.works(),
            **self.quality.works(),
            **self.duplicates.works(),
            "trainers_eye": self._context.eye.toggle,
            "balance": self.balance.toggle,
            "put_into_set": self._set_chooser.ask,
            "out_of_set": lambda: self._culling.put_into(None),
            "new_set": self._new_set,
            "save_filter": self._save_filter,
        }

    def _new_set(self) -> None:
        self._window.show_panel("sets")
        self.sets.ask_name()

    def _save_filter(self) -> None:
        self._window.show_panel("facets")
        self.facets.ask_name()

    def _show_first_job(self, ticket: Ticket) -> None:
        """Later ones show themselves in the status bar, in case the person put the panel away."""
        is_told_elsewhere = self._window.workspace == TRAIN  # by the panel of the run
        is_small = ticket.is_quiet or ticket.is_modest
        if not (is_small or self._jobs_were_shown or is_told_elsewhere):
            self._jobs_were_shown = True
            self._window.show_panel("jobs")

    def _hide_jobs(self, ticket: Ticket) -> None:
        """Once all went well there is nothing to look at; what came of it was told."""
        jobs = self._context.jobs
        if self._jobs_were_shown and not jobs.running and ticket.state is JobState.DONE:
            self._jobs_were_shown = False
            self._window.hide_panel("jobs")
