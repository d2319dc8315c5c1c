"""Lion: a step of the same length for every number, in the direction of its smoothed gradient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import torch

from trainer.optimizer_kinds.grouped import Grouped, zeros


class Lion(Grouped):
    """p -= lr (sign(b1 m + (1 - b1) g) + decay p); m = b2 m + (1 - b2) g.

    Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms".
    """

    OPTIONS: ClassVar[Mapping[str, Any]] = {"betas": (0.9, 0.99), "weight_decay": 0.0}

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """One update; there is no closure."""
        for group in self.param_groups:
            parameters, gradients, averages = self.learning(group, exp_avg=zeros)
            if not parameters:
                continue
            (first, second), rate = group["betas"], group["lr"]
            torch._foreach_mul_(parameters, 1 - rate * group["weight_decay"])
            direction = torch._foreach_lerp(averages, gradients, 1 - first)
            torch._foreach_sign_(direction)
            torch._foreach_add_(parameters, direction, alpha=-rate)
            torch._foreach_lerp_(averages, gradients, 1 - second)
