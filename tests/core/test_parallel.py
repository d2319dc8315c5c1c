"""Many items in several threads, in order."""

from __future__ import annotations

import threading
import time

import pytest

from curator.core.jobs import Cancelled, Job, Progress
from curator.core.parallel import AHEAD, in_threads


def note(item: int) -> str:
    return f"item {item}"


def test_results_come_in_the_order_of_the_items() -> None:
    def slow_at_first(item: int) -> int:
        time.sleep(0.02 if item == 0 else 0)
        return item * 2

    done = list(in_threads(Job(), slow_at_first, range(50), note))
    assert done == [(item, item * 2) for item in range(50)]


def test_progress_ends_at_the_total() -> None:
    heard: list[Progress] = []
    list(in_threads(Job(heard.append), lambda item: item, range(5), note))
    assert (heard[0].done, heard[0].note) == (0, "item 0")
    assert (heard[-1].done, heard[-1].total) == (5, 5)


def test_no_more_is_begun_than_the_taker_can_use() -> None:
    begun: list[int] = []
    results = in_threads(Job(), begun.append, range(1000), note)
    next(results)
    assert len(begun) <= AHEAD + 1
    results.close()  # type: ignore[attr-defined]


def test_a_cancelled_job_drops_what_has_not_begun() -> None:
    job = Job()
    release = threading.Event()
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        release.wait(30)

    results = in_threads(job, work, range(1000), note)
    release.set()
    next(results)
    job.cancel()
    with pytest.raises(Cancelled):
        next(results)
    assert len(begun) <= AHEAD + 1


def test_what_the_work_raises_comes_out() -> None:
    def fail(item: int) -> int:
        return 1 // item

    with pytest.raises(ZeroDivisionError):
        list(in_threads(Job(), fail, [1, 0, 1], note))


def test_nothing_to_do_is_done_at_once() -> None:
    heard: list[Progress] = []
    assert list(in_threads(Job(heard.append), note, [], note)) == []
