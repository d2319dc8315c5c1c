"""Long work: a job is a plain function `work(job, ...)`, a runner gives it a thread.

Knows no Qt: what a job reports goes through a `post` callable, which the command line calls
directly and the window queues into its own thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from typing_extensions import override

REPORTS_PER_SECOND = 10


class Cancelled(Exception):
    """Raised inside a job at its next progress point after someone asked it to stop."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. `total` 0 means not known; `left_s` None means no estimate yet."""

    done: int
    total: int
    note: str
    left_s: float | None


class JobListener(Protocol):
    """Who hears of a job; every call is made through the runner's `post`."""

    def progressed(self, progress: Progress) -> None: ...
    def handed_over(self, part: Any) -> None: ...
    def finished(self, result: Any) -> None: ...
    def cancelled(self) -> None: ...
    def failed(self, error: BaseException) -> None: ...


class Job:
    """What a long-running function holds: reports progress, hands over parts, is cancelled."""

    def __init__(
        self,
        on_progress: Callable[[Progress], None] = lambda _progress: None,
        on_part: Callable[[Any], None] = lambda _part: None,
    ) -> None:
        self._on_progress = on_progress
        self._on_part = on_part
        self._cancel = threading.Event()
        self._started = time.monotonic()
        self._reported = -1.0

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Report `done` of `total`; the cancel point. Passed on ten times a second at most.

        Raises Cancelled once `cancel` has been called.
        """
        self.check()
        now = time.monotonic()
        if now - self._reported < 1 / REPORTS_PER_SECOND and done < total:
            return
        self._reported = now
        spent = now - self._started
        left = spent / done * (total - done) if 0 < done <= total and spent > 1 else None
        self._on_progress(Progress(done, total, note, left))

    def check(self) -> None:
        """The cancel point alone, for loops that have nothing to report. Raises Cancelled."""
        if self._cancel.is_set():
            raise Cancelled

    def hand_over(self, part: Any) -> None:
        """Deliver a finished part before the job ends."""
        self._on_part(part)

    def part(self, start: float, end: float) -> Job:
        """A job that is a part of this one: its progress fills `start` to `end` of 0 to 1."""
        return _Part(self, start, end)

    @property
    def cancelled(self) -> bool:
        """Whether someone asked the job to stop."""
        return self._cancel.is_set()

    def cancel(self) -> None:
        """Ask the job to stop at its next progress point; callable from any thread."""
        self._cancel.set()


class _Part(Job):
    """Reports to the job it is a part of, which is also the one that is cancelled."""

    def __init__(self, whole: Job, start: float, end: float) -> None:
        super().__init__(on_part=whole.hand_over)
        self._whole, self._start, self._end = whole, start, end

    @override
    def progress(self, done: int, total: int, note: str = "") -> None:
        share = self._start + (self._end - self._start) * (done / total if total else 0)
        self._whole.progress(round(share * _FINE), _FINE, note)

    @override
    def check(self) -> None:
        self._whole.check()


_FINE = 10_000  # parts in which the progress of a job that has parts is told


class JobRunner:
    """Runs jobs in threads of its own; `post` decides where the listeners hear of them."""

    def __init__(self, post: Callable[[Callable[[], None]], None], max_jobs: int = 4) -> None:
        self._post = post
        self._pool = ThreadPoolExecutor(max_workers=max_jobs, thread_name_prefix="job")
        self._jobs: set[Job] = set()
        self._lock = threading.Lock()

    def start(self, work: Callable[..., Any], listener: JobListener, *inputs: Any) -> Job:
        """Start `work(job, *inputs)` and return its job at once."""
        job = Job(
            lambda progress: self._post(lambda: listener.progressed(progress)),
            lambda part: self._post(lambda: listener.handed_over(part)),
        )
        with self._lock:
            self._jobs.add(job)
        self._pool.submit(self._run, job, work, listener, inputs)
        return job

    def _run(self, job: Job, work: Callable[..., Any], listener: JobListener, inputs: Any) -> None:
        try:
            result = work(job, *inputs)
        except Cancelled:
            self._post(listener.cancelled)
        except Exception as error:  # noqa: BLE001 - the owner shows it
            failure = error
            self._post(lambda: listener.failed(failure))
        else:
            self._post(lambda: listener.finished(result))
        finally:
            with self._lock:
                self._jobs.discard(job)

    def close(self) -> None:
        """Cancel what runs and wait for its threads to end."""
        with self._lock:
            running = list(self._jobs)
        for job in running:
            job.cancel()
        self._pool.shutdown(wait=True)
