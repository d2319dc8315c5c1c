"""What runs, in the status bar: "Import raccoons 41 %"; shows the jobs when it is pressed."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from curator.ui.context import Context
from curator.ui.job_bridge import JobState, Ticket

LONGEST = 32  # characters of a job's title


class JobsButton(QPushButton):
    """Hidden while nothing runs and nothing failed that nobody looked at."""

    def __init__(self, context: Context) -> None:
        super().__init__(flat=True)
        self._jobs = context.jobs
        self._failed: Ticket | None = None
        self._jobs.started.connect(self._watch)
        self._jobs.ended.connect(self._hear_end)
        self.clicked.connect(self._seen)
        self._show()

    def _watch(self, ticket: Ticket) -> None:
        if not ticket.is_quiet:
            ticket.changed.connect(self._show)
            self._show()

    def _hear_end(self, ticket: Ticket) -> None:
        if ticket.state is JobState.FAILED and not ticket.is_quiet:
            self._failed = ticket
        self._show()

    def _seen(self) -> None:
        self._failed = None
        self._show()

    def _show(self) -> None:
        running = [ticket for ticket in self._jobs.running if not ticket.is_quiet]
        self.setVisible(bool(running or self._failed))
        if running:
            self.setText(_told(running))
        elif self._failed:
            self.setText(f"{_shortened(self._failed.title)} failed")
        self.setAccessibleName(f"Jobs: {self.text()}")
        self.setToolTip("Show the jobs")


def _told(running: list[Ticket]) -> str:
    done = [t.latest.done / t.latest.total for t in running if t.latest and t.latest.total]
    share = f" {sum(done) / len(running):.0%}".replace("%", " %") if done else " …"
    title = _shortened(running[0].title) if len(running) == 1 else f"{len(running)} jobs"
    return title + share


def _shortened(title: str) -> str:
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"
