"""The loss curve: few points, no lost peaks, and a past that joins what comes."""

from __future__ import annotations

from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.loss_curve import LossCurve
from curator.core.run_history import Curve

LOSSES = st.lists(st.floats(0, 10), min_size=1, max_size=500)


def curve_of(losses: list[float], first: int = 1) -> LossCurve:
    curve = LossCurve()
    for step, loss in enumerate(losses, first):
        curve.add(step, loss)
    return curve


def past_of(losses: list[float]) -> Curve:
    curve = curve_of(losses)
    return Curve(curve.steps, curve.told.losses, curve.validated.steps, curve.validated.losses)


@given(LOSSES, st.integers(1, 60))
def test_few_points_keep_every_peak(losses: list[float], bins: int) -> None:
    lines = curve_of(losses).lines(bins)
    assert len(lines.raw_x) == len(lines.raw_y) <= max(2 * bins, bins)
    assert lines.raw_y.max() == max(losses)
    assert lines.raw_y.min() == min(losses)
    assert (np.diff(lines.smooth_x) > 0).all()


@given(LOSSES)
def test_the_smooth_line_stays_within_the_losses(losses: list[float]) -> None:
    smooth = curve_of(losses).lines().smooth_y
    assert smooth.min() >= min(losses) - 1e-9
    assert smooth.max() <= max(losses) + 1e-9


def test_a_line_that_is_level_stays_level_from_its_first_point() -> None:
    assert curve_of([0.5] * 100).lines().smooth_y == pytest.approx([0.5] * 100)


def test_a_hundred_thousand_steps_become_few_points() -> None:
    lines = curve_of([0.1] * 100_000).lines()
    assert len(lines.raw_x) < 1000


def test_what_was_told_before_comes_first_and_nothing_twice() -> None:
    curve = curve_of([0.3, 0.2], first=4)
    curve.put_before(past_of([0.9, 0.8, 0.7, 0.6, 0.5]))
    assert list(curve.steps) == [1, 2, 3, 4, 5]
    assert list(curve.told.losses) == [0.9, 0.8, 0.7, 0.3, 0.2]


def test_a_run_that_goes_on_from_its_state_replaces_what_came_after_it() -> None:
    curve = LossCurve()
    curve.put_before(past_of([0.9, 0.8, 0.7]))
    curve.add_validation(2, 0.5)
    curve.add(2, 0.1)
    curve.add_validation(2, 0.4)
    assert list(curve.steps) == [1, 2]
    assert list(curve.told.losses) == [0.9, 0.1]
    assert list(curve.validated.losses) == [0.4]


def test_the_loss_of_trained_pictures_goes_on_too_and_is_asked_by_step() -> None:
    curve = LossCurve()
    curve.add(3, 0.5)
    curve.add_validation(4, 0.6, 0.4)
    line = array("q", [2, 4]), array("d", [0.9, 0.8])
    curve.put_before(Curve(*line, *line, *line))
    assert list(curve.trained.steps) == [2, 4]
    assert list(curve.trained.losses) == [0.9, 0.4]
    assert curve.told.near(2.9) == (2, 0.9)
    assert curve.told.near(0) == (2, 0.9)
    assert LossCurve().told.near(1) is None
