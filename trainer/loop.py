"""Training: one plain function, events out, wishes polled at the borders between steps."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from trainer import devices
from trainer.assemble import Training, assemble
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
from trainer.loss_log import logged
from trainer.previews import Previews
from trainer.ranks import ALONE, Ranks
from trainer.saves import Saves
from trainer.steps import rate_share, take_step
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

    log = config.logging_dir / f"{config.output_name}.csv" if config.logging_dir else None
    try:
        with logged(emit, log) as listened:
            _Run(assemble(config, progress, ranks), listened, control).go()
    except _StoppedEarlyError:
        emit(Stopped(0))
    except RuntimeError as error:
        if devices.is_out_of_memory(error):
            raise _out_of_memory(config) from error
        raise


def _out_of_memory(config: RunConfig) -> TrainerError:
    advice = ["lower the resolution"]
    if not config.gradient_checkpointing:
        advice.insert(0, "switch gradient_checkpointing on")
    if config.train_batch_size > 1:
        advice.insert(0, "lower train_batch_size and raise gradient_accumulation_steps instead")
    return TrainerError(
        "The memory of the device does not suffice for this run.",
        f"What helps, in this order: {', '.join(advice)}. Other programs may be holding memory.",
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """A step that was computed, whose loss has not been looked at yet."""

    step: int
    loss: Tensor


class _Run:
    """A training under way; `done` steps are behind it."""

    def __init__(self, training: Training, emit: Emit, control: Control) -> None:
        self._training = training
        self._emit = emit
        self._control = control
        self._saves = Saves(training, emit)
        self._previews = Previews(training, emit)
        self._waiting: _Taken | None = None
        self._durations: deque[float] = deque(maxlen=_TIMED_STEPS)
        self._done = 0

    def go(self) -> None:
        """Train to the end, or to the border at which a stop is wished for."""
        training = self._training
        self._done = self._saves.resume()
        self._announce()
        if self._done == 0:
            self._validate(0)
        while self._done < training.steps:
            self._serve_wishes()
            if self._control.stopping:
                self._stop()
                return
            self._step()
            if self._done % training.plan.steps_per_epoch == 0 and self._done < training.steps:
                self._end_epoch()
        self._finish()

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
        taken = _Taken(self._done + 1, take_step(self._training, self._done))
        self._look()
        self._waiting = taken
        self._done += 1
        if self._training.compute.device.type == "cpu":
            self._look()
        self._durations.append(time.monotonic() - began)

    def _look(self) -> None:
        """Report the step whose loss was not read yet. Raises TrainerError if it is no number."""
        taken, self._waiting = self._waiting, None
        if taken is None:
            return
        loss = float(taken.loss)
        if not math.isfinite(loss):
            raise self._broken(taken.step)
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

    def _broken(self, step: int) -> TrainerError:
        batches = self._training.plan.batches(step - 1)
        items = [self._training.dataset.items[at] for batch in batches for at in batch.items]
        names = ", ".join(sorted({str(item.path) for item in items}))
        return TrainerError(
            f"The loss of step {step} is not a number; nothing was saved since. "
            f"Pictures of that step: {names}.",
            "The last checkpoint is whole. Go on from it with a lower learning rate, in bf16 or "
            "without half precision, and look at these pictures.",
        )

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

    def _end_epoch(self) -> None:
        config = self._training.config
        epoch = self._done // self._training.plan.steps_per_epoch
        self._look()
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
        if config.sample_every_n_epochs:
            self._previews.draw_epoch(epochs, self._done)
        self._emit(Finished(self._saves.checkpoints))

    def _validate(self, epoch: int) -> None:
        if self._training.config.validate_every_n_epochs:
            self._emit(Validated(self._done, epoch, *validation_losses(self._training)))


def _due(epoch: int, every: int) -> bool:
    return every > 0 and epoch % every == 0
