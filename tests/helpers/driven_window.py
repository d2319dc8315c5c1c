"""A window in a process of its own that rates by keys, and trains; it says what was acknowledged.

Run: python -m tests.helpers.driven_window PREFERENCES PROJECT [OPTION=VALUE...]; with options it
trains as well. Lines: "rated ID RATING" once an edit is on the disk, "state STEP" once a state is.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curator.core.edits import IMAGE, Edit
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.run_plan import TrainRequest
from curator.tasks.export_dataset import ExportOptions, export_dataset
from curator.tasks.train_lora import TrainReport, plan_training, train_lora
from curator.ui.app import App
from curator.ui.preferences import Preferences
from curator.ui.session import Session
from trainer.buckets import BucketRule
from trainer.events import StateSaved

AHEAD = 4  # keys that are pressed before the first of them is acknowledged
REST_MS = 20
KEYS = "120"  # by the rating that a picture has: every key changes something


def train(job: Job, project: Project, options: tuple[str, ...]) -> TrainReport:
    """Export and train on the practice model, as the window's button does."""
    plan = plan_training(project, TrainRequest(base="practice", assignments=options))
    rule = BucketRule.of(plan.config)
    job.hand_over(export_dataset(job, project, project.dataset_dir, ExportOptions(rule=rule)))
    return train_lora(job, plan)


class Driver:
    """Presses the next key whenever one was acknowledged."""

    def __init__(self, session: Session) -> None:
        self._context, self._grid = session.context, session.pictures.grid
        self._pressed = 0
        self._context.edited.connect(self._acknowledge)
        for _ in range(AHEAD):
            self._press()

    def _press(self) -> None:
        if self._pressed % len(self._context.model.ids) == 0:
            QTest.keyClick(self._grid, Qt.Key.Key_Home)
        current = self._context.current
        assert current is not None
        QTest.keyClick(self._grid, KEYS[current.rating])
        self._pressed += 1

    def _acknowledge(self, edit: Edit) -> None:
        for change in edit.changes:
            if change.record == IMAGE and change.field == "rating":
                say("rated", change.id, change.new)
        QTimer.singleShot(REST_MS, self._press)


def say(*words: object) -> None:
    """One line, at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def tell_state(part: Any) -> None:
    """Say that a run can be resumed from a step."""
    if isinstance(part, StateSaved):
        say("state", part.step)


def main(preferences: Path, root: Path, *options: str) -> int:
    """Open the window, and rate until killed."""
    application = QApplication([])
    app = App(application, Preferences(preferences))
    app.window.show()
    app.window.activateWindow()  # keys hold in no other
    app.open_project(root)

    def begin() -> None:
        session = app.session
        if session is None or not session.context.model.ids or not app.window.isActiveWindow():
            return
        opened.stop()
        if options:
            context = session.context
            context.jobs.start("Train", train, context.project, options, on_part=tell_state)
        drivers.append(Driver(session))

    drivers: list[Driver] = []
    opened = QTimer(interval=5)
    opened.timeout.connect(begin)
    opened.start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
