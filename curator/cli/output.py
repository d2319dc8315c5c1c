"""What the command line writes: results on stdout, everything else on stderr, any name safely."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from curator.core.jobs import Job, Progress
from curator.core.readable import duration

DONE, USERS_PROBLEM, BUG, INTERRUPTED = 0, 1, 70, 130  # 2, for wrong usage, is the parser's
MOST_LINES = 20
LINE_WIDTH = 78  # of the progress line, so that it stays one line in an ordinary terminal
Result = TypeVar("Result")


def prepare_streams() -> None:
    """Let names that no encoding can hold be written with escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def show(text: str) -> None:
    """A line of the result."""
    sys.stdout.write(f"{text}\n")


def show_json(document: Any) -> None:
    """The one JSON document of a command, in ASCII, so that it survives every terminal and pipe."""
    sys.stdout.write(json.dumps(document) + "\n")


def tell(text: str) -> None:
    """A line beside the result: a note, a warning, an error."""
    _clear_progress()
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def shown(text: str) -> str:
    """A name or caption on one line: control characters as escapes."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def few(lines: Sequence[str]) -> Iterator[str]:
    """The first of many lines, and how many more there are; hundreds would hide the rest."""
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"... and {len(lines) - MOST_LINES:,} more."


def progress_line(text: str) -> None:
    """Replace the last line of a terminal; nothing where stderr is no terminal."""
    if sys.stderr.isatty():
        sys.stderr.write("\r" + text[:LINE_WIDTH].ljust(LINE_WIDTH))
        sys.stderr.flush()


def _clear_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r" + " " * LINE_WIDTH + "\r")


def _show_progress(progress: Progress) -> None:
    of = f" of {progress.total:,}" if progress.total else ""
    left = f", {duration(progress.left_s)} left" if progress.left_s is not None else ""
    progress_line(f"{progress.done:,}{of}{left}  {shown(progress.note)}")


def run_job(
    work: Callable[[Job], Result], on_part: Callable[[Any], None] = lambda _part: None
) -> Result:
    """Do a job here and now with a progress line; Ctrl+C cancels it, a second one breaks off.

    Raises Cancelled when the job ended because of it.
    """
    job = Job(_show_progress, on_part)
    with _cancelled_by_signal(job):
        try:
            return work(job)
        finally:
            _clear_progress()


@contextmanager
def _cancelled_by_signal(job: Job) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        if job.cancelled:
            os._exit(INTERRUPTED)  # threads that still work would hold up every other way out
        tell("Stopping; what is finished is kept. Once more breaks off at once.")
        job.cancel()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
