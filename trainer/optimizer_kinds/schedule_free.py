"""Schedule-free AdamW: an average of the weights takes the place of a falling learning rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor

from trainer.optimizer_kinds.grouped import MEMORY, Group, Grouped, Lists, zeros


class ScheduleFree(Grouped):
    """Weights y are trained, z is stepped, and x = y + (1 - 1 / b1) (z - y) is what is shown."""

    def __init__(self, rows: Iterable[Group], **options: Any) -> None:
        super().__init__(rows, **options)
        if not self.defaults["betas"][0]:
            raise ValueError("the first of betas must be above 0")

    def averages(self) -> list[Tensor]:
        """The averaged weights x of all parameters, in the order of the groups; copies."""
        found = []
        for group in self.param_groups:
            beyond = 1 - 1 / group["betas"][0]
            for one in group["params"]:
                behind, now = self.state[one].get("z"), one.detach()
                found.append(now.clone() if behind is None else torch.lerp(now, behind, beyond))
        return found


class AdamWScheduleFree(ScheduleFree):
    """y = (1 - b1) z + b1 x, with x the average of z weighed by k^r * lr^p.

    u = g / (sqrt(v / (1 - b2^k)) + eps) + decay y; z -= lr u, with k the number of the step and p
    the weight_lr_power (Defazio et al. 2024, "The Road Less Scheduled").
    """

    OPTIONS: ClassVar[Mapping[str, Any]] = {
        "betas": (0.9, 0.999),
        "eps": 1e-8,
        "weight_decay": 0.0,
        "r": 0.0,
        "weight_lr_power": 2.0,
    }

    def __init__(self, rows: Iterable[Group], **options: Any) -> None:
        super().__init__(rows, **options)
        for group in self.param_groups:
            group[MEMORY] = {"k": 0, "weight_sum": 0.0, "lr_max": 0.0}

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """One update; there is no closure."""
        for group in self.param_groups:
            lists = self.learning(group, exp_avg_sq=zeros, z=torch.clone)
            if lists[0]:
                _update(group, lists, _count(group))


def _count(group: Group) -> float:
    """Count a step in the memory of a group; gives the share that its z has in the average."""
    memory = group[MEMORY]
    memory["lr_max"] = max(memory["lr_max"], group["lr"])
    memory["k"] += 1
    weight = memory["k"] ** group["r"] * memory["lr_max"] ** group["weight_lr_power"]
    memory["weight_sum"] += weight
    return float(weight / memory["weight_sum"]) if memory["weight_sum"] else 0.0


def _update(group: Group, lists: Lists, share: float) -> None:
    y, gradients, squares, z = lists
    (first, second), rate = group["betas"], group["lr"]
    torch._foreach_mul_(squares, second)
    torch._foreach_addcmul_(squares, gradients, gradients, value=1 - second)
    lengths = torch._foreach_div(squares, 1 - second ** group[MEMORY]["k"])
    torch._foreach_sqrt_(lengths)
    torch._foreach_add_(lengths, group["eps"])
    update = torch._foreach_div(gradients, lengths)
    if group["weight_decay"]:
        torch._foreach_add_(update, y, alpha=group["weight_decay"])
    torch._foreach_lerp_(y, z, share)
    torch._foreach_add_(y, update, alpha=rate * (first * (1 - share) - 1))
    torch._foreach_sub_(z, update, alpha=rate)
