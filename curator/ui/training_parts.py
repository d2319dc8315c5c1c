"""What a project's window has for training: the panels, and what the actions do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from curator.core.run_status import Phase
from curator.ui.context import Context
from curator.ui.key_menu import KeyMenu
from curator.ui.main_window import BOTTOM, RIGHT, TRAIN, MainWindow, PanelRow
from curator.ui.panels.checkpoints import CheckpointsPanel
from curator.ui.panels.training import TrainingPanel
from curator.ui.settings_exchange import SettingsExchange
from curator.ui.training import Training

IN_MENU = (
    *("import_settings", "paste_settings", "lora_settings", "export_settings"),
    "reset_options",
)


class TrainingParts(QObject):
    """Made by the session; `rows` are its docks, `works` what its actions do."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self.training = Training(context)
        self._menu = KeyMenu(window)  # of the set-up
        self.panel = TrainingPanel(context, self.training, self._menu)
        self.exchange = SettingsExchange(context, window, self.panel.setup.request)
        self.checkpoints = CheckpointsPanel(context, self.training)
        self.rows = (
            PanelRow("training", "Training", self.panel, RIGHT, (TRAIN,)),
            PanelRow(
                "checkpoints", "Checkpoints", self.checkpoints, BOTTOM, (TRAIN,), behind="jobs"
            ),
        )
        self.works: Mapping[str, Callable[[], object]] = {
            "start_training": self._start,
            "find_option": self._find_option,
            "reset_options": self.panel.setup.put_all_back,
            "import_settings": self.exchange.open_file,
            "paste_settings": self.exchange.paste,
            "lora_settings": self.exchange.open_lora,
            "export_settings": self.exchange.export,
            "pause_training": self.training.pause_or_go_on,
            "save_now": self.training.save_now,
            "sample_now": self.training.sample_now,
            "stop_after_epoch": self.training.stop_after_epoch,
            "stop_training": self.training.stop,
        }
        self._menu.addActions([window.actions_table[name] for name in IN_MENU])
        self._menu.insertSeparator(window.actions_table["reset_options"])
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
        self._go_to_setup()
        if is_seen:
            self.panel.setup.start()

    def _go_to_setup(self) -> None:
        self._window.go_to_workspace(TRAIN)
        self._window.show_panel("training")
        self.panel.show_setup()

    def _find_option(self) -> None:
        self._go_to_setup()
        self.panel.setup.form.search()
