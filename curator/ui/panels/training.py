"""The panel of a training: one page to set it up, one to watch it."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QPushButton, QTabWidget, QVBoxLayout, QWidget

from curator.ui.context import Context
from curator.ui.run_setup import RunSetup
from curator.ui.run_view import RunView
from curator.ui.theme import STEP_PX
from curator.ui.training import Training, resume_words

NARROWEST_PX = 340


class TrainingPanel(QWidget):
    """Turns to the run when one begins, and to the set-up when a checkpoint is to be continued."""

    def __init__(self, context: Context, training: Training, menu: QMenu) -> None:
        super().__init__()
        self._training = training
        self.setup = RunSetup(context, training, menu)
        self.run = RunView(context, training)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.addTab(self.setup, "Set-up")
        self.tabs.addTab(self.run, "Run")
        self.go_on = QPushButton()
        self.go_on.hide()
        self.setMinimumWidth(NARROWEST_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        column.addWidget(self.go_on)
        column.addWidget(self.tabs)
        self.go_on.clicked.connect(training.go_on)
        training.looked.connect(self._show_resumable)
        training.changed.connect(self._show_resumable)
        training.started.connect(self.show_run)
        training.proposed.connect(lambda _path: self.show_setup())

    def _show_resumable(self) -> None:
        run = self._training.resumable
        self.go_on.setVisible(run is not None and not self._training.status.is_running)
        if run is not None:
            self.go_on.setText(f"Go on with {run.name} {resume_words(run)}")

    def show_run(self) -> None:
        """Turn to the run."""
        self.tabs.setCurrentWidget(self.run)

    def show_setup(self) -> None:
        """Turn to the set-up."""
        self.tabs.setCurrentWidget(self.setup)
