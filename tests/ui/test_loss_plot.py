"""The loss plot: few points of many steps, and no surprise in odd losses."""

from __future__ import annotations

import math

import pytest

from curator.core.loss_curve import LossCurve
from curator.ui.context import Context
from curator.ui.loss_plot import LossPlot
from tests.helpers.windows import wait_for


def shown(context: Context, curve: LossCurve, steps_per_epoch: int = 0) -> LossPlot:
    plot = LossPlot(context.theme)
    plot.resize(400, 240)
    plot.show()
    plot.show_curve(curve, steps_per_epoch)
    wait_for(lambda: not plot.chart.raw.isEmpty(), "the curve")
    return plot


def test_a_hundred_thousand_steps_are_drawn_as_few_points(context: Context) -> None:
    curve = LossCurve()
    for step in range(1, 100_001):
        curve.add(step, 1 / step)
    curve.add_validation(50_000, 0.5)
    plot = shown(context, curve, 1000)
    assert 400 <= plot.chart.raw.size() <= 800
    assert plot.chart.accessibleDescription().endswith("at step 100,000")
    context.theme.choose("light")
    assert not plot.grab().isNull()
    plot.close()


@pytest.mark.parametrize("losses", [[0.1], [0.0, 0.0], [0.3, 0.3, 0.3], [-1.0], [1e-9, 1e9]])
def test_losses_without_a_range_are_drawn_too(context: Context, losses: list[float]) -> None:
    curve = LossCurve()
    for step, loss in enumerate(losses, 1):
        curve.add(step, loss)
    plot = shown(context, curve)
    assert not plot.grab().isNull()
    plot.close()


def test_a_loss_that_is_no_number_leaves_the_others_to_be_drawn(context: Context) -> None:
    curve = LossCurve()
    for step, loss in enumerate((0.3, math.nan, math.inf, 0.2), 1):
        curve.add(step, loss)
    plot = shown(context, curve)
    assert plot.chart.raw.size() == 2
    plot.close()
