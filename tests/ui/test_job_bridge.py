"""Jobs and readings tell the window in its own thread, and only as long as it wants to hear."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from curator.core.jobs import Job
from curator.ui.job_bridge import JobBridge, JobState, Ticket
from tests.helpers.windows import wait_for


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[JobBridge]:
    made = JobBridge()
    yield made
    made.close()


def fail(error: BaseException) -> None:
    raise AssertionError from error


def test_a_job_tells_its_ticket_in_the_windows_thread(jobs: JobBridge) -> None:
    told: list[tuple[object, int]] = []

    def note(what: object) -> None:
        told.append((what, threading.get_ident()))

    def work(job: Job, start: int) -> int:
        assert threading.get_ident() != window
        job.progress(1, 4, "first")
        job.hand_over("part")
        return start + 1

    window = threading.get_ident()
    ticket = jobs.start("Counting", work, 41, on_part=note, on_end=note)
    assert jobs.running == [ticket]
    wait_for(lambda: len(told) == 2, "the end")
    assert told == [("part", window), (ticket, window)]
    assert (ticket.state, ticket.result, ticket.title) == (JobState.DONE, 42, "Counting")
    assert ticket.latest is not None
    assert (ticket.latest.done, ticket.latest.total, ticket.latest.note) == (1, 4, "first")
    assert jobs.running == []
    assert jobs.tickets == [ticket]


def test_a_cancelled_job_stops_at_its_next_report(jobs: JobBridge) -> None:
    begun = threading.Event()

    def work(job: Job) -> None:
        for done in range(10**9):
            job.progress(done, 10**9)
            begun.set()

    ended: list[Ticket] = []
    ticket = jobs.start("For ever", work, on_end=ended.append)
    assert begun.wait(30)
    ticket.cancel()
    assert ticket.is_stopping
    wait_for(lambda: ended, "the end")
    assert ticket.state is JobState.CANCELLED


def test_a_job_that_fails_hands_over_its_error(jobs: JobBridge) -> None:
    ended: list[Ticket] = []
    ticket = jobs.start("Division", lambda _job: 1 / 0, on_end=ended.append)
    wait_for(lambda: ended, "the end")
    assert ticket.state is JobState.FAILED
    assert isinstance(ticket.error, ZeroDivisionError)


def test_a_reading_arrives_in_the_windows_thread(jobs: JobBridge) -> None:
    found: list[tuple[int, int]] = []
    jobs.read(threading.get_ident, lambda who: found.append((who, threading.get_ident())), fail)
    wait_for(lambda: found, "what was read")
    (reader, here) = found[0]
    assert here == threading.get_ident() != reader


def test_a_reading_that_fails_says_why(jobs: JobBridge) -> None:
    errors: list[BaseException] = []
    jobs.read(lambda: 1 / 0, lambda _found: None, errors.append)
    wait_for(lambda: errors, "the error")
    assert isinstance(errors[0], ZeroDivisionError)


def test_of_readings_with_one_key_only_the_newest_is_made_and_counts(jobs: JobBridge) -> None:
    made: list[int] = []
    found: list[int] = []
    hold = threading.Event()

    def reading(number: int) -> int:
        made.append(number)
        assert hold.wait(30)
        return number

    for number in range(4):
        jobs.read(lambda number=number: reading(number), found.append, fail, key="find")
    jobs.read(lambda: -1, found.append, fail, key="other")
    wait_for(lambda: made, "the first reading")
    hold.set()
    wait_for(lambda: len(found) == 2, "the newest of each key")
    assert made == [0, 3]
    assert found == [3, -1]


def test_after_closing_nothing_is_told(qtbot: QtBot) -> None:
    jobs, told = JobBridge(), []
    begun, hold = threading.Event(), threading.Event()

    def work(job: Job) -> None:
        begun.set()
        assert hold.wait(30)
        job.progress(1, 2)

    jobs.start("Work", work, on_end=told.append)
    jobs.read(lambda: hold.wait(30), told.append, told.append)
    assert begun.wait(30)
    threading.Timer(0.05, hold.set).start()
    jobs.close()
    jobs.post(lambda: told.append("late"))
    QTest.qWait(20)
    assert told == []
    assert not [t for t in threading.enumerate() if t.name.startswith(("reader", "job"))]


class Dialog(QObject):
    """Something that asks and may be gone by the time of the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[object] = []

    def show(self, *found: object) -> None:
        self.told.append(found)


def test_what_is_gone_by_then_is_told_nothing(jobs: JobBridge) -> None:
    gone, there = Dialog(), Dialog()
    for dialog in (gone, there):
        jobs.read(lambda: 1, dialog.show, fail)
        jobs.read(lambda: 2, partial(dialog.show, "two"), fail)
    shiboken6.delete(gone)
    wait_for(lambda: len(there.told) == 2, "the answers")
    assert there.told == [(1,), ("two", 2)]
    assert gone.told == []
