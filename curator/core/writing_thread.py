"""The one thread that writes to a project: what it is given is done in order, until it is ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from curator.core.errors import UserError
from curator.core.store.writer import Writer

Result = TypeVar("Result")


class WritingThread:
    """Holds the writer of the project in `root`; without `begin` there is nothing to write with."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._pool = ThreadPoolExecutor(
            max_workers=1, thread_name_prefix="project-writer", initializer=self._note
        )
        self._ident: int | None = None
        self._writer: Writer | None = None
        self._gate = threading.Lock()  # what is submitted comes before or after the closing
        self._closed = False

    @property
    def has_writer(self) -> bool:
        """Whether anything can be written."""
        return self._writer is not None

    def begin(self, make: Callable[[], Writer]) -> Writer:
        """Have the writer made in the thread."""
        self._writer = self._pool.submit(make).result()
        return self._writer

    def submit(self, work: Callable[[Writer], Result]) -> Future[Result]:
        """Queue a piece of work. Raises UserError once closed and without a writer."""
        self.check()
        with self._gate:
            if self._closed:
                raise UserError(f"{self._root} was closed.", "Open it again.")
            if self._writer is None:
                raise UserError(
                    f"{self._root} is open for reading only.",
                    "Close the other window on it first.",
                )
            return self._pool.submit(work, self._writer)

    def run(self, work: Callable[[], Result]) -> Future[Result]:
        """Queue work of the project's own, also while it is being closed."""
        return self._pool.submit(work)

    def stop_taking(self) -> tuple[bool, Writer | None]:
        """Let nothing more be submitted; whether that was so already, and the writer to close."""
        self.check()
        with self._gate:
            was_closed, self._closed = self._closed, True
            writer, self._writer = self._writer, None
        return was_closed, writer

    def end(self) -> None:
        """Wait for what was queued, and end the thread."""
        self._pool.shutdown()
        self._ident = None  # the system may give the number to another thread

    def check(self) -> None:
        """Refuse to be called from the thread itself, where a listener would wait for itself."""
        if threading.get_ident() == self._ident:
            raise RuntimeError("a listener may look, never edit or close")

    def _note(self) -> None:
        self._ident = threading.get_ident()
