"""The loss curve of a run: raw and smooth, validations beside them, and where epochs begin."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from curator.core.loss_curve import LossCurve
from curator.ui.context import Context
from curator.ui.theme import STEP_PX

REDRAW_MS = 200
HEIGHT_PX = 190
MOST_BORDERS = 40  # more epochs than that are too many lines
RAW_ALPHA, BORDER_ALPHA = 110, 90
TALL = 1e6  # a border is longer than any loss is large
PLOTTING = "pyqtgraph"  # two seconds of importing, so it is done in a thread beside the window


class LossPlot(QWidget):
    """Draws a LossCurve; `show_curve` again after it grew."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._plot: Any = None  # pyqtgraph has no types
        self._curve = LossCurve()
        self._steps_per_epoch = 0
        self._begun_loading = False
        self._legend = QLabel()
        self._waiting = QLabel("The curve begins with the first step.")
        self._waiting.setProperty("muted", True)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._waiting.setMinimumHeight(HEIGHT_PX)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(STEP_PX)
        self._column.addWidget(self._waiting)
        self._column.addWidget(self._legend)
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._redraw.timeout.connect(self._draw)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Loss curve")
        self._legend.hide()
        context.theme.changed.connect(self._paint)

    def load(self) -> None:
        """Fetch what draws the curve, off the window's thread."""
        if self._begun_loading:
            return
        self._begun_loading = True
        jobs = self._context.jobs

        def work() -> None:
            plotting = importlib.import_module(PLOTTING)
            jobs.post(lambda: self._build(plotting))

        threading.Thread(target=work, name="plotting", daemon=True).start()

    def _build(self, plotting: Any) -> None:
        self._plot = plotting.PlotWidget(self, enableMenu=False)
        self._plot.setFixedHeight(HEIGHT_PX)
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setMouseEnabled(False, False)
        self._plot.hideButtons()
        self._plot.setAccessibleName("Loss curve")
        self._raw, self._smooth, self._borders = (plotting.PlotCurveItem() for _ in range(3))
        self._validated = plotting.PlotDataItem(symbol="o", symbolSize=5)
        self._plot.addItem(self._borders, ignoreBounds=True)
        for item in (self._raw, self._smooth, self._validated):
            self._plot.addItem(item)
        self._column.insertWidget(0, self._plot)
        self._paint()
        self._draw()

    def _paint(self) -> None:
        """Take the colours of the theme."""
        colours = self._context.theme.colours
        self._legend.setText(
            f'<span style="color:{colours.muted}">loss</span> &nbsp; '
            f'<span style="color:{colours.accent}">smoothed</span> &nbsp; '
            f'<span style="color:{colours.warning}">validation</span>'
        )
        if self._plot is None:
            return
        self._plot.setBackground(colours.field)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(colours.line)
            axis.setTextPen(colours.muted)
        self._raw.setPen(_faint(colours.muted, RAW_ALPHA))
        self._smooth.setPen(colours.accent, width=2)
        self._borders.setPen(_faint(colours.muted, BORDER_ALPHA), style=Qt.PenStyle.DotLine)
        self._validated.setPen(colours.warning, width=1.5)
        self._validated.setSymbolBrush(colours.warning)
        self._validated.setSymbolPen(colours.warning)

    def show_curve(self, curve: LossCurve, steps_per_epoch: int) -> None:
        """Draw this curve soon; called as often as one likes."""
        self._curve, self._steps_per_epoch = curve, steps_per_epoch
        if not self._redraw.isActive():
            self._redraw.start()

    def _draw(self) -> None:
        curve = self._curve
        is_there = self._plot is not None and len(curve.steps) > 0
        self._waiting.setVisible(not is_there)
        self._legend.setVisible(is_there)
        if self._plot is None:
            return
        self._plot.setVisible(is_there)
        if not is_there:
            return
        lines = curve.lines()
        self._raw.setData(lines.raw_x, lines.raw_y)
        self._smooth.setData(lines.smooth_x, lines.smooth_y)
        self._validated.setData(list(curve.validated_steps), list(curve.validated_losses))
        xs = _borders(curve.steps[-1], self._steps_per_epoch)
        self._borders.setData(
            [x for x in xs for _ in range(2)], [-TALL, TALL] * len(xs), connect="pairs"
        )
        words = f"Loss {lines.smooth_y[-1]:.4f} at step {curve.steps[-1]:,}"
        self._plot.setAccessibleDescription(words)


def _faint(colour: str, alpha: int) -> QColor:
    found = QColor(colour)
    found.setAlpha(alpha)
    return found


def _borders(last: int, steps_per_epoch: int) -> Sequence[float]:
    """Where epochs end, between two steps; only some of them where there are very many."""
    if not steps_per_epoch:
        return ()
    count = last // steps_per_epoch
    every = -(-count // MOST_BORDERS) if count else 1
    return [steps_per_epoch * epoch + 0.5 for epoch in range(every, count + 1, every)]
