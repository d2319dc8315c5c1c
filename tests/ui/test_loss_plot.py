"""The loss plot: it comes once it is loaded, and draws few points of many."""

from __future__ import annotations

from curator.core.loss_curve import LossCurve
from curator.ui.context import Context
from curator.ui.loss_plot import LossPlot
from tests.helpers.windows import drawn_points, wait_for


def test_a_hundred_thousand_steps_are_drawn_as_few_points(context: Context) -> None:
    curve = LossCurve()
    for step in range(1, 100_001):
        curve.add(step, 1 / step)
    curve.add_validation(50_000, 0.5)
    plot = LossPlot(context)
    plot.show_curve(curve, 1000)
    plot.show()
    plot.load()
    wait_for(lambda: drawn_points(plot), "the curve", wait_s=60)
    assert 400 <= drawn_points(plot) <= 800
    context.theme.choose("light")
    assert not plot.grab().isNull()
    plot.close()
