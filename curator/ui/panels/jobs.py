"""The jobs panel: what runs and what ended, how far, how long, and what came of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from curator.core.readable import duration
from curator.ui.context import Context
from curator.ui.job_bridge import JobState, Ticket
from curator.ui.notices import error_notice
from curator.ui.theme import MUTED, STEP_PX, WARNING

EMPTY = "Long work, such as an import, shows here how far it is, and afterwards what came of it."
DETAILS_PX = 120
_ENDED = {
    JobState.DONE: "done",
    JobState.CANCELLED: "stopped; what was finished is kept",
    JobState.FAILED: "failed",
}


class JobsPanel(QWidget):
    """A row per job, the newest on top."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._jobs = context.jobs
        self._empty = QLabel(EMPTY, wordWrap=True)
        self._empty.setForegroundRole(MUTED)
        self.clear_button = QPushButton("Clear ended")
        self.clear_button.clicked.connect(self._clear)
        self._lay_out()
        for ticket in self._jobs.tickets:
            self._add(ticket)
        self._jobs.started.connect(self._add)
        self._jobs.ended.connect(self._count)
        self._count()

    def _lay_out(self) -> None:
        inner = QWidget()
        self._rows = QVBoxLayout(inner)
        self._rows.setContentsMargins(2 * STEP_PX, 0, 2 * STEP_PX, STEP_PX)
        self._rows.setSpacing(STEP_PX)
        self._rows.addWidget(self._empty)
        self._rows.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        area.setAccessibleName("Jobs")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, STEP_PX, STEP_PX, 0)
        row.addWidget(area, 1)
        row.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignTop)

    def rows(self) -> list[JobRow]:
        """What is listed, the newest first."""
        items = (self._rows.itemAt(at) for at in range(self._rows.count()))
        widgets = [item.widget() for item in items if item is not None]
        return [row for row in widgets if isinstance(row, JobRow)]

    def _add(self, ticket: Ticket) -> None:
        if not ticket.is_quiet:
            self._rows.insertWidget(0, JobRow(ticket))
            self._count()

    def _count(self, _ticket: object = None) -> None:
        rows = self.rows()
        self._empty.setVisible(not rows)
        self.clear_button.setVisible(bool(rows))
        self.clear_button.setEnabled(any(row.ticket.state is not JobState.RUNNING for row in rows))

    def _clear(self) -> None:
        self._jobs.forget_ended()
        for row in self.rows():
            if row.ticket.state is not JobState.RUNNING:
                self._rows.removeWidget(row)
                row.hide()
                row.deleteLater()
        self._count()


class JobRow(QFrame):
    """One job: its name, its bar and its words, and a button to stop it or to read its report."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__()
        self.ticket = ticket
        title = QLabel(ticket.title)
        title.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(f"Progress of {ticket.title}")
        self.bar.setFixedSize(160, 3 * STEP_PX)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setForegroundRole(MUTED)
        self.cancel_button = QPushButton("Stop")
        self.cancel_button.setAccessibleName(f"Stop {ticket.title}")
        self.cancel_button.clicked.connect(ticket.cancel)
        self.fold = QPushButton("Report")
        self.fold.setCheckable(True)
        self.copy = QPushButton("Copy")
        self.details = QPlainTextEdit(readOnly=True)
        self.details.setAccessibleName(f"Report of {ticket.title}")
        self.details.setFixedHeight(DETAILS_PX)
        self._lay_out(title)
        self.fold.toggled.connect(self.details.setVisible)
        self.fold.toggled.connect(self.copy.setVisible)
        self.copy.clicked.connect(self._copy)
        ticket.changed.connect(self._show)
        # After whoever began the job has said what its report is.
        ticket.ended.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._show()

    def _lay_out(self, title: QLabel) -> None:
        row = QHBoxLayout()
        row.setSpacing(2 * STEP_PX)
        for widget in (title, self.bar):
            row.addWidget(widget)
        row.addWidget(self.words, 1)
        for button in (self.copy, self.fold, self.cancel_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        column.addLayout(row)
        column.addWidget(self.details)
        for hidden in (self.fold, self.copy, self.details):
            hidden.hide()

    def _show(self, _ticket: object = None) -> None:
        is_running = self.ticket.state is JobState.RUNNING
        self.bar.setVisible(is_running)
        self.cancel_button.setVisible(is_running)
        self.cancel_button.setEnabled(not self.ticket.is_stopping)
        if is_running:
            self._show_progress()
        else:
            self._show_end()

    def _show_progress(self) -> None:
        latest = self.ticket.latest
        self.bar.setRange(0, latest.total if latest else 0)
        self.bar.setValue(latest.done if latest else 0)
        if self.ticket.is_stopping:
            self.words.setText("stopping …")
        elif latest is None:
            self.words.setText("begins …")
        else:
            of = f"{latest.done:,} of {latest.total:,}" if latest.total else f"{latest.done:,}"
            time = f"{duration(latest.left_s)} left" if latest.left_s is not None else ""
            self.words.setText(", ".join(part for part in (of, time, latest.note) if part))

    def _show_end(self) -> None:
        error, text = self.ticket.error, self.ticket.report
        self.words.setForegroundRole(WARNING if error is not None else MUTED)
        words = _ENDED[self.ticket.state]
        if error is not None:
            notice = error_notice(error)
            words = f"{words}: {notice.text} {notice.hint}".strip()
            text = text or notice.details
        elif text:
            words = f"{words}: {text.splitlines()[0]}"
        self.words.setText(words)
        self.words.setToolTip(words)
        self.details.setPlainText(text)
        self.fold.setText("Details" if error is not None else "Report")
        self.fold.setVisible(bool(text))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())
