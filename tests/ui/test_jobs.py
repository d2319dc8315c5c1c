"""The jobs panel and its button: how far a job is, how it ended, and what is left to read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget

from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.ui.app import App
from curator.ui.job_bridge import Ticket
from curator.ui.session import Session
from tests.helpers.windows import make_project, session_of, wait_for

Open = Callable[..., App]


def stepwise(job: Job, go_on: threading.Event) -> str:
    """Reports 41 of 90 and waits there."""
    job.progress(41, 90, "photo 41")
    while not go_on.wait(0.01):
        job.check()
    return "done"


def dock_of(session: Session) -> QDockWidget:
    found = session.window.findChild(QDockWidget, "jobs")
    assert found is not None
    return found


def test_a_job_shows_how_far_it_is_and_ends_with_its_report(
    open_window: Open, tmp_path: Path
) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    jobs, panel, button = session.context.jobs, session.around.jobs, session.around.jobs_button
    assert not dock_of(session).isVisible()
    go_on = threading.Event()

    def told(ticket: Ticket) -> None:
        ticket.report = "12 new.\nTwo were rejected."

    jobs.start("Import cats", stepwise, go_on, on_end=told)
    wait_for(lambda: panel.rows()[0].bar.value() == 41, "progress")
    row = panel.rows()[0]
    assert dock_of(session).isVisible()
    assert row.words.text().startswith("41 of 90")
    assert button.text() == "Import cats 46 %"
    go_on.set()
    wait_for(lambda: row.words.text() == "done: 12 new.", "the end")
    assert not button.isVisible()
    assert not row.cancel_button.isVisible()
    assert not dock_of(session).isVisible()
    session.window.show_panel("jobs")
    QTest.mouseClick(row.fold, Qt.MouseButton.LeftButton)
    assert row.details.isVisible()
    assert "Two were rejected." in row.details.toPlainText()
    QTest.mouseClick(panel.clear_button, Qt.MouseButton.LeftButton)
    assert panel.rows() == []
    assert jobs.tickets == []


def test_a_job_is_stopped(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    panel = session.around.jobs
    session.context.jobs.start("Import cats", stepwise, threading.Event())
    row = panel.rows()[0]
    wait_for(lambda: row.bar.value() == 41)
    QTest.mouseClick(row.cancel_button, Qt.MouseButton.LeftButton)
    wait_for(lambda: row.words.text().startswith("stopped"), "the stop")


def test_a_failure_stays_until_somebody_looks(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    panel, button = session.around.jobs, session.around.jobs_button

    def refused(_job: Job) -> None:
        raise UserError("The disk is full.", "Make room.")

    def broken(_job: Job) -> None:
        raise RuntimeError("a bug")

    session.context.jobs.start("Write", refused)
    wait_for(lambda: "The disk is full. Make room." in panel.rows()[0].words.text())
    assert not panel.rows()[0].fold.isVisible()
    session.context.jobs.start("Export", broken)
    wait_for(lambda: "went wrong" in panel.rows()[0].words.text(), "plain words")
    assert "a bug" not in panel.rows()[0].words.text()
    assert "a bug" in panel.rows()[0].details.toPlainText()
    dock_of(session).hide()
    assert button.text() == "Export failed"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert dock_of(session).isVisible()
    assert not button.isVisible()


def test_quiet_jobs_make_no_line(open_window: Open, tmp_path: Path) -> None:
    session = session_of(open_window(make_project(tmp_path)))
    go_on = threading.Event()
    session.context.jobs.start("Mirrors", stepwise, go_on, is_quiet=True)
    assert session.around.jobs.rows() == []
    assert not session.around.jobs_button.isVisible()
    go_on.set()
