"""Learning-rate schedules: the share of the rate that applies at a step, as pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

Share = Callable[[int, int, int], float]  # (step, warm-up, total) -> share of the rate


def constant(step: int, warmup: int, total: int) -> float:
    """The whole rate, after a linear rise from 0 during `warmup` steps; `step` counts from 0."""
    return step / warmup if step < warmup else 1.0


def cosine(step: int, warmup: int, total: int) -> float:
    """After the warm-up, (1 + cos(pi p)) / 2 with p the share that is done; 0 at `total`."""
    if step < warmup:
        return constant(step, warmup, total)
    done = (step - warmup) / max(1, total - warmup)
    return (1 + math.cos(math.pi * min(1.0, done))) / 2


SCHEDULES: Mapping[str, Share] = {
    "constant": constant,
    "constant_with_warmup": constant,
    "cosine": cosine,
}
