"""The loss curve of a run: raw and smooth, validations beside them, and where epochs begin.

Painted here: what libraries there are import for seconds, and importing them in a thread makes
PySide's classes in two threads at once, which crashes it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from curator.core.axis_ticks import ticks
from curator.core.loss_curve import LossCurve
from curator.ui.theme import STEP_PX, Colours, Theme

REDRAW_MS = 200
HEIGHT_PX = 190
MOST_BORDERS = 40  # more epochs than that are too many lines
RAW_ALPHA, BORDER_ALPHA = 110, 90
DOT_PX = 2.5
TICK_X_PX, TICK_Y_PX = 90, 40  # between two numbers of an axis, at least
EMPTY = "The curve begins with the first step."


class LossPlot(QWidget):
    """Shows a LossCurve; `show_curve` again after it grew."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.chart = LossChart(theme)
        self._legend = QLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        column.addWidget(self.chart)
        column.addWidget(self._legend)
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._redraw.timeout.connect(self._draw)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._curve, self._steps_per_epoch = LossCurve(), 0
        self._legend.hide()
        self._name_lines()
        theme.changed.connect(self._name_lines)

    def _name_lines(self) -> None:
        colours = self._theme.colours
        self._legend.setText(
            f'<span style="color:{colours.muted}">loss</span> &nbsp; '
            f'<span style="color:{colours.accent}">smoothed</span> &nbsp; '
            f'<span style="color:{colours.warning}">validation</span>'
        )

    def show_curve(self, curve: LossCurve, steps_per_epoch: int) -> None:
        """Draw this curve soon; called as often as one likes."""
        self._curve, self._steps_per_epoch = curve, steps_per_epoch
        if not self._redraw.isActive():
            self._redraw.start()

    def _draw(self) -> None:
        self._legend.setVisible(len(self._curve.steps) > 0)
        self.chart.draw(self._curve, self._steps_per_epoch)


class LossChart(QWidget):
    """The axes and the lines."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.raw, self.smooth, self.validated = QPolygonF(), QPolygonF(), QPolygonF()
        self._borders: Sequence[float] = ()
        self._range = QRectF()
        self.setFixedHeight(HEIGHT_PX)
        self.setAccessibleName("Loss curve")
        self.setAccessibleDescription(EMPTY)
        theme.changed.connect(self.update)

    def draw(self, curve: LossCurve, steps_per_epoch: int) -> None:
        """Draw a curve as it is now."""
        lines = curve.lines()
        self.raw = _line(lines.raw_x.tolist(), lines.raw_y.tolist())
        self.smooth = _line(lines.smooth_x.tolist(), lines.smooth_y.tolist())
        self.validated = _line(curve.validated_steps, curve.validated_losses)
        if not self.smooth.isEmpty():
            self._borders = _borders(curve.steps[-1], steps_per_epoch)
            words = f"Loss {lines.smooth_y[-1]:.4f} at step {curve.steps[-1]:,}"
            self.setAccessibleDescription(words)
        self._range = _around([*self.raw.toList(), *self.validated.toList()])
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = self._theme.colours
        painter.fillRect(self.rect(), QColor(colours.field))
        painter.setPen(QColor(colours.muted))
        if self.raw.isEmpty():
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, EMPTY)
            return
        area = self._paint_axes(painter, colours)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(area)
        painter.setPen(QPen(_faint(colours.muted, BORDER_ALPHA), 1, Qt.PenStyle.DotLine))
        for step in self._borders:
            x = self._place(QPointF(step, 0), area).x()
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setPen(_faint(colours.muted, RAW_ALPHA))
        painter.drawPolyline(self._placed(self.raw, area))
        painter.setPen(QPen(QColor(colours.accent), 2))
        painter.drawPolyline(self._placed(self.smooth, area))
        painter.setPen(QPen(QColor(colours.warning), 1.5))
        painter.setBrush(QColor(colours.warning))
        validated = self._placed(self.validated, area)
        painter.drawPolyline(validated)
        for point in validated.toList():
            painter.drawEllipse(point, DOT_PX, DOT_PX)

    def _paint_axes(self, painter: QPainter, colours: Colours) -> QRectF:
        """Paint numbers and the lines through them; gives the area that is left for the curve."""
        metrics, seen = self.fontMetrics(), self._range
        below = metrics.height() + STEP_PX
        most = max(2, (self.height() - below) // TICK_Y_PX)
        losses = [(y, f"{y:g}") for y in ticks(seen.top(), seen.bottom(), most)]
        beside = max((metrics.horizontalAdvance(text) for _, text in losses), default=0)
        area = QRectF(self.rect()).adjusted(beside + 2 * STEP_PX, STEP_PX, -2 * STEP_PX, -below)
        most = max(2, int(area.width() // TICK_X_PX))
        steps = [(x, f"{x:,.0f}") for x in ticks(seen.left(), seen.right(), most) if x == int(x)]
        line, text = QColor(colours.line), QColor(colours.muted)
        for value, words in losses:
            y = self._place(QPointF(seen.left(), value), area).y()
            painter.setPen(line)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(text)
            box = QRectF(0, y - below / 2, area.left() - STEP_PX, below)
            painter.drawText(box, _RIGHT, words)
        for value, words in steps:
            x = self._place(QPointF(value, seen.top()), area).x()
            box = QRectF(x - TICK_X_PX / 2, area.bottom() + STEP_PX / 2, TICK_X_PX, below)
            painter.drawText(_inside(box, self.width()), Qt.AlignmentFlag.AlignHCenter, words)
        return area

    def _place(self, point: QPointF, area: QRectF) -> QPointF:
        seen = self._range
        x = (point.x() - seen.left()) / seen.width()
        y = (point.y() - seen.top()) / seen.height()
        return QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())

    def _placed(self, line: QPolygonF, area: QRectF) -> QPolygonF:
        return QPolygonF([self._place(point, area) for point in line.toList()])


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _line(steps: Iterable[float], losses: Iterable[float]) -> QPolygonF:
    points = [QPointF(x, y) for x, y in zip(steps, losses, strict=True) if math.isfinite(y)]
    return QPolygonF(points)


def _around(points: Sequence[QPointF]) -> QRectF:
    """What there is to see: steps from left to right, losses from top (least) to bottom."""
    if not points:
        return QRectF(0, 0, 1, 1)
    xs, ys = [point.x() for point in points], [point.y() for point in points]
    height = max(ys) - min(ys) or abs(ys[0]) or 1.0
    low, high = min(ys) - 0.05 * height, max(ys) + 0.05 * height
    return QRectF(min(xs), low, max(xs) - min(xs) or 1.0, high - low)


def _inside(box: QRectF, width: int) -> QRectF:
    """The box moved so that it ends where the widget does."""
    return box.translated(min(0.0, width - box.right()), 0)


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
