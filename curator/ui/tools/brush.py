"""What is drawn with a brush or as ellipses: strokes, their undo, size and hardness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QCheckBox
from typing_extensions import override

from curator.core.regions import Ellipse, Point, Polygon, Region, Shape, Stroke
from curator.ui.tools.tool import Ground, Keys, Sheet, Tool, level
from curator.ui.view_state import Pair

LEAST, MOST = 0.002, 0.5  # of a brush, as shares of the longer side
STEPS = 100  # of the slider of sizes, which counts in equal factors
STEP = 4  # of it by a key or a notch of the wheel
HARDER = 10  # percent by a key or a notch
NEAR_PX = 2.0  # of the window; nearer points of a stroke are left out


def size_at(step: int) -> float:
    """A brush's diameter as a share of the longer side."""
    return float(LEAST * (MOST / LEAST) ** (step / STEPS))


class BrushTool(Tool):
    """Strokes make up a region; the last one is taken back alone while the tool is open."""

    hint = "Draw. [ ] or the wheel: size; with Shift: hardness. Backspace takes a stroke back."
    adds: ClassVar[bool] = True
    has_ellipses: ClassVar[bool] = True
    has_hardness: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.strokes: list[Shape] = []
        self._undone: list[Shape] = []
        self._drawn: Shape | None = None  # while the mouse is down
        self._start: Pair = (0.0, 0.0)
        self._at: Pair | None = None
        self._scale = 1.0
        self.size = level(0, STEPS, 55)
        self.hardness = level(0, 100, 70)
        self.ellipse, self.outline, self.erase = (
            QCheckBox(words) for words in ("Ellipse", "Outline", "Erase")
        )
        self.outline.setToolTip("Draw around what is meant")
        self.ellipse.toggled.connect(partial(_give_way, self.outline))
        self.outline.toggled.connect(partial(_give_way, self.ellipse))
        self.add("Size", self.size)
        if self.has_hardness:
            self.add("Hardness", self.hardness)
        for slider in (self.size, self.hardness):
            slider.setMinimumWidth(60)
            slider.setMaximumWidth(120)
            slider.valueChanged.connect(self.moved)
        if self.has_ellipses:
            for box in (self.ellipse, self.outline, self.erase):
                self.add("", box)

    @override
    def begin(self, ground: Ground) -> None:
        super().begin(ground)
        self.strokes, self._undone, self._drawn = list(self.region_of(ground)), [], None
        self.changed.emit()

    def region_of(self, ground: Ground) -> Region:
        """What is drawn already."""
        return getattr(ground.step, "region", ())

    def region(self) -> Region:
        """All that is drawn, the present stroke too."""
        return (*self.strokes, *([self._drawn] if self._drawn is not None else []))

    # -- strokes

    def draw(self, *shapes: Shape) -> None:
        """Add shapes, each a stroke of its own."""
        self.strokes += shapes
        self._undone.clear()
        self.touch()

    @property
    @override
    def can_take_back(self) -> bool:
        return bool(self.strokes)

    @property
    @override
    def can_put_back(self) -> bool:
        return bool(self._undone)

    @override
    def take_back(self) -> bool:
        if not self.strokes:
            return False
        self._undone.append(self.strokes.pop())
        self.touch()
        return True

    @override
    def put_back(self) -> bool:
        if not self._undone:
            return False
        self.strokes.append(self._undone.pop())
        self.touch()
        return True

    def _share(self, at: Pair) -> Point:
        size = self.ground.size if self.ground is not None else (1, 1)
        return at[0] / size[0], at[1] / size[1]

    @property
    def diameter(self) -> float:
        """Of the brush, as a share of the longer side."""
        return size_at(self.size.value())

    @property
    def _is_brush(self) -> bool:
        return not (self.ellipse.isChecked() or self.outline.isChecked())

    def new_shape(self, at: Point, button: Qt.MouseButton, keys: Keys) -> Shape:
        """What begins at a point."""
        erases = self.erase.isChecked() != bool(keys & Keys.AltModifier)
        if self.has_ellipses and self.ellipse.isChecked():
            return Ellipse(*at, 0.0, 0.0, erases)
        if self.outline.isChecked():
            return Polygon((at,), erases)
        return Stroke((at,), self.diameter, self.hardness.value() / 100, erases)

    @override
    def press(self, at: Pair, keys: Keys, button: Qt.MouseButton, scale: float) -> None:
        self._start, self._scale = at, scale
        self._drawn = self.new_shape(self._share(at), button, keys)
        self._drew()

    @override
    def drag(self, at: Pair, keys: Keys) -> None:
        self._at = at
        drawn = self._drawn
        if isinstance(drawn, Stroke | Polygon):
            size = self.ground.size if self.ground is not None else (1, 1)
            last = drawn.points[-1][0] * size[0], drawn.points[-1][1] * size[1]
            if max(abs(at[0] - last[0]), abs(at[1] - last[1])) * self._scale < NEAR_PX:
                return
            self._drawn = replace(drawn, points=(*drawn.points, self._share(at)))
        elif isinstance(drawn, Ellipse):
            first, second = self._share(self._start), self._share(at)
            middle = (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
            radii = abs(first[0] - second[0]) / 2, abs(first[1] - second[1]) / 2
            self._drawn = Ellipse(*middle, *radii, drawn.erases)
        self._drew()

    def _drew(self) -> None:
        self.touch()

    @override
    def release(self) -> None:
        drawn, self._drawn = self._drawn, None
        if drawn is not None and not _is_nothing(drawn):
            self.draw(drawn)
        else:
            self.changed.emit()

    # -- size and hardness

    @override
    def wheel(self, notches: float, keys: Keys) -> bool:
        if keys & Keys.ControlModifier:
            return False
        if keys & Keys.ShiftModifier:
            self.hardness.setValue(self.hardness.value() + round(notches * HARDER))
        else:
            self.size.setValue(self.size.value() + round(notches * STEP))
        return True

    @override
    def works(self) -> Mapping[str, Callable[[], object]]:
        size, hardness = self.size, self.hardness
        return {
            "tool_smaller": lambda: size.setValue(size.value() - STEP),
            "tool_larger": lambda: size.setValue(size.value() + STEP),
            "tool_softer": lambda: hardness.setValue(hardness.value() - HARDER),
            "tool_harder": lambda: hardness.setValue(hardness.value() + HARDER),
            "tool_other": self.switch,
            "tool_take_back": self.take_back,
        }

    def switch(self) -> None:
        """Erase instead of drawing, or draw again."""
        self.erase.toggle()

    # -- what is seen of it

    @override
    def hover(self, at: Pair | None, scale: float) -> Qt.CursorShape:
        self._at, self._scale = at, scale
        self.moved.emit()
        is_brush = at is not None and self._is_brush
        return Qt.CursorShape.BlankCursor if is_brush else Qt.CursorShape.CrossCursor

    @override
    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        if self.ground is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._drawn is not None:
            self.paint_shape(painter, sheet, self._drawn, QColor(sheet.colours.accent))
        if self._at is not None and self._is_brush:
            self._paint_brush(painter, sheet, self._at)

    def _paint_brush(self, painter: QPainter, sheet: Sheet, at: Pair) -> None:
        """Its rim, and within it what is covered whole."""
        size = self.ground.size if self.ground is not None else (1, 1)
        middle = QPointF(
            sheet.place.left + at[0] * sheet.place.scale,
            sheet.place.top + at[1] * sheet.place.scale,
        )
        radius = self.diameter * max(size) * sheet.place.scale / 2
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, colour in ((3, QColor(0, 0, 0, 160)), (1, QColor(255, 255, 255))):
            painter.setPen(QPen(colour, width * sheet.density))
            painter.drawEllipse(middle, radius, radius)
        core = radius * self.hardness.value() / 100 if self.has_hardness else radius
        if 2 * sheet.density < core < radius:
            painter.setPen(QPen(QColor(255, 255, 255, 120), sheet.density, Qt.PenStyle.DotLine))
            painter.drawEllipse(middle, core, core)

    def paint_shape(self, painter: QPainter, sheet: Sheet, shape: Shape, colour: QColor) -> None:
        """A shape in a colour that lets the picture through."""
        size = self.ground.size if self.ground is not None else (1, 1)
        at = partial(_on_sheet, sheet, size)
        colour.setAlpha(90)
        if isinstance(shape, Ellipse):
            low = at((shape.x - shape.radius_x, shape.y - shape.radius_y))
            high = at((shape.x + shape.radius_x, shape.y + shape.radius_y))
            painter.setPen(QPen(QColor(255, 255, 255), sheet.density, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(low, high))
            return
        path = QPainterPath(at(shape.points[0]))
        if isinstance(shape, Polygon):
            for point in shape.points[1:]:
                path.lineTo(at(point))
            painter.fillPath(path, colour)
            painter.strokePath(path, QPen(QColor(255, 255, 255), sheet.density))
        else:
            for point in shape.points[1:] or shape.points:
                path.lineTo(at(point) + QPointF(0.01, 0))
            width = shape.size * max(size) * sheet.place.scale
            round_ = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
            painter.strokePath(path, QPen(colour, width, Qt.PenStyle.SolidLine, *round_))


def _give_way(box: QCheckBox, is_other_on: bool) -> None:
    if is_other_on:
        box.setChecked(False)


def _is_nothing(shape: Shape) -> bool:
    if isinstance(shape, Ellipse):
        return not (shape.radius_x and shape.radius_y)
    return isinstance(shape, Polygon) and len(shape.points) < 3


def _on_sheet(sheet: Sheet, size: tuple[int, int], point: Point) -> QPointF:
    place = sheet.place
    return QPointF(
        place.left + point[0] * size[0] * place.scale, place.top + point[1] * size[1] * place.scale
    )
