"""DAdaptAdam: Adam that finds its own rate, the elder sister of Prodigy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor

from trainer.optimizer_kinds.adaptive import Adaptive, decay, dots
from trainer.optimizer_kinds.grouped import MEMORY, Group, Lists, zeros


class DAdaptAdam(Adaptive):
    """Adam whose rate is d times that of the group.

    With gradient g, D = d * lr * bias correction, b = sqrt(b2), v and s of before:
    numerator = b numerator + (1 - b) f D <g, s / (sqrt(v) + eps)>; s = b s + (1 - b) D g;
    d' = numerator / ((1 - b) f sum |s|); d = max(d, min(d', growth_rate d)); f is how much slower
    a group is than the fastest (Defazio and Mishchenko 2023, "Learning-Rate-Free Learning by
    D-Adaptation"; f is the package's layer_scale).
    """

    OPTIONS: ClassVar[Mapping[str, Any]] = {
        "betas": (0.9, 0.999),
        "eps": 1e-8,
        "weight_decay": 0.0,
        "decouple": False,
        "use_bias_correction": False,
        "d0": 1e-6,
        "growth_rate": math.inf,
        "d_per_group": False,
    }
    LEARNED = ("numerator",)

    def _gathered(self, group: Group) -> Lists:
        return self.learning(group, s=zeros, exp_avg=zeros, exp_avg_sq=zeros)

    def _look(
        self, group: Group, lists: Lists, rate: Tensor, slower: float
    ) -> tuple[Sequence[Tensor], Sequence[Tensor]]:
        _, gradients, sums, averages, squares = lists
        first, second = group["betas"]
        root = math.sqrt(second)
        ratios = torch._foreach_div(sums, _lengths(group, squares))
        above = [one * slower for one in dots(gradients, ratios)]
        torch._foreach_mul_(averages, first)
        torch._foreach_add_(averages, torch._foreach_mul(gradients, rate * (slower * (1 - first))))
        torch._foreach_mul_(squares, second)
        torch._foreach_addcmul_(squares, gradients, gradients, value=1 - second)
        torch._foreach_mul_(sums, root)
        torch._foreach_add_(sums, torch._foreach_mul(gradients, rate * (1 - root)))
        return above, torch._foreach_mul(torch._foreach_norm(sums, 1), slower)

    def _learn(self, group: Group, rate: Tensor, above: Tensor, below: Tensor) -> dict[str, Tensor]:
        memory, root = group[MEMORY], math.sqrt(group["betas"][1])
        numerator = memory["numerator"] * root + rate * above * (1 - root)
        d = memory["d"]
        found = torch.where(below > 0, numerator / ((1 - root) * below), d)
        return {
            "d": torch.maximum(d, torch.minimum(found, d * group["growth_rate"])),
            "numerator": numerator,
        }

    def _move(self, group: Group, lists: Lists, rate: Tensor) -> None:
        parameters, _, _, averages, squares = lists
        decay(group, parameters, rate)
        torch._foreach_addcdiv_(parameters, averages, _lengths(group, squares), value=-1)


def _lengths(group: Group, squares: list[Tensor]) -> list[Tensor]:
    """sqrt(v) + eps."""
    lengths = list(torch._foreach_sqrt(squares))
    torch._foreach_add_(lengths, group["eps"])
    return lengths
