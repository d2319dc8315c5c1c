"""Jobs: progress, cancel, failure, and that the runner knows only `post`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from curator.core.jobs import Cancelled, Job, JobRunner, Progress


class Heard:
    """A listener that notes what it hears and in which thread."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.ended = threading.Event()

    def progressed(self, progress: Progress) -> None:
        self.calls.append(("progressed", progress))

    def handed_over(self, part: Any) -> None:
        self.calls.append(("handed over", part))

    def finished(self, result: Any) -> None:
        self._end("finished", result)

    def cancelled(self) -> None:
        self._end("cancelled", None)

    def failed(self, error: BaseException) -> None:
        self._end("failed", error)

    def _end(self, how: str, what: Any) -> None:
        self.calls.append((how, what))
        self.ended.set()


def run(work: Callable[..., Any], *inputs: Any) -> list[tuple[str, Any]]:
    heard = Heard()
    runner = JobRunner(post=lambda call: call())
    runner.start(work, heard, *inputs)
    assert heard.ended.wait(30)
    runner.close()
    return heard.calls


def test_a_job_hands_over_parts_and_ends_with_its_result() -> None:
    def work(job: Job, start: int) -> int:
        job.hand_over("half")
        job.progress(2, 2, "done")
        return start + 1

    assert run(work, 1) == [
        ("handed over", "half"),
        ("progressed", Progress(2, 2, "done", None)),
        ("finished", 2),
    ]


def test_an_error_in_a_job_reaches_its_listener() -> None:
    def work(_job: Job) -> None:
        raise OSError("no disk")

    [(how, error)] = run(work)
    assert how == "failed"
    assert str(error) == "no disk"


def test_a_cancelled_job_ends_at_its_next_progress_point() -> None:
    heard = Heard()
    runner = JobRunner(post=lambda call: call())
    begun = threading.Event()

    def work(job: Job) -> None:
        begun.set()
        while True:
            job.check()
            time.sleep(0.001)

    job = runner.start(work, heard)
    assert begun.wait(30)
    job.cancel()
    assert heard.ended.wait(30)
    runner.close()
    assert heard.calls == [("cancelled", None)]


def test_closing_the_runner_cancels_what_runs() -> None:
    heard = Heard()
    runner = JobRunner(post=lambda call: call())

    def work(job: Job) -> None:
        while True:
            job.progress(0, 0)
            time.sleep(0.001)

    runner.start(work, heard)
    runner.close()
    assert heard.calls[-1] == ("cancelled", None)


def test_at_most_ten_reports_a_second_and_the_last_one_always() -> None:
    seen: list[Progress] = []
    job = Job(seen.append)
    for n in range(1, 1001):
        job.progress(n, 1000)
    assert len(seen) < 50
    assert seen[-1].done == 1000


def test_a_cancelled_job_can_not_report() -> None:
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        job.progress(1, 2)
