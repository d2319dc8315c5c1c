"""The loss of every picture by its timestep: which ones are hard, and which are learnt by heart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from trainer.assemble import Training
from trainer.order import Batch
from trainer.tables import Emit, Table

COLUMNS = ("step", "epoch", "picture", "timestep_bin", "loss")
BINS = 10
_TOGETHER = 100  # batches are read from the device at once, so that none is waited for


@dataclass(frozen=True, slots=True)
class _Shown:
    """A batch of a step; timesteps and losses are still on the device."""

    step: int
    batch: Batch
    timesteps: Tensor
    losses: Tensor


class PictureLog:
    """Writes NAME-pictures.csv into the log folder; without one it does nothing.

    A picture is named by its folder and its file. Bin 0 holds the tenth of the timesteps with the
    least noise. The loss is the one that is trained, without the weight of regularization.
    """

    def __init__(self, training: Training, emit: Emit) -> None:
        """Raises TrainerError when the disk refuses the file."""
        self._training = training
        self._shown: list[_Shown] = []
        config = training.config
        self._table = None
        if config.logging_dir is not None:
            path = config.logging_dir / f"{config.output_name}-pictures.csv"
            self._table = Table(path, COLUMNS, emit)

    def begin(self, first_step: int) -> None:
        """Go on after `first_step`."""
        if self._table is not None:
            self._table.begin(first_step)

    def hear(self, step: int, batch: Batch, timesteps: Tensor, losses: Tensor) -> None:
        """Take a batch of `step` (counted from 1) with what its pictures lost, each (batch,)."""
        if self._table is not None:
            self._shown.append(_Shown(step, batch, timesteps, losses))
            if len(self._shown) == _TOGETHER:
                self.write()

    def write(self) -> None:
        """Write what was heard until now."""
        shown, self._shown = self._shown, []
        if self._table is None or not shown:
            return
        times = torch.cat([one.timesteps for one in shown]) * BINS
        bins = (times // self._training.noise.timesteps).tolist()
        losses = torch.cat([one.losses for one in shown]).float().tolist()
        pictures = [(one.step, one.batch.epoch + 1, at) for one in shown for at in one.batch.items]
        items = self._training.dataset.items
        self._table.add(
            (step, epoch, _name(items[at].path), which, f"{loss:.6g}")
            for (step, epoch, at), which, loss in zip(pictures, bins, losses, strict=True)
        )

    def close(self) -> None:
        """Write the rest; nothing is heard any more."""
        if self._table is not None:
            self.write()
            self._table.close()


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
