"""What a project's window has for training: the panels, and what the actions do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from curator.core.run_status import Phase
from curator.ui.context import Context
from curator.ui.main_window import BOTTOM, RIGHT, TRAIN, MainWindow, PanelRow
from curator.ui.panels.checkpoints import CheckpointsPanel
from curator.ui.panels.training import TrainingPanel
from curator.ui.training import Training


class TrainingParts(QObject):
    """Made by the session; `rows` are its docks, `works` what its actions do."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self.training = Training(context)
        self.panel = TrainingPanel(context, self.training)
        self.checkpoints = CheckpointsPanel(context, self.training)
        self.rows = (
            PanelRow("training", "Training", self.panel, RIGHT, (TRAIN,)),
            PanelRow(
                "checkpoints", "Checkpoints", self.checkpoints, BOTTOM, (TRAIN,), behind="jobs"
            ),
        )
        self.works: Mapping[str, Callable[[], object]] = {
            "start_training": self._start,
            "pause_training": self.training.pause_or_go_on,
            "save_now": self.training.save_now,
            "sample_now": self.training.sample_now,
            "stop_after_epoch": self.training.stop_after_epoch,
            "stop_training": self.training.stop,
        }
        self.training.changed.connect(self.enable)

    def begin(self) -> None:
        """The project is on show: say which actions apply, and offer what a crash cut off."""
        self.enable()
        self.training.offer_to_go_on()

    def enable(self) -> None:
        """Let those actions be used that mean something now."""
        status, table = self.training.status, self._window.actions_table
        may_ask = bool(status.total) and status.phase is not Phase.STOPPING
        table["start_training"].setEnabled(not status.is_running)
        for name in ("pause_training", "save_now", "sample_now", "stop_after_epoch"):
            table[name].setEnabled(status.is_running and may_ask)
        table["stop_training"].setEnabled(status.is_running and status.phase is not Phase.STOPPING)

    def _start(self) -> None:
        """Start, where one sees what will be started; else go there."""
        is_seen = self.panel.setup.isVisible()
        self._window.go_to_workspace(TRAIN)
        self._window.show_panel("training")
        self.panel.show_setup()
        if is_seen:
            self.panel.setup.start()
