"""Losses as lines of few points: however many steps there are, none of their peaks is lost."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Losses:
    """Losses by step, in rising order."""

    steps: array[int] = field(default_factory=lambda: array("q"))
    losses: array[float] = field(default_factory=lambda: array("d"))

    def add(self, step: int, loss: float) -> None:
        """Take the loss of a step; those from it on, if there are any, did not happen."""
        while self.steps and self.steps[-1] >= step:
            self.steps.pop()
            self.losses.pop()
        self.steps.append(step)
        self.losses.append(loss)

    def put_before(self, steps: array[int], losses: array[float]) -> None:
        """Put what was told before in front of what is told now."""
        count = len(steps) if not self.steps else bisect_left(steps, self.steps[0])
        self.steps = steps[:count] + self.steps
        self.losses = losses[:count] + self.losses

    def near(self, step: float) -> tuple[int, float] | None:
        """The last step up to this one, or the first one, with its loss."""
        if not self.steps:
            return None
        at = max(0, bisect_right(self.steps, step) - 1)
        return self.steps[at], self.losses[at]


class LossCurve:
    """The losses of one run by step.

    `validated` is the loss on fixed pictures: on held-out ones where there are any, and then
    `trained` on fixed pictures that are trained.
    """

    def __init__(self) -> None:
        self.told = Losses()
        self.validated = Losses()
        self.trained = Losses()

    @property
    def steps(self) -> array[int]:
        """The steps that were trained."""
        return self.told.steps

    def add(self, step: int, loss: float) -> None:
        """Take the loss of a step."""
        self.told.add(step, loss)

    def add_validation(self, step: int, loss: float, trained: float | None = None) -> None:
        """Take the losses of a validation."""
        self.validated.add(step, loss)
        if trained is not None:
            self.trained.add(step, trained)

    def put_before(self, past: Curve) -> None:
        """Put what a run told before it went on in front of what it tells now."""
        self.told.put_before(past.steps, past.losses)
        self.validated.put_before(past.validated_steps, past.validated_losses)
        self.trained.put_before(past.trained_steps, past.trained_losses)

    def lines(self, bins: int = MOST_BINS) -> Lines:
        """The lines to draw, of at most twice so many points."""
        told = np.array(self.told.losses, dtype=np.float64)
        finite = np.isfinite(told)  # of others there is nothing to draw
        steps, losses = np.array(self.told.steps, dtype=np.float64)[finite], told[finite]
        if len(steps) <= bins:
            return Lines(steps, losses, steps, _smooth(losses))
        edges = np.linspace(0, len(steps), bins + 1).astype(np.intp)
        first, counts = edges[:-1], np.diff(edges)
        middle = steps[(edges[:-1] + edges[1:] - 1) // 2]
        mean = np.add.reduceat(losses, first) / counts
        ends = np.minimum.reduceat(losses, first), np.maximum.reduceat(losses, first)
        return Lines(np.repeat(middle, 2), np.column_stack(ends).ravel(), middle, _smooth(mean))


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
