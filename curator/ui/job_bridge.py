"""Long work for the window: jobs with tickets that widgets watch, and reading beside the window."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum
from functools import partial
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from curator.core.jobs import Job, JobRunner, Progress

Result = TypeVar("Result")
Part = Callable[[Any], None]


class JobState(Enum):
    """Where a job stands."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Ticket(QObject):
    """One job as the window shows it; lives in the window's thread."""

    changed = Signal()
    handed_over_part = Signal(object)
    ended = Signal(object)  # this ticket

    def __init__(self, title: str, is_quiet: bool = False, is_modest: bool = False) -> None:
        """`is_quiet`: done so often and so fast that it is not worth a line.

        `is_modest`: worth a line, but it opens no panel, and nobody waits for its end.
        """
        super().__init__()
        self.title = title
        self.is_quiet, self.is_modest = is_quiet, is_modest
        self.state = JobState.RUNNING
        self.latest: Progress | None = None
        self.result: Any = None
        self.error: BaseException | None = None
        self.report = ""  # what is left to read once it is over
        self.is_stopping = False
        self._job: Job | None = None

    def hold(self, job: Job) -> None:
        """Take the job that this ticket is for."""
        self._job = job

    def cancel(self) -> None:
        """Ask the job to stop; what is finished is kept."""
        if self._job is not None and self.state is JobState.RUNNING:
            self.is_stopping = True
            self._job.cancel()
            self.changed.emit()

    # -- what the runner tells, in the window's thread (curator.core.jobs.JobListener)

    def progressed(self, progress: Progress) -> None:
        self.latest = progress
        self.changed.emit()

    def handed_over(self, part: Any) -> None:
        self.handed_over_part.emit(part)

    def finished(self, result: Any) -> None:
        self.result = result
        self._end(JobState.DONE)

    def cancelled(self) -> None:
        self._end(JobState.CANCELLED)

    def failed(self, error: BaseException) -> None:
        self.error = error
        self._end(JobState.FAILED)

    def _end(self, state: JobState) -> None:
        self.state = state
        self.changed.emit()
        self.ended.emit(self)


class JobBridge(QObject):
    """Starts jobs and readings; whatever they tell arrives in the window's thread."""

    started = Signal(object)  # a Ticket
    ended = Signal(object)
    _posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._posted.connect(self._call, Qt.ConnectionType.QueuedConnection)
        self._runner = JobRunner(self.post)
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._file_reader = ThreadPoolExecutor(1, thread_name_prefix="file-reader")
        self._newest: dict[str, int] = {}
        self._asked = 0
        self._closed = threading.Event()
        self.tickets: list[Ticket] = []
        # Held a while longer, so that none dies in the thread of its job.
        self._over: deque[Ticket] = deque(maxlen=64)

    def post(self, call: Callable[[], None]) -> None:
        """Have something called in the window's thread; callable from any thread."""
        if not self._closed.is_set():
            self._posted.emit(call)

    def _call(self, call: Callable[[], None]) -> None:
        if not self.is_closed:
            call()

    def start(
        self,
        title: str,
        work: Callable[..., Any],
        *inputs: Any,
        on_part: Part | None = None,
        on_end: Callable[[Ticket], None] | None = None,
        is_quiet: bool = False,
        is_modest: bool = False,
    ) -> Ticket:
        """Start `work(job, *inputs)` in a thread; `on_end` is called when it is over, however."""
        ticket = Ticket(title, is_quiet, is_modest)
        over = [one for one in self.tickets if one.is_quiet and one not in self.running]
        self._over.extend(over)
        self.tickets = [one for one in self.tickets if one not in over]
        self.tickets.append(ticket)
        if on_part is not None:
            ticket.handed_over_part.connect(on_part)
        if on_end is not None:
            ticket.ended.connect(on_end)
        ticket.ended.connect(self.ended)
        ticket.hold(self._runner.start(work, ticket, *inputs))
        self.started.emit(ticket)
        return ticket

    @property
    def running(self) -> list[Ticket]:
        """The jobs that are under way."""
        return [ticket for ticket in self.tickets if ticket.state is JobState.RUNNING]

    def forget_ended(self) -> None:
        """Let go of the jobs that are over."""
        self.tickets = self.running

    def read(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        failed: Callable[[BaseException], None],
        key: str = "",
        *,
        of_files: bool = False,
    ) -> None:
        """Compute something off the window's thread and call `then` with it in the window's.

        Of several readings with one `key` only the newest counts; older ones that have not begun
        are never made. `of_files`: it looks into pictures, which may lie on a slow disk, and keeps
        nothing else waiting.
        """
        if self.is_closed:
            return
        self._asked += 1
        number = self._asked
        if key:
            self._newest[key] = number

        def is_old() -> bool:
            return self._closed.is_set() or bool(key and self._newest[key] != number)

        def ended(future: Future[Result | None]) -> None:
            self.post(lambda: deliver(future))

        def deliver(future: Future[Result | None]) -> None:
            if is_old() or future.cancelled() or _is_gone(then):
                return
            error = future.exception()
            if error is not None:
                failed(error)
            else:
                then(future.result())  # type: ignore[arg-type]

        reader = self._file_reader if of_files else self._reader
        future = reader.submit(lambda: None if is_old() else work())
        future.add_done_callback(ended)

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be started any more."""
        return self._closed.is_set()

    def fall_silent(self) -> None:
        """Tell nothing any more, and start nothing."""
        self._closed.set()

    def close(self) -> None:
        """Cancel what runs and wait for its end; nothing is told any more."""
        self.fall_silent()
        for reader in (self._reader, self._file_reader):
            reader.shutdown(wait=True, cancel_futures=True)
        self._runner.close()


def _is_gone(then: Callable[..., object]) -> bool:
    """Whether the widget whose method this is was closed for good meanwhile."""
    owner = getattr(then.func if isinstance(then, partial) else then, "__self__", None)
    return isinstance(owner, QObject) and not shiboken6.isValid(owner)
