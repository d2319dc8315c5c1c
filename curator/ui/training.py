"""The training of a project: starts it, hears it, and passes on what the person asks of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from curator.core.jobs import Job, Progress
from curator.core.readable import count
from curator.core.run_control import RunStarted, RunVerbs
from curator.core.run_history import RunState, RunSummary, resumable_run
from curator.core.run_plan import TrainRequest
from curator.core.run_status import Phase, RunStatus
from curator.core.workflow import plan_export_train
from curator.tasks.export_dataset import export_for_run
from curator.tasks.make_steps import make_missing
from curator.tasks.train_lora import TrainReport, plan_training, train_lora
from curator.ui.context import Context
from curator.ui.job_bridge import JobState, Ticket
from curator.ui.notices import Notice

TELL_MS = 100  # between two tellings of how far it is


class Training(QObject):
    """One run at a time. `changed` comes ten times a second at most, `heard` with every event."""

    changed = Signal()
    started = Signal()
    begun = Signal(str)  # the name of a run, once its dataset is written
    heard = Signal(object)
    ended = Signal()
    looked = Signal()  # for a run that can go on
    proposed = Signal(object)  # the Path of a checkpoint to continue from

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._run: RunVerbs | None = None
        self.ticket: Ticket | None = None
        self.status = RunStatus()
        self.resumable: RunSummary | None = None
        self._soon = QTimer(self, singleShot=True, interval=TELL_MS)
        self._soon.timeout.connect(self.changed)
        self.changed.connect(self._tell_job)

    @property
    def phase(self) -> Phase:
        """What it does now."""
        return self.status.phase

    # -- beginning

    def start(self, request: TrainRequest) -> None:
        """Export and train as a job; nothing while one runs."""
        if self.status.is_running:
            return
        self.status = RunStatus(Phase.PREPARING)
        self.resumable = None  # another one, or further on, once this has ended
        in_process = self._context.preferences.liking.train_in == "process"
        project = self._context.project

        def work(job: Job) -> TrainReport:
            project.record([])  # what was changed a moment ago is written before it is read
            train = partial(train_lora, in_process=in_process)
            export = partial(export_for_run, make=make_missing)
            return plan_export_train(job, project, request, plan_training, export, train)

        self.ticket = self._context.jobs.start(
            "Training", work, on_part=self._hear, on_end=self._end
        )
        self.ticket.changed.connect(self._note_progress)
        self.started.emit()
        self.changed.emit()

    def go_on(self) -> None:
        """Go on with the run that was stopped or cut off."""
        self.start(TrainRequest(resume=True))

    # -- what can be asked of it

    def pause_or_go_on(self) -> None:
        """Pause at the next step, or go on."""
        if self._run is None:
            return
        if self.phase is Phase.TRAINING:
            self._ask(Phase.PAUSING, self._run.pause)
        elif self.phase in (Phase.PAUSING, Phase.PAUSED):
            self._ask(Phase.TRAINING, self._run.resume)

    def save_now(self) -> None:
        """Save a checkpoint at the next step."""
        if self._run is not None:
            self._run.save_now()

    def sample_now(self) -> None:
        """Draw the sample prompts at the next step."""
        if self._run is not None:
            self._run.sample_now()

    def stop(self) -> None:
        """Save and end at the next step."""
        if self.ticket is not None and self.status.is_running:
            self._ask(Phase.STOPPING, self.ticket.cancel)

    def stop_after_epoch(self) -> None:
        """Save and end when the epoch under way is done."""
        if self._run is not None:
            self._run.stop_after_epoch()
            self.status.ends_with_epoch = True
            self.changed.emit()

    def _ask(self, phase: Phase, verb: Callable[[], None]) -> None:
        self.status.phase = phase
        verb()
        self.changed.emit()

    # -- what it tells

    def _hear(self, part: Any) -> None:
        self.status.hear(part)
        if isinstance(part, RunStarted):
            self._run = part.run
            self.begun.emit(part.name)
        self.heard.emit(part)
        if not self._soon.isActive():
            self._soon.start()

    def _note_progress(self) -> None:
        ticket = self.ticket
        if ticket is not None and ticket.latest is not None and not self.status.name:
            done = ticket.latest
            self.status.preparing = f"Writing the dataset, {done.done:,} of {done.total:,}"
            self.changed.emit()

    def _tell_job(self) -> None:
        """Have the line of the job say how far the run is; before its steps nobody knows."""
        status = self.status
        if self.ticket is not None and status.name:
            epoch = f"epoch {status.epoch} of {status.epochs}"
            note = epoch if status.total else status.where()
            self.ticket.progressed(Progress(status.step, status.total, note, status.left_s))

    def _end(self, ticket: Ticket) -> None:
        self._run = self.ticket = None
        self.status.phase = Phase.IDLE
        self._soon.stop()
        self.changed.emit()
        self.ended.emit()
        if ticket.error is not None:
            self._context.tell_error(ticket.error)
        elif ticket.state is JobState.DONE:
            self._report(ticket.result)
        self.look_for_resumable()

    def _report(self, report: TrainReport) -> None:
        saved = count(len(report.checkpoints), "checkpoint")
        verb = "has stopped" if report.stopped else "is finished"
        self._context.tell(Notice(f"The training {report.run} {verb}: {saved}."))

    # -- a run that was not finished

    def look_for_resumable(self, then: Callable[[], None] = lambda: None) -> None:
        """See whether there is a run to go on with."""
        project = self._context.project

        def show(found: RunSummary | None) -> None:
            self.resumable = found
            self.looked.emit()
            then()

        self._context.read(lambda: resumable_run(project), show, key="resumable")

    def offer_to_go_on(self) -> None:
        """Offer, once the project is open, to go on with a run that a crash cut off."""
        self.look_for_resumable(self._offer)

    def _offer(self) -> None:
        found = self.resumable
        if found is None or found.state is not RunState.CUT_OFF or self.status.is_running:
            return
        text = f"The training {found.name} was cut off. It can go on {resume_words(found)}."
        buttons = (("Go on with training", self.go_on),)
        self._context.tell(Notice(text, buttons=buttons))


def resume_words(run: RunSummary) -> str:
    """ "at step 120 of 400"."""
    if not run.resumes_at:
        return "from its beginning"
    of_total = f" of {run.total:,}" if run.total else ""
    return f"at step {run.resumes_at:,}{of_total}"
