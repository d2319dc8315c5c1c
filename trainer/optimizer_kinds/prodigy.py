"""Prodigy: AdamW that finds its own rate; plain, and schedule-free."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor

from trainer.optimizer_kinds.adaptive import Adaptive, decay, dots
from trainer.optimizer_kinds.grouped import MEMORY, Group, Lists, zeros
from trainer.optimizer_kinds.schedule_free import ScheduleFree

_OPTIONS: Mapping[str, Any] = {
    "betas": (0.9, 0.999),
    "beta3": None,
    "eps": 1e-8,
    "weight_decay": 0.0,
    "decouple": True,
    "use_bias_correction": False,
    "safeguard_warmup": False,
    "d0": 1e-6,
    "d_coef": 1.0,
    "growth_rate": math.inf,
    "slice_p": 1,
    "d_per_group": False,
}


class Prodigy(Adaptive):
    """Adam whose rate is d times that of the group; d grows with how far it has come.

    With gradient g, start p0, D = d * lr * bias correction, and b3 = sqrt(b2) where not given:
    numerator = b3 numerator + d / d0 D <g, p0 - p>; s = b3 s + d / d0 D g;
    d' = d_coef numerator / sum |s|; d = max(d, d') (Mishchenko and Defazio 2023, "Prodigy").
    For a group that is slower than the fastest by f, s takes f g: that is Prodigy on p / f.
    """

    OPTIONS = _OPTIONS
    LEARNED: ClassVar[tuple[str, ...]] = ("d_max", "d_numerator")

    def _gathered(self, group: Group) -> Lists:
        return self.learning(group, exp_avg=zeros, **self._common(group))

    def _common(self, group: Group) -> dict[str, Any]:
        every = group["slice_p"]
        return {
            "exp_avg_sq": zeros,
            "s": lambda one: torch.zeros_like(one.flatten()[::every]),
            "p0": lambda one: one.flatten()[::every].clone(),
        }

    def _look(
        self, group: Group, lists: Lists, rate: Tensor, slower: float
    ) -> tuple[Sequence[Tensor], Sequence[Tensor]]:
        parameters, gradients, averages, squares, sums, starts = lists
        first, d = group["betas"][0], group[MEMORY]["d"]
        torch._foreach_mul_(averages, first)
        torch._foreach_add_(averages, torch._foreach_mul(gradients, d * (1 - first)))
        _add_squares(group, squares, gradients)
        return _evidence(group, (parameters, gradients, sums, starts), rate, slower)

    def _learn(self, group: Group, rate: Tensor, above: Tensor, below: Tensor) -> dict[str, Tensor]:
        memory = group[MEMORY]
        d = memory["d"]
        numerator = memory["d_numerator"] * _beta3(group) + d / group["d0"] * rate * above
        found = torch.where(below > 0, group["d_coef"] * numerator / below, d)
        d_max = torch.maximum(torch.maximum(memory["d_max"], d), found)
        begun = torch.where(d == group["d0"], torch.maximum(d, found), d)
        grown = torch.minimum(d_max, begun * group["growth_rate"])
        return {"d": grown, "d_max": d_max, "d_numerator": numerator}

    def _move(self, group: Group, lists: Lists, rate: Tensor) -> None:
        parameters, _, averages, squares, _, _ = lists
        decay(group, parameters, rate)
        update = torch._foreach_div(averages, _lengths(group, squares))
        torch._foreach_mul_(update, rate)
        torch._foreach_sub_(parameters, update)


class ProdigyScheduleFree(Prodigy, ScheduleFree):
    """Prodigy's rate in schedule-free AdamW, whose average takes the place of a momentum.

    numerator = b3 numerator + d / d0 D <g, p0 - z>; u = d g / (sqrt(v) + d eps) + decay y;
    z -= D u; y = (1 - b1) z + b1 x, with x the average of z weighed by D^2, D = d * lr.
    """

    OPTIONS: ClassVar[Mapping[str, Any]] = {**_OPTIONS, "betas": (0.9, 0.99)}
    LEARNED = ("d_max", "d_numerator", "weight_sum")

    def _gathered(self, group: Group) -> Lists:
        return self.learning(group, z=torch.clone, **self._common(group))

    def _look(
        self, group: Group, lists: Lists, rate: Tensor, slower: float
    ) -> tuple[Sequence[Tensor], Sequence[Tensor]]:
        _, gradients, z, squares, sums, starts = lists
        _add_squares(group, squares, gradients)
        found = _evidence(group, (z, gradients, sums, starts), rate, slower)
        torch._foreach_mul_(gradients, group[MEMORY]["d"])
        return found

    def _move(self, group: Group, lists: Lists, rate: Tensor) -> None:
        y, scaled, z, squares, _, _ = lists
        memory = group[MEMORY]
        update = torch._foreach_div(scaled, _lengths(group, squares))
        if group["weight_decay"] and group["decouple"]:
            torch._foreach_add_(update, y, alpha=group["weight_decay"])
        torch._foreach_mul_(update, rate)
        memory["weight_sum"] = memory["weight_sum"] + rate.square()
        share = rate.square() / memory["weight_sum"]
        towards = torch._foreach_sub(z, y)
        torch._foreach_mul_(towards, share)
        torch._foreach_add_(y, towards)
        torch._foreach_sub_(z, update)
        torch._foreach_mul_(update, 1 - group["betas"][0] * (1 - share))
        torch._foreach_sub_(y, update)


def _add_squares(group: Group, squares: list[Tensor], gradients: list[Tensor]) -> None:
    """v = b2 v + (1 - b2) (d g)^2."""
    second = group["betas"][1]
    scaled = torch._foreach_mul(gradients, group[MEMORY]["d"])
    torch._foreach_mul_(squares, second)
    torch._foreach_addcmul_(squares, scaled, scaled, value=1 - second)


def _evidence(
    group: Group, lists: Lists, rate: Tensor, slower: float
) -> tuple[Sequence[Tensor], Sequence[Tensor]]:
    """<g, p0 - p> and |s| of each parameter, after s = b3 s + d / d0 D f g."""
    parameters, gradients, sums, starts = lists
    every, d = group["slice_p"], group[MEMORY]["d"]
    gradients = [one.flatten()[::every] for one in gradients]
    gone = torch._foreach_sub(starts, [one.detach().flatten()[::every] for one in parameters])
    step = d if group["safeguard_warmup"] else rate
    torch._foreach_mul_(sums, _beta3(group))
    torch._foreach_add_(sums, torch._foreach_mul(gradients, d / group["d0"] * step * slower))
    return dots(gradients, gone), torch._foreach_norm(sums, 1)


def _lengths(group: Group, squares: list[Tensor]) -> list[Tensor]:
    """sqrt(v) + d eps, with the new d."""
    lengths = list(torch._foreach_sqrt(squares))
    torch._foreach_add_(lengths, group[MEMORY]["d"] * group["eps"])
    return lengths


def _beta3(group: Group) -> float:
    third: float | None = group["beta3"]
    return math.sqrt(group["betas"][1]) if third is None else third
