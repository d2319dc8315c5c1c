"""Straightening: a line is drawn along what should be level or upright, or a slider is moved."""

from __future__ import annotations

import math
from typing import ClassVar

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QDoubleSpinBox
from typing_extensions import override

from curator.core.step_words import size_words
from curator.core.steps import Step, Straighten
from curator.ui.tools.tool import Ground, Keys, Sheet, Tool, ToolWords, level
from curator.ui.view_state import Pair

MOST = 45.0
TENTHS = 10
GRID = 8  # lines across, by which one judges


class StraightenTool(Tool):
    """The line is seen on the picture as it is turned so far, and adds to that."""

    kind: ClassVar[type[Step]] = Straighten
    title = "Straighten"
    hint = "Draw a line along what should be level or upright. Arrows turn by a tenth of a degree."
    is_shown_after = True

    def __init__(self) -> None:
        super().__init__()
        self._line: tuple[Pair, Pair] | None = None
        most = round(MOST * TENTHS)
        self.slider = level(-most, most)
        self.slider.setAccessibleName("Degrees")
        self.number = QDoubleSpinBox(
            minimum=-MOST, maximum=MOST, decimals=1, singleStep=0.1, suffix=" °"
        )
        self.add("", self.slider, 1)
        self.add("Degrees", self.number)
        self.slider.valueChanged.connect(lambda value: self.number.setValue(value / TENTHS))
        self.number.valueChanged.connect(self._turned)

    def _turned(self, degrees: float) -> None:
        self.slider.setValue(round(degrees * TENTHS))
        self.touch()

    @override
    def begin(self, ground: Ground) -> None:
        self._line = None
        degrees = ground.step.degrees if isinstance(ground.step, Straighten) else 0.0
        self.number.setValue(degrees)
        super().begin(ground)
        self.changed.emit()

    @override
    def step(self) -> Step | None:
        degrees = round(self.number.value(), 1)
        return Straighten(degrees) if degrees else None

    @override
    def words(self) -> ToolWords:
        if self.ground is None:
            return ToolWords()
        step = self.step()
        size = step.size_after(self.ground.size) if step is not None else self.ground.size
        return ToolWords(f"{size_words(size)} pixels")

    @override
    def press(self, at: Pair, keys: Keys, button: Qt.MouseButton, scale: float) -> None:
        self._line = at, at

    @override
    def drag(self, at: Pair, keys: Keys) -> None:
        if self._line is not None:
            self._line = self._line[0], at
            self.moved.emit()

    @override
    def release(self) -> None:
        line, self._line = self._line, None
        if line is not None and math.dist(*line) > 3:
            self.number.setValue(self.number.value() + levelling(*line))
        self.moved.emit()

    @override
    def nudge(self, across: int, down: int, keys: Keys) -> bool:
        far = TENTHS if keys & Keys.ShiftModifier else 1
        self.number.setValue(self.number.value() + (across - down) * far / TENTHS)
        return True

    @override
    def hover(self, at: Pair | None, scale: float) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    @override
    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        if self.ground is None:
            return
        step = self.step()
        width, height = step.size_after(self.ground.size) if step else self.ground.size
        left, top, scale = sheet.place.left, sheet.place.top, sheet.place.scale
        right, bottom = left + width * scale, top + height * scale
        painter.setPen(QPen(QColor(255, 255, 255, 70), sheet.density))
        for n in range(1, GRID):
            x, y = left + width * scale * n / GRID, top + height * scale * n / GRID
            painter.drawLine(QLineF(x, top, x, bottom))
            painter.drawLine(QLineF(left, y, right, y))
        if self._line is not None:
            (x1, y1), (x2, y2) = self._line
            line = QLineF(left + x1 * scale, top + y1 * scale, left + x2 * scale, top + y2 * scale)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(sheet.colours.accent), 2 * sheet.density))
            painter.drawLine(line)


def levelling(start: Pair, end: Pair) -> float:
    """How far clockwise a line is turned to be level or upright, whichever is nearer."""
    angle = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
    return -((angle + 45) % 90 - 45)
