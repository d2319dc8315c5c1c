"""The chart of a run's losses: raw and smooth, validations beside them, and where epochs begin.

Painted here: what libraries there are import for seconds, and importing them in a thread makes
PySide's classes in two threads at once, which crashes it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from curator.core.axis_ticks import ticks
from curator.core.loss_curve import LossCurve
from curator.ui.theme import STEP_PX, Colours, Theme

HEIGHT_PX = 190
MOST_BORDERS = 40  # more epochs than that are too many lines
RAW_ALPHA, BORDER_ALPHA = 110, 90
DOT_PX = 2.5
TICK_X_PX, TICK_Y_PX = 90, 40  # between two numbers of an axis, at least
RAW, SMOOTH, VALIDATED, TRAINED = "raw", "smooth", "validated", "trained"
EMPTY = "The curve begins with the first step."


class LossChart(QWidget):
    """The axes and the lines; the losses at one step are told, by default at the last one."""

    pointed = Signal()  # at another step

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._curve = LossCurve()
        self.raw, self.smooth = QPolygonF(), QPolygonF()
        self.validated, self.trained = QPolygonF(), QPolygonF()
        self._borders: Sequence[float] = ()
        self._range = QRectF()
        self._area = QRectF()
        self._pointed: int | None = None  # at which step
        self.setFixedHeight(HEIGHT_PX)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Loss curve")
        self.setAccessibleDescription(EMPTY)
        theme.changed.connect(self.update)

    def draw(self, curve: LossCurve, steps_per_epoch: int) -> None:
        """Draw a curve as it is now."""
        lines = curve.lines()
        self._curve = curve
        self.raw = _line(lines.raw_x.tolist(), lines.raw_y.tolist())
        self.smooth = _line(lines.smooth_x.tolist(), lines.smooth_y.tolist())
        self.validated = _line(curve.validated.steps, curve.validated.losses)
        self.trained = _line(curve.trained.steps, curve.trained.losses)
        if not self.smooth.isEmpty():
            self._borders = _borders(curve.steps[-1], steps_per_epoch)
        self._range = _around(
            [*self.raw.toList(), *self.validated.toList(), *self.trained.toList()]
        )
        self._describe()
        self.update()

    @property
    def step(self) -> int:
        """The step whose losses are told."""
        last = self._curve.steps[-1] if self._curve.steps else 0
        return last if self._pointed is None else min(self._pointed, last)

    def values(self) -> Iterator[tuple[str, str, float]]:
        """(line, name, loss) of all lines at the step, of each where it was measured last."""
        if self.smooth.isEmpty():
            return
        if at := self._curve.told.near(self.step):
            yield RAW, "loss", at[1]
        yield SMOOTH, "smoothed", _height_at(self.smooth, self.step)
        is_held_out = not self.trained.isEmpty()
        if at := self._curve.validated.near(self.step):
            yield VALIDATED, "held out" if is_held_out else "validation", at[1]
        if at := self._curve.trained.near(self.step):
            yield TRAINED, "trained", at[1]

    def point_at(self, step: int | None) -> None:
        """Tell the losses at a step, None: at the last one."""
        steps = self._curve.steps
        if step is not None and steps:
            step = max(steps[0], min(step, steps[-1]))
        if step != self._pointed:
            self._pointed = step
            self._describe()
            self.pointed.emit()
            self.update()

    def _describe(self) -> None:
        told = ", ".join(f"{name} {loss:.4f}" for _line, name, loss in self.values())
        words = f"At step {self.step:,}: {told}" if told else EMPTY
        self.setAccessibleDescription(words)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = self._theme.colours
        painter.fillRect(self.rect(), QColor(colours.field))
        painter.setPen(QColor(colours.muted))
        if self.raw.isEmpty():
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, EMPTY)
            return
        area = self._area = self._paint_axes(painter, colours)
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
        self._paint_measured(painter, self.trained, colours.text, Qt.PenStyle.DashLine)
        self._paint_measured(painter, self.validated, colours.warning, Qt.PenStyle.SolidLine)
        if self._pointed is not None:
            x = self._place(QPointF(self.step, 0), area).x()
            painter.setPen(QPen(QColor(colours.text), 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _paint_measured(
        self, painter: QPainter, line: QPolygonF, colour: str, style: Qt.PenStyle
    ) -> None:
        """Paint what is measured once in a while, with a dot for each time."""
        placed = self._placed(line, self._area)
        painter.setPen(QPen(QColor(colour), 1.5, style))
        painter.drawPolyline(placed)
        painter.setPen(QPen(QColor(colour), 1.5))
        painter.setBrush(QColor(colour))
        for point in placed.toList():
            painter.drawEllipse(point, DOT_PX, DOT_PX)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area, seen = self._area, self._range
        if not self.raw.isEmpty() and area.width() > 0:
            share = (event.position().x() - area.left()) / area.width()
            self.point_at(round(seen.left() + share * seen.width()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.point_at(None)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, len(self._curve.steps) // 20)
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        ways |= {Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        if (way := ways.get(Qt.Key(event.key()))) is not None:
            self.point_at(self.step + way)
        elif event.key() == Qt.Key.Key_End:
            self.point_at(None)
        else:
            super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.point_at(None)

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


def _height_at(line: QPolygonF, step: int) -> float:
    """The height of a line of rising steps at one of them."""
    points = line.toList()
    return float(np.interp(step, [it.x() for it in points], [it.y() for it in points]))


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
