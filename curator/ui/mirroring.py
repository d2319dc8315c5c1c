"""Keeps captions and ratings beside the pictures up to date, some seconds behind the person."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from curator.core.edits import Edit
from curator.core.jobs import Job
from curator.core.readable import count
from curator.core.view import DATABASE
from curator.tasks.mirror_captions import (
    MirrorReport,
    OutsideChange,
    accept_outside,
    keep_ours,
    mirror_captions,
    outside_changes,
)
from curator.ui.context import Context
from curator.ui.job_bridge import JobState, Ticket
from curator.ui.notices import Notice

REST_MS = 3000  # without edits before the files are written
TITLE = "Captions and ratings beside the pictures"
CHANGED = "{n} beside the pictures changed in another program; the project keeps its own so far."


class Mirroring(QObject):
    """Writes in a job of its own; what others wrote is told once and left alone."""

    outside_found = Signal(list)  # of OutsideChange

    def __init__(self, context: Context, look: Callable[[], object]) -> None:
        """`look` shows the outside changes."""
        super().__init__()
        self._context, self._look = context, look
        self._told: frozenset[tuple[int, str, str]] = frozenset()
        self._again = False
        self._ticket: Ticket | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.write)
        context.edited.connect(self._hear)

    def _hear(self, _edit: Edit) -> None:
        self._rest.start()

    def write(self) -> None:
        """Write what is due, unless that is being done; then once more after it."""
        if self._context.project.read_only or self._context.jobs.is_closed:
            return
        if self._ticket is not None:
            self._again = True
            return
        self._ticket = self._context.jobs.start(
            TITLE, mirror_captions, self._context.project, on_end=self._written, is_quiet=True
        )

    def _written(self, ticket: Ticket) -> None:
        self._ticket = None
        if ticket.state is JobState.FAILED and ticket.error is not None:
            self._context.tell_error(ticket.error, TITLE)
            return
        if isinstance(ticket.result, MirrorReport) and ticket.result.outside:
            self.look()
        if self._again:
            self._again = False
            self.write()

    def look(self, since_s: float = 0) -> None:
        """Look for files that others wrote, changed after a moment in seconds since 1970."""
        project = self._context.project
        self._context.read(
            lambda: outside_changes(project, since_s), self._tell, key="outside", of_files=True
        )

    def look_since_closing(self) -> None:
        """Look for what others wrote while the project was not open; what is due is written."""
        self.look((self._context.project.root / DATABASE).stat().st_mtime)
        self._rest.start()

    def _tell(self, found: list[OutsideChange]) -> None:
        keys = frozenset((change.image_id, change.kind, change.digest) for change in found)
        if keys - self._told:
            self._told |= keys
            words = CHANGED.format(n=count(len(found), "file"))
            self._context.tell(Notice(words, buttons=(("Look at them", self._look),)))
        self.outside_found.emit(found)

    def settle(
        self, accepted: list[OutsideChange], kept: list[OutsideChange], then: Callable[[], None]
    ) -> None:
        """Take over what stands in some files, and write the project's own over others."""
        project = self._context.project

        def work(_job: Job) -> None:
            accept_outside(project, accepted)
            keep_ours(project, kept)
            mirror_captions(_job, project)

        self._context.jobs.start(TITLE, work, on_end=lambda ticket: self._settled(ticket, then))

    def _settled(self, ticket: Ticket, then: Callable[[], None]) -> None:
        if ticket.error is not None:
            self._context.tell_error(ticket.error, TITLE)
        then()
