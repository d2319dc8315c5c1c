"""Works out beside the window what a bulk edit would do; what is outdated is cancelled."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from curator.core.caption_preview import Preview, preview, sparing
from curator.core.edits import IMAGE, Edit
from curator.core.jobs import Job
from curator.core.records import Image
from curator.core.rule_context import CaptionRule
from curator.core.view import ProjectView
from curator.ui.context import Context
from curator.ui.job_bridge import JobState, Ticket
from curator.ui.scopes import Scope

REST_MS = 150  # after the last change of rules, scope or captions
_FIELDS = frozenset({"caption", "set_id", "removed"})  # sets have triggers


class BulkPreview(QObject):
    """Holds the rules and the scope; tells what comes of them, newest only."""

    shown = Signal(object)  # a Preview
    refused = Signal(object)  # the error; of one rule: a RuleRefused
    begun = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._rules: Sequence[CaptionRule] = ()
        self._scope = Scope.ALL
        self._ids: Sequence[int] | None = None  # given ones, in place of those of a scope
        self._images: list[Image] | None = None  # as they were read for the last preview
        self._ticket: Ticket | None = None
        self.whole: Preview | None = None
        self.tags_left_out: frozenset[str] = frozenset()
        self._is_wanted = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._run)
        context.edited.connect(self._hear)
        context.selection.changed.connect(lambda: self._hear_scope(Scope.SELECTED))
        context.model.modelReset.connect(lambda: self._hear_scope(Scope.SHOWN))

    def want(self, is_wanted: bool) -> None:
        """Work only while somebody looks."""
        self._is_wanted = is_wanted
        if is_wanted:
            self._forget_images()
        else:
            self._cancel()

    def use(self, rules: Sequence[CaptionRule]) -> None:
        """Work with these rules from now on."""
        self._rules = tuple(rules)
        self._soon()

    def choose_scope(self, scope: Scope, ids: Sequence[int] | None = None) -> None:
        """Work on these pictures; `ids`: on just these, whatever is shown or selected."""
        self._scope, self._ids = scope, ids
        self._forget_images()

    def leave_tags(self, tags: frozenset[str]) -> None:
        """Let these tags neither go nor come."""
        self.tags_left_out = tags
        if self.whole is not None:
            self._start(sparing, self.whole, tags)

    def ids(self) -> list[int]:
        """The pictures that are meant, those on show without asking the project."""
        context = self._context
        if self._ids is not None:
            return list(self._ids)
        if self._scope is Scope.SELECTED:
            return sorted(context.selection.meant())
        return list(context.model.ids) if self._scope is Scope.SHOWN else []

    @property
    def is_done(self) -> bool:
        """Whether what was told last is of what holds now."""
        return self._ticket is None and not self._rest.isActive()

    # -- what makes it outdated

    def _hear(self, edit: Edit) -> None:
        if any(change.record != IMAGE or change.field in _FIELDS for change in edit.changes):
            self._forget_images()

    def _hear_scope(self, scope: Scope) -> None:
        if self._ids is None and scope is self._scope:
            self._forget_images()

    def _forget_images(self) -> None:
        self._images = None
        self._soon()

    def _soon(self) -> None:
        if self._is_wanted:
            self._cancel()
            self._rest.start()
            self.begun.emit()

    # -- the work

    def _run(self) -> None:
        ids = None if self._scope is Scope.ALL and self._ids is None else self.ids()
        self.whole = None
        self._start(_look, self._context.project, ids, self._images, self._rules)

    def _start(self, work: object, *inputs: object) -> None:
        self._cancel()
        self._ticket = self._context.jobs.start(
            "Look at a bulk edit",
            work,  # type: ignore[arg-type]
            *inputs,
            on_end=self._ended,
            is_quiet=True,
        )

    def _cancel(self) -> None:
        self._rest.stop()
        ticket, self._ticket = self._ticket, None
        if ticket is not None:
            ticket.cancel()

    def _ended(self, ticket: Ticket) -> None:
        if ticket is not self._ticket:
            return
        self._ticket = None
        if ticket.error is not None:
            self.refused.emit(ticket.error)
        elif ticket.state is JobState.DONE:
            self._take(ticket.result)

    def _take(self, found: Preview | tuple[list[Image], Preview]) -> None:
        if isinstance(found, tuple):
            self._images, self.whole = found
            if self.tags_left_out:
                self.leave_tags(self.tags_left_out)
                return
            found = self.whole
        self.shown.emit(found)


def _look(
    job: Job,
    project: ProjectView,
    ids: Sequence[int] | None,
    images: list[Image] | None,
    rules: Sequence[CaptionRule],
) -> tuple[list[Image], Preview]:
    """The records of these ids (all if None) unless they are known, and what would change."""
    from curator.core.caption_context import project_context  # NumPy

    if images is None:
        images = project.images(project.select() if ids is None else ids)
    job.check()
    return images, preview(job, images, rules, project_context(project, images))
