"""What Prodigy and D-Adaptation share: a distance d that is learned and stands for the rate."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor

from trainer.optimizer_kinds.grouped import MEMORY, Group, Grouped, Lists


class Adaptive(Grouped):
    """Learns the distance d to the solution; a group's learning rate only multiplies it.

    Groups with different rates share one d, as if the numbers of a slower group were written in
    smaller units; with `d_per_group` each has its own. All that is learned stays on the device.
    `LEARNED` names what is remembered beside d, from 0 on.
    """

    LEARNED: ClassVar[tuple[str, ...]]

    def __init__(self, rows: Iterable[Group], **options: Any) -> None:
        super().__init__(rows, **options)
        for name in ("d0", "eps", "growth_rate"):
            if not self.defaults[name] > 0:
                raise ValueError(f"{name} must be above 0, not {self.defaults[name]}")
        for group in self.param_groups:
            device = group["params"][0].device
            group[MEMORY] = {"k": 0, "d": torch.tensor(group["d0"], device=device)}
            group[MEMORY] |= {name: torch.tensor(0.0, device=device) for name in self.LEARNED}

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """One update; there is no closure. While all rates are 0 nothing is learned."""
        apart = self.defaults["d_per_group"]
        for groups in [[it] for it in self.param_groups] if apart else [self.param_groups]:
            fastest = max(group["lr"] for group in groups)
            if fastest > 0:
                self._step_together(groups, fastest)

    def _step_together(self, groups: Sequence[Group], fastest: float) -> None:
        """One update of groups that share a d."""
        memory = groups[0][MEMORY]
        rate = memory["d"] * (fastest * _bias_correction(groups[0]))
        rows = [(group, self._gathered(group)) for group in groups]
        rows = [(group, lists) for group, lists in rows if lists[0]]
        numerators: list[Tensor] = []
        lengths: list[Tensor] = []
        for group, lists in rows:
            if group["weight_decay"] and not group["decouple"]:
                torch._foreach_add_(lists[1], lists[0], alpha=group["weight_decay"])
            above, below = self._look(group, lists, rate, group["lr"] / fastest)
            numerators += above
            lengths += below
        if not rows:
            return
        sums = torch.stack(numerators).sum(), torch.stack(lengths).sum()
        learned = self._learn(groups[0], rate, *sums)
        for group in groups:
            group[MEMORY] |= {name: value.clone() for name, value in learned.items()}
            group[MEMORY]["k"] += 1
        for group, lists in rows:
            self._move(group, lists, rate * (group["lr"] / fastest))

    @abstractmethod
    def _gathered(self, group: Group) -> Lists:
        """What belongs to the parameters of a group, they and their gradients first."""

    @abstractmethod
    def _look(
        self, group: Group, lists: Lists, rate: Tensor, slower: float
    ) -> tuple[Sequence[Tensor], Sequence[Tensor]]:
        """Take the gradients in; gives what is above and below the line in the new d.

        `rate` is d times that of the fastest group, `slower` the share of it that this group has.
        """

    @abstractmethod
    def _learn(self, group: Group, rate: Tensor, above: Tensor, below: Tensor) -> dict[str, Tensor]:
        """The new d and what is remembered with it; gradients of 0 alone teach nothing."""

    @abstractmethod
    def _move(self, group: Group, lists: Lists, rate: Tensor) -> None:
        """Change the parameters; `rate` is the d of before times the rate of this group."""


def dots(some: Iterable[Tensor], others: Iterable[Tensor]) -> list[Tensor]:
    """The products of two lists of tensors, a number for each pair."""
    pairs = zip(some, others, strict=True)
    return [torch.dot(one.flatten(), other.flatten()) for one, other in pairs]


def decay(group: Group, parameters: list[Tensor], rate: Tensor) -> None:
    """p -= rate * weight_decay * p, where it is decoupled from the gradients."""
    if group["weight_decay"] and group["decouple"]:
        gone = torch._foreach_mul(parameters, rate * group["weight_decay"])
        torch._foreach_sub_(parameters, gone)


def _bias_correction(group: Group) -> float:
    """sqrt(1 - b2^k) / (1 - b1^k) with k the number of the step, or 1 when it is switched off."""
    if not group["use_bias_correction"]:
        return 1.0
    (first, second), count = group["betas"], group[MEMORY]["k"] + 1
    return math.sqrt(1 - second**count) / (1 - float(first**count))
