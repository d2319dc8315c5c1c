"""The state of a training as values: taken out, put back, and kept aside while all is well."""

from __future__ import annotations

from torch import Tensor

from trainer import optimizers
from trainer.assemble import Training
from trainer.checkpoint import State

KEEP_EVERY = 100  # steps; so many are lost at most when a run breaks


def take_state(training: Training, step: int) -> State:
    """A copy of everything that the run is after `step` steps, in the memory of the machine."""
    remembered = optimizers.dump_state(training.optimizer) | training.averages.dump()
    return State(
        step=step,
        identity=training.identity,
        network=_apart(training.adapter.state_dict()),
        optimizer=_apart(remembered),
        scaler=training.scaler.state_dict(),
        saved=(),
    )


def put_back(training: Training, state: State) -> None:
    """Make the training what it was when the state was taken."""
    training.adapter.load(state.network)
    optimizers.load_state(training.optimizer, training.averages.load(state.optimizer))
    training.scaler.load_state_dict(state.scaler)


class GoodCopy:
    """The last state in which every number was one, at most some steps old."""

    def __init__(self, training: Training, step: int) -> None:
        """`step` is where the run begins or goes on."""
        self._training = training
        self._state = take_state(training, step)

    @property
    def step(self) -> int:
        """After so many steps it was taken."""
        return self._state.step

    def keep(self, step: int) -> None:
        """Take the state after `step` in, if it is sound."""
        state = take_state(self._training, step)
        if state.is_sound:
            self._state = state

    def put_back(self) -> None:
        """Set the training back to it."""
        put_back(self._training, self._state)


def _apart(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: one.detach().to("cpu", copy=True) for name, one in tensors.items()}
