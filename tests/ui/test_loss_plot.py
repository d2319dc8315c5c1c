"""The loss plot: few points of many steps, and no surprise in odd losses."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from curator.core.loss_curve import LossCurve
from curator.ui.context import Context
from curator.ui.loss_plot import LossPlot
from tests.helpers.windows import press, wait_for


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
    assert plot.chart.accessibleDescription().startswith("At step 100,000: loss")
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


def test_the_gap_to_held_out_pictures_is_named_and_told_at_the_step_pointed_at(
    context: Context,
) -> None:
    curve = LossCurve()
    for step in range(1, 21):
        curve.add(step, 1 / step)
    curve.add_validation(5, 0.5)
    plot = shown(context, curve, 10)
    assert "validation&nbsp;0.5000" in plot.legend.text()
    assert "trained" not in plot.legend.text()
    curve.add_validation(10, 0.75, 0.25)
    plot.show_curve(curve, 10)
    wait_for(lambda: not plot.chart.trained.isEmpty(), "the other line")
    legend = plot.legend.text()
    assert "Step&nbsp;20" in legend
    assert "held&nbsp;out&nbsp;0.7500" in legend
    assert "trained&nbsp;0.2500" in legend
    QTest.mouseMove(plot.chart, plot.chart.rect().center())
    wait_for(lambda: plot.chart.step < 20, "the step under the mouse")
    press(plot.chart, Qt.Key.Key_Left)
    step = plot.chart.step
    assert f"At step {step}: loss {1 / step:.4f}" in plot.chart.accessibleDescription()
    press(plot.chart, Qt.Key.Key_End)
    assert plot.chart.step == 20
    for theme in ("light", "dark"):
        context.theme.choose(theme)
        assert not plot.grab().isNull()
    plot.close()
