"""A run as one watches it: how far it is, its losses and pictures, and what one can ask of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.core.loss_curve import LossCurve
from curator.core.readable import duration
from curator.core.run_history import Curve, RunStory, RunSummary, read_story, run_curve, runs
from curator.core.run_status import Phase, RunStatus
from curator.core.view import ProjectView
from curator.ui.context import Context
from curator.ui.loss_plot import LossPlot
from curator.ui.sample_strip import SampleStrip
from curator.ui.theme import MUTED, STEP_PX
from curator.ui.training import Training
from trainer.events import Sampled, Step, Validated

NOTHING = "Nothing was trained here yet. Set a training up and start it."
PHASES = {
    Phase.PREPARING: "Getting ready",
    Phase.TRAINING: "Training",
    Phase.PAUSING: "Pausing after this step",
    Phase.PAUSED: "Paused",
    Phase.STOPPING: "Saving and stopping",
}
Past = tuple[RunSummary, Curve, RunStory]


class RunView(QWidget):
    """Shows the run under way, else the last one."""

    def __init__(self, context: Context, training: Training) -> None:
        super().__init__()
        self._context = context
        self._training = training
        self.curve = LossCurve()
        self._steps_per_epoch = 0
        self._has_looked = False
        self.heading = QLabel(NOTHING, wordWrap=True)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("Progress of the training")
        self.facts = QLabel(wordWrap=True)
        self.note = QLabel(wordWrap=True)
        self.note.setForegroundRole(MUTED)
        self.plot = LossPlot(context.theme)
        self.strip = SampleStrip(context)
        self.pause = QPushButton("Pause")
        self.save = QPushButton("Save now")
        self.sample = QPushButton("Sample now")
        self.stop = QPushButton("Stop")
        self.stop_later = QPushButton("Stop after this epoch")
        self._buttons = (self.pause, self.save, self.sample, self.stop, self.stop_later)
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        tips = {
            self.pause: "Waits after the step under way, and goes on where it was.",
            self.save: "Saves a checkpoint after the step under way, and goes on.",
            self.sample: "Draws the sample prompts as the training is now.",
            self.stop: "Saves after the step under way, and ends; it can go on later.",
            self.stop_later: "Trains the epoch to its end, saves, and ends; it can go on later.",
        }
        buttons = QGridLayout()
        buttons.setSpacing(STEP_PX)
        for at, (button, tip) in enumerate(tips.items()):
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
            line, place = divmod(at, 3)
            is_last = button is self.stop_later
            buttons.addWidget(button, line, place, 1, 2 if is_last else 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * STEP_PX, 3 * STEP_PX, 3 * STEP_PX, 3 * STEP_PX)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(self.heading)
        column.addWidget(self.bar)
        column.addWidget(self.facts)
        column.addLayout(buttons)
        for widget in (self.plot, self.strip, self.note):
            column.addWidget(widget)
        column.addStretch()

    def _connect(self) -> None:
        training = self._training
        works: dict[QPushButton, Callable[[], None]] = {
            self.pause: training.pause_or_go_on,
            self.save: training.save_now,
            self.sample: training.sample_now,
            self.stop: training.stop,
            self.stop_later: training.stop_after_epoch,
        }
        for button, work in works.items():
            button.clicked.connect(work)
        training.begun.connect(self._begin)
        training.heard.connect(self._hear)
        training.changed.connect(self._show)
        training.ended.connect(self._look_back)

    # -- a run under way

    def _begin(self, name: str) -> None:
        """A run begins, or goes on with what it told before."""
        self.curve = LossCurve()
        self.strip.empty()
        project = self._context.project
        curve = self.curve

        def show(past: Past | None) -> None:
            if past is not None and curve is self.curve:
                curve.put_before(past[1])
                self._draw()

        self._context.read(partial(_past, project, name), show)

    def _hear(self, event: Any) -> None:
        if isinstance(event, Step):
            self.curve.add(event.step, event.loss)
        elif isinstance(event, Validated):
            self.curve.add_validation(event.step, event.loss, event.train_loss)
        elif isinstance(event, Sampled):
            self.strip.add(event.path, event.epoch, event.step)

    def _show(self) -> None:
        status = self._training.status
        is_running = status.is_running
        for button in self._buttons:
            button.setVisible(is_running)
        self.bar.setVisible(is_running)
        if is_running:
            self._show_status(status)
        self.note.setText(status.note)
        self.note.setVisible(bool(status.note))

    def _show_status(self, status: RunStatus) -> None:
        name = f"{status.name}: " if status.name else ""
        epoch = f", epoch {status.epoch} of {status.epochs}" if status.epochs else ""
        ends = status.ends_with_epoch and status.phase is not Phase.STOPPING
        last = ", then it stops" if ends and epoch else ""
        self.heading.setText(f"{name}{PHASES[status.phase]}{epoch}{last}")
        self.bar.setRange(0, status.total)
        self.bar.setValue(status.step)
        self.facts.setText(" · ".join(status_words(status)))
        is_paused = status.phase in (Phase.PAUSED, Phase.PAUSING)
        self.pause.setText("Go on" if is_paused else "Pause")
        may = bool(status.total) and status.phase is not Phase.STOPPING
        for button in (self.pause, self.save, self.sample):
            button.setEnabled(may)
        self.stop.setEnabled(status.phase is not Phase.STOPPING)
        self.stop_later.setEnabled(may and not status.ends_with_epoch)
        self._steps_per_epoch = status.steps_per_epoch
        self._draw()

    def _draw(self) -> None:
        self.plot.show_curve(self.curve, self._steps_per_epoch)

    # -- the last run

    def _look_back(self) -> None:
        self._has_looked = True
        self._context.read(partial(_past, self._context.project), self._show_past)

    def _show_past(self, past: Past | None) -> None:
        if past is None or self._training.status.is_running:
            return
        summary, curve, story = past
        self.curve = LossCurve()
        self.curve.put_before(curve)
        self._steps_per_epoch = story.started.steps_per_epoch if story.started else 0
        self.heading.setText(f"{summary.name}: {summary.state}")
        self.facts.setText(past_words(summary))
        self.strip.empty()
        folder = self._context.project.samples_dir / summary.name
        for step, names in sorted(story.samples.items()):
            epoch = step // self._steps_per_epoch if self._steps_per_epoch else 0
            for name in names:
                self.strip.add(folder / name, epoch, step)
        self._draw()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._has_looked:
            self._look_back()


def _past(project: ProjectView, name: str = "") -> Past | None:
    """A run by name, else the newest; None where there is none."""
    found = next((one for one in runs(project) if name in ("", one.name)), None)
    if found is None:
        return None
    return found, run_curve(project, found.name), read_story(project.runs_dir / found.name)


def status_words(status: RunStatus) -> list[str]:
    """Where a run is, in a few words each."""
    words = [f"{status.where()[:1].upper()}{status.where()[1:]}"]
    if status.loss is not None:
        words.append(f"loss {status.loss:.4f}")
    if status.rate is not None:
        words.append(f"rate {status.rate:.2g}")
    if status.left_s is not None:
        words.append(f"{duration(status.left_s)} left")
    if status.device:
        words.append(status.device)
    return words


def past_words(run: RunSummary) -> str:
    """How a run went, in a sentence."""
    if run.why:
        return run.why
    of_total = f" of {run.total:,}" if run.total else ""
    return f"{run.steps_done:,}{of_total} steps done."
