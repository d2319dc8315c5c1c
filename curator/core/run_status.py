"""Where a run under way stands, from what it hands over, and how to say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from curator.core.run_control import RunStarted
from trainer.events import (
    LAST_EVENTS,
    Caching,
    Note,
    Paused,
    Resumed,
    Started,
    Step,
    Validated,
)

LOADING = "Loading the training and the model"


class Phase(Enum):
    """What a training does; `STOPPING` and `PAUSING` until it is at a step's border."""

    IDLE = "idle"
    PREPARING = "preparing"
    TRAINING = "training"
    PAUSING = "pausing"
    PAUSED = "paused"
    STOPPING = "stopping"


@dataclass(slots=True)
class RunStatus:
    """`rate` is the learning rate, `left_s` None while there is no estimate.

    `preparing` says what is done before the first step; `ends_with_epoch` that the user wants it to
    stop there.
    """

    phase: Phase = Phase.IDLE
    name: str = ""
    step: int = 0
    total: int = 0
    epoch: int = 0
    epochs: int = 0
    steps_per_epoch: int = 0
    loss: float | None = None
    validation_loss: float | None = None
    rate: float | None = None
    left_s: float | None = None
    device: str = ""
    preparing: str = ""
    ends_with_epoch: bool = False
    note: str = ""

    @property
    def is_running(self) -> bool:
        """Whether something would be cut off if the program ended now."""
        return self.phase is not Phase.IDLE

    @property
    def is_loading(self) -> bool:
        """Whether it imports what it needs, which is much."""
        return self.phase is Phase.PREPARING and self.preparing == LOADING

    def hear(self, part: Any) -> None:
        """Take what the training hands over next."""
        if isinstance(part, LAST_EVENTS):
            self.left_s = None
        elif hear := _HEARD.get(type(part)):
            hear(self, part)

    def where(self) -> str:
        """ "step 120 of 400", or what is done before the first one."""
        if not self.total:
            return self.preparing or "getting ready"
        return f"step {self.step:,} of {self.total:,}"


def _begun(status: RunStatus, part: RunStarted) -> None:
    status.name = part.name
    status.preparing = LOADING


def _cached(status: RunStatus, part: Caching) -> None:
    status.preparing = f"Encoding pictures, {part.done:,} of {part.total:,}"


def _started(status: RunStatus, part: Started) -> None:
    status.step, status.total = part.first_step, part.total_steps
    status.epochs, status.steps_per_epoch = part.epochs, part.steps_per_epoch
    status.epoch = min(part.epochs, part.first_step // max(1, part.steps_per_epoch) + 1)
    status.device = part.device
    if status.phase is Phase.PREPARING:
        status.phase = Phase.TRAINING


def _stepped(status: RunStatus, part: Step) -> None:
    status.step, status.epoch = part.step, part.epoch
    status.loss, status.rate, status.left_s = part.loss, part.learning_rate, part.seconds_left


def _validated(status: RunStatus, part: Validated) -> None:
    status.validation_loss = part.loss


def _paused(status: RunStatus, _part: Paused) -> None:
    if status.phase is not Phase.STOPPING:
        status.phase = Phase.PAUSED


def _resumed(status: RunStatus, _part: Resumed) -> None:
    if status.phase is not Phase.STOPPING:
        status.phase = Phase.TRAINING


def _noted(status: RunStatus, part: Note) -> None:
    status.note = part.text


_HEARD: Mapping[type[Any], Callable[[RunStatus, Any], None]] = {
    RunStarted: _begun,
    Caching: _cached,
    Started: _started,
    Step: _stepped,
    Validated: _validated,
    Paused: _paused,
    Resumed: _resumed,
    Note: _noted,
}
