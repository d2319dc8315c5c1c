"""Training: one plain function, events out, wishes polled at the borders between steps."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from torch import Tensor

from trainer import devices
from trainer.assemble import Training, assemble
from trainer.cache import Progress
from trainer.checkpoint import UnsoundError
from trainer.config import RunConfig
from trainer.control import Control
from trainer.errors import TrainerError
from trainer.events import (
    Caching,
    Event,
    Finished,
    Note,
    Paused,
    Resumed,
    Started,
    Step,
    Stopped,
    Validated,
)
from trainer.good_copy import KEEP_EVERY
from trainer.memory import too_little
from trainer.picture_log import PictureLog
from trainer.previews import Previews
from trainer.ranks import ALONE, ElsewhereError, Ranks
from trainer.rescue import Rescue, SpillWatch
from trainer.saves import Saves
from trainer.steps import HalfUpdatedError, rate_share, take_step
from trainer.trackers import tracked
from trainer.validation import validation_losses

Emit = Callable[[Event], None]
_TIMED_STEPS = 50  # the time left is estimated from so many


class _StoppedEarlyError(Exception):
    """The run was asked to stop before its first step."""


def train(config: RunConfig, emit: Emit, control: Control, ranks: Ranks = ALONE) -> None:
    """Train as `config` says; the last event is Finished or Stopped.

    Raises TrainerError when the run cannot begin or go on; what was saved until then stays.
    """

    def progress(done: int, total: int) -> None:
        if control.stopping:
            raise _StoppedEarlyError
        emit(Caching(done, total))

    try:
        with tracked(emit, config) as listened:
            _Run(_assembled(config, progress, ranks), listened, control).go()
    except _StoppedEarlyError:
        emit(Stopped(0))


def _assembled(config: RunConfig, progress: Progress, ranks: Ranks) -> Training:
    try:
        return assemble(config, progress, ranks)
    except RuntimeError as error:
        if devices.is_out_of_memory(error):
            raise too_little(config, "the model was loaded and the pictures encoded") from error
        raise


@dataclass(frozen=True, slots=True)
class _Taken:
    """A step that was computed, whose loss has not been looked at yet."""

    step: int
    loss: Tensor


class _NotANumberError(Exception):
    """The loss of `step` is none."""

    def __init__(self, step: int) -> None:
        super().__init__(step)
        self.step = step


class _Run:
    """A training under way; `done` steps are behind it."""

    def __init__(self, training: Training, emit: Emit, control: Control) -> None:
        self._training = training
        self._emit = emit
        self._control = control
        self._saves = Saves(training, emit)
        self._previews = Previews(training, emit)
        self._pictures = PictureLog(training, emit)
        self._waiting: _Taken | None = None
        self._durations: deque[float] = deque(maxlen=_TIMED_STEPS)
        self._spills = SpillWatch(training, emit)
        self._done = 0

    def go(self) -> None:
        """Train to the end, or to the border at which a stop is wished for.

        Raises TrainerError when it cannot go on; what was trained until then is saved.
        """
        self._done = self._saves.resume()
        self._rescue = Rescue(self._training, self._saves, self._done)
        self._pictures.begin(self._done)
        try:
            self._announce()
            error = self._tried()
        finally:
            self._pictures.close()
        if error is not None:
            raise error

    def _tried(self) -> TrainerError | None:
        """Train; where it breaks, save what is good, once nothing holds what the step held."""
        try:
            self._train()
            return None
        except (_NotANumberError, UnsoundError, ElsewhereError, RuntimeError) as error:
            rescue = self._rescue_from(error)
        return rescue()

    def _rescue_from(self, error: Exception) -> Callable[[], TrainerError]:
        if isinstance(error, _NotANumberError):
            return partial(self._rescue.not_a_number, error.step)
        if isinstance(error, UnsoundError):
            return partial(self._rescue.unsound, error.message, error.hint)
        if isinstance(error, ElsewhereError):
            return partial(self._rescue.elsewhere, self._done, error)
        if isinstance(error, RuntimeError) and devices.is_out_of_memory(error):
            return partial(self._ran_out, half=isinstance(error, HalfUpdatedError))
        raise error

    def _ran_out(self, *, half: bool) -> TrainerError:
        try:
            self._look()
        except _NotANumberError as error:
            step = error.step
        else:
            return self._rescue.out_of_memory(self._done, half=half)
        return self._rescue.not_a_number(step)

    def _train(self) -> None:
        if self._done == 0:
            self._begin()
        while self._done < self._training.steps:
            self._serve_wishes()
            if self._control.stopping:
                self._stop()
                return
            self._step()
            if self._done < self._training.steps and self._end_step():
                self._stop()
                return
        self._finish()

    def _begin(self) -> None:
        self._validate(0)
        if self._training.config.sample_at_first:
            self._previews.draw_epoch(0, 0)

    def _announce(self) -> None:
        training = self._training
        items = training.dataset.items
        reg = sum(item.is_reg for item in items)
        self._emit(
            Started(
                total_steps=training.steps,
                epochs=training.epochs,
                steps_per_epoch=training.plan.steps_per_epoch,
                images=len(items) - reg,
                reg_images=reg,
                first_step=self._done,
                device=training.compute.label(),
                precision=training.compute.precision,
            )
        )
        for note in training.notes:
            self._emit(Note(note))

    def _step(self) -> None:
        """One step; on a GPU the loss of the step before is read while this one computes."""
        began = time.monotonic()
        hear = partial(self._pictures.hear, self._done + 1)
        taken = _Taken(self._done + 1, take_step(self._training, self._done, hear))
        self._look()
        self._waiting = taken
        self._done += 1
        if self._training.compute.device.type == "cpu":
            self._look()
        self._durations.append(time.monotonic() - began)
        self._spills.look(self._done, list(self._durations))

    def _look(self) -> None:
        """Report the step whose loss was not read yet."""
        taken, self._waiting = self._waiting, None
        if taken is None:
            return
        loss = float(taken.loss)
        if not math.isfinite(loss):
            raise _NotANumberError(taken.step)
        training = self._training
        group = training.optimizer.param_groups[0]
        rate = group["initial_lr"] * rate_share(training, taken.step - 1)
        epoch = training.plan.epoch_of(taken.step - 1) + 1
        self._emit(Step(taken.step, epoch, loss, rate, self._seconds_left()))

    def _seconds_left(self) -> float | None:
        if not self._durations:
            return None
        mean = sum(self._durations) / len(self._durations)
        return mean * (self._training.steps - self._done)

    def _serve_wishes(self) -> None:
        paused = False
        self._control.meet()
        while True:
            if self._control.take_save():
                self._look()
                self._saves.save_step(self._done)
            if self._control.take_sample():
                self._look()
                self._previews.draw_step(self._done)
            if not self._control.paused:
                break
            if not paused:
                self._look()
                self._emit(Paused())
                paused = True
            self._control.wait_while_paused()
        if paused and not self._control.stopping:
            self._emit(Resumed())

    def _end_step(self) -> bool:
        """What is due after a step that is not the last one; gives whether the run shall end."""
        config, done = self._training.config, self._done
        ends_epoch = done % self._training.plan.steps_per_epoch == 0
        if _due(done, config.save_every_n_steps):
            self._look()
            self._saves.save_due(done)
        if _due(done, config.sample_every_n_steps):
            self._look()
            self._previews.draw_step(done)
        if ends_epoch:
            self._end_epoch()
        if _due(done, KEEP_EVERY):
            self._look()
            self._rescue.keep(done)
        return ends_epoch and self._control.stopping_after_epoch

    def _end_epoch(self) -> None:
        config = self._training.config
        epoch = self._done // self._training.plan.steps_per_epoch
        self._look()
        self._pictures.write()
        if _due(epoch, config.validate_every_n_epochs):
            self._validate(epoch)
        if _due(epoch, config.save_every_n_epochs):
            self._saves.save_epoch(epoch, self._done)
        if _due(epoch, config.sample_every_n_epochs):
            self._previews.draw_epoch(epoch, self._done)

    def _stop(self) -> None:
        self._look()
        self._saves.save_stop(self._done)
        self._emit(Stopped(self._done))

    def _finish(self) -> None:
        config, epochs = self._training.config, self._training.epochs
        self._look()
        if config.validate_every_n_epochs:
            self._validate(epochs)
        self._saves.save_end(self._done)
        if config.sample_every_n_epochs or config.sample_every_n_steps:
            self._previews.draw_epoch(epochs, self._done)
        self._emit(Finished(self._saves.checkpoints))

    def _validate(self, epoch: int) -> None:
        if self._training.config.validate_every_n_epochs:
            self._emit(Validated(self._done, epoch, *validation_losses(self._training)))


def _due(epoch: int, every: int) -> bool:
    return every > 0 and epoch % every == 0
