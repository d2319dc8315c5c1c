"""Losses as lines of few points: however many steps there are, none of their peaks is lost."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curator.core.run_history import Curve

Floats = NDArray[np.float64]
MOST_BINS = 400
SPAN = 24  # of the bins are smoothed over, about, where there are many


@dataclass(frozen=True, slots=True)
class Lines:
    """A raw line through the lowest and highest loss of each bin, and a smooth one over it."""

    raw_x: Floats
    raw_y: Floats
    smooth_x: Floats
    smooth_y: Floats


class LossCurve:
    """The losses of one run by step, in rising order."""

    def __init__(self) -> None:
        self.steps: array[int] = array("q")
        self.losses: array[float] = array("d")
        self.validated_steps: array[int] = array("q")
        self.validated_losses: array[float] = array("d")

    def add(self, step: int, loss: float) -> None:
        """Take the loss of a step; those from it on, if there are any, did not happen."""
        while self.steps and self.steps[-1] >= step:
            self.steps.pop()
            self.losses.pop()
        self.steps.append(step)
        self.losses.append(loss)

    def add_validation(self, step: int, loss: float) -> None:
        """Take the loss of a validation, in the same way."""
        while self.validated_steps and self.validated_steps[-1] >= step:
            self.validated_steps.pop()
            self.validated_losses.pop()
        self.validated_steps.append(step)
        self.validated_losses.append(loss)

    def put_before(self, past: Curve) -> None:
        """Put what a run told before it went on in front of what it tells now."""
        count = _count_below(past.steps, self.steps)
        self.steps = past.steps[:count] + self.steps
        self.losses = past.losses[:count] + self.losses
        count = _count_below(past.validated_steps, self.validated_steps)
        self.validated_steps = past.validated_steps[:count] + self.validated_steps
        self.validated_losses = past.validated_losses[:count] + self.validated_losses

    def lines(self, bins: int = MOST_BINS) -> Lines:
        """The lines to draw, of at most twice so many points."""
        told = np.array(self.losses, dtype=np.float64)
        finite = np.isfinite(told)  # of others there is nothing to draw
        steps, losses = np.array(self.steps, dtype=np.float64)[finite], told[finite]
        if len(steps) <= bins:
            return Lines(steps, losses, steps, _smooth(losses))
        edges = np.linspace(0, len(steps), bins + 1).astype(np.intp)
        first, counts = edges[:-1], np.diff(edges)
        middle = steps[(edges[:-1] + edges[1:] - 1) // 2]
        mean = np.add.reduceat(losses, first) / counts
        ends = np.minimum.reduceat(losses, first), np.maximum.reduceat(losses, first)
        return Lines(np.repeat(middle, 2), np.column_stack(ends).ravel(), middle, _smooth(mean))


def _count_below(past: array[int], now: array[int]) -> int:
    return len(past) if not now else int(np.searchsorted(np.array(past), now[0]))


def _smooth(values: Floats) -> Floats:
    """A running mean that forgets, free of bias towards its beginning (as Adam's)."""
    share = 2 / (min(SPAN, max(1, len(values) // 4)) + 1)
    found = np.empty_like(values)
    mean = weight = 0.0
    for at, value in enumerate(values):
        mean += share * (float(value) - mean)
        weight += share * (1 - weight)
        found[at] = mean / weight
    return found
