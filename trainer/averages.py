"""Averaged weights: what is saved, drawn and measured where it is not what is trained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from trainer.optimizer_kinds.schedule_free import ScheduleFree

_NAME = "ema."


def ema_decay(most: float, step: int) -> float:
    """How much of the average stays at `step`, counted from 0: min(most, (1 + step) / (10 + step)).

    The rise keeps the first weights from weighing for long (TensorFlow's and diffusers' averages).
    """
    return min(most, (1 + step) / (10 + step))


class Averages:
    """An exponential average of the trained weights, or that of a schedule-free optimizer.

    Without either the weights are shown as they are. Moves nothing off the device.
    """

    def __init__(
        self, parameters: Sequence[nn.Parameter], optimizer: torch.optim.Optimizer, decay: float
    ) -> None:
        """`decay` 0 keeps no exponential average; the optimizer's parameters are `parameters`."""
        self._parameters: list[Tensor] = list(parameters)
        self._optimizer = optimizer if isinstance(optimizer, ScheduleFree) else None
        self._decay = decay
        self._ema = [one.detach().clone() for one in parameters] if decay else []

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take the weights in as they are after `step`, counted from 0."""
        if self._ema:
            share = 1 - ema_decay(self._decay, step)
            torch._foreach_lerp_(self._ema, self._parameters, share)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """The network has the averaged weights inside, and afterwards exactly those of before."""
        averages = self._ema if self._optimizer is None else self._optimizer.averages()
        if not averages:
            yield
            return
        kept = [one.detach().clone() for one in self._parameters]
        self._put(averages)
        try:
            yield
        finally:
            self._put(kept)

    def dump(self) -> dict[str, Tensor]:
        """What a resumed run needs beside the memory of the optimizer, under names of its own."""
        return {f"{_NAME}{number}": one for number, one in enumerate(self._ema)}

    def load(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Take over what `dump` gave; gives the tensors of other names."""
        for number, one in enumerate(self._ema):
            one.copy_(tensors[f"{_NAME}{number}"])
        return {name: one for name, one in tensors.items() if not name.startswith(_NAME)}

    @torch.no_grad()
    def _put(self, values: list[Tensor]) -> None:
        torch._foreach_copy_(self._parameters, values)
