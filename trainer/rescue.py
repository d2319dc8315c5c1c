"""What becomes of a run that breaks: a good state is saved, and a sentence says what helps."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from trainer import devices
from trainer.assemble import Training
from trainer.checkpoint import UnsoundError
from trainer.errors import TrainerError
from trainer.events import Note
from trainer.good_copy import GoodCopy
from trainer.memory import SPILLED, advice, spills, too_little
from trainer.saves import Saves
from trainer.tables import Emit

_WATCH_EVERY = 10  # steps


class Rescue:
    """Keeps a copy of the last good state of a run under way."""

    def __init__(self, training: Training, saves: Saves, step: int) -> None:
        """`step` is where the run begins or goes on."""
        self._training = training
        self._saves = saves
        self._good = GoodCopy(training, step)
        self.keep = self._good.keep

    def not_a_number(self, step: int) -> TrainerError:
        """The loss of `step` is none: set back, and save what is newer than the state on disk."""
        self._let_go()
        training = self._training
        batches = training.plan.batches(step - 1)
        items = [training.dataset.items[at] for batch in batches for at in batch.items]
        names = ", ".join(sorted({str(item.path) for item in items}))
        return TrainerError(
            f"The loss of step {step} is not a number. Pictures of that step: {names}.",
            f"{self._set_back()} {self._again()} with a lower learning rate, in bf16 or without "
            "half precision, and look at these pictures.",
        )

    def unsound(self, message: str, hint: str) -> TrainerError:
        """What should have been saved was refused with these words."""
        self._let_go()
        return TrainerError(message, f"{self._set_back()} {hint}")

    def out_of_memory(self, done: int, *, half: bool) -> TrainerError:
        """The memory ran out after `done` steps; `half`: while the network was changed."""
        self._let_go()
        if half:
            self._good.put_back()
            done = self._good.step
        if done:
            self._saves.save_stop(done)
        where = f"step {done + 1} was trained"
        return too_little(self._training.config, where, _kept_until(done))

    def elsewhere(self, done: int, error: TrainerError) -> TrainerError:
        """Another process of the training has failed after `done` steps of this one."""
        self._let_go()
        if done:
            self._saves.save_stop(done)
        kept = _kept_until(done)
        hint = error.hint if kept in error.hint else f"{error.hint} {kept}".strip()
        return type(error)(error.message, hint)

    def _set_back(self) -> str:
        """Set back to the copy, and save it if it is newer; says until when all is saved."""
        self._good.put_back()
        good = self._good.step
        if good > self._saves.state_step:
            try:
                self._saves.save_stop(good)
            except UnsoundError:  # too large for the number format of checkpoints
                self._saves.save_state(good)
        return _kept_until(self._saves.state_step)

    def _again(self) -> str:
        saved = self._saves.state_step
        return "Go on from its checkpoint (network_weights)" if saved else "Begin again"

    def _let_go(self) -> None:
        """Free what a failed step held."""
        self._training.optimizer.zero_grad(set_to_none=True)
        devices.release()


class SpillWatch:
    """Says once when the driver moves memory of the GPU into that of the computer.

    Only the driver for Windows does it (not seen; see docs/runs.md).
    """

    def __init__(self, training: Training, emit: Emit) -> None:
        self._training = training
        self._emit = emit
        self._watches = sys.platform == "win32" and training.compute.device.type == "cuda"

    def look(self, step: int, seconds: Sequence[float]) -> None:
        """`seconds` are those of the last steps."""
        if not self._watches or step % _WATCH_EVERY:
            return
        if spills(seconds, *devices.reserved(self._training.compute.device)):
            self._watches = False
            self._emit(Note(SPILLED.format(advice=advice(self._training.config))))


def _kept_until(step: int) -> str:
    return f"What was trained until step {step} is saved." if step else "Nothing is saved yet."
