"""The tools that change a region: heal, blur or pixelate, paint; and cutting out by strokes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QPushButton, QRadioButton
from typing_extensions import override

from curator.core.recipe_plans import check_colour
from curator.core.regions import Ellipse, Point, Region, Shape, Stroke
from curator.core.step_fields import COLOURS, check_background
from curator.core.steps import HAND, Blur, CutOut, Heal, Paint, Step
from curator.ui.tools.brush import BrushTool
from curator.ui.tools.fill_box import FillBox
from curator.ui.tools.tool import Ground, Keys, Sheet, ToolWords, level

if TYPE_CHECKING:
    from curator.imaging.faces import FaceBox

STRENGTHS = 1000  # of the slider, for one of the longer side
AROUND = 0.62  # half axes around a face, in its width and height


class HealTool(BrushTool):
    """Fills what is drawn from around it."""

    kind: ClassVar[type[Step]] = Heal
    title = "Heal"

    def __init__(self) -> None:
        super().__init__()
        self.row.addStretch(1)

    @override
    def step(self) -> Step | None:
        return Heal(self.region()) if self.region() else None


class BlurTool(BrushTool):
    """Blurs what is drawn, or makes it coarse; faces are found for it."""

    kind: ClassVar[type[Step]] = Blur
    title = "Blur"

    def __init__(self) -> None:
        super().__init__()
        self.strength = level(2, 100, 20)
        self.strength.setMinimumWidth(60)
        self.strength.setMaximumWidth(120)
        self.pixelate = QCheckBox("Pixelate")
        self.all_faces = QPushButton("Faces", autoDefault=False)
        self.all_faces.setToolTip("Put an ellipse on every face")
        self.all_faces.hide()
        self.add("Strength", self.strength)
        self.add("", self.pixelate)
        self.add("", self.all_faces)
        self.row.addStretch(1)
        self.strength.valueChanged.connect(self._strengthen)
        self.pixelate.clicked.connect(self.touch)
        self.all_faces.clicked.connect(self._blur_faces)

    @override
    def begin(self, ground: Ground) -> None:
        if isinstance(ground.step, Blur):
            self.strength.setValue(round(ground.step.strength * STRENGTHS))
            self.pixelate.setChecked(ground.step.pixelate)
        self.all_faces.hide()
        super().begin(ground)

    @override
    def see_faces(self, faces: Sequence[FaceBox]) -> None:
        super().see_faces(faces)
        self.all_faces.setVisible(bool(faces))

    def _strengthen(self) -> None:
        if self.strokes:
            self.touch()

    def _blur_faces(self) -> None:
        self.draw(
            *(
                Ellipse(x + wide / 2, y + high / 2, AROUND * wide, AROUND * high)
                for x, y, wide, high in self.faces
            )
        )

    @override
    def step(self) -> Step | None:
        if not self.region():
            return None
        strength = self.strength.value() / STRENGTHS
        return Blur(self.region(), strength, self.pixelate.isChecked())


class PaintTool(BrushTool):
    """Fills what is drawn with a colour."""

    kind: ClassVar[type[Step]] = Paint
    title = "Paint"

    def __init__(self) -> None:
        super().__init__()
        self.colour = FillBox(COLOURS, check_colour)
        self.add("Colour", self.colour)
        self.row.addStretch(1)
        self.colour.chosen.connect(self.touch)

    @override
    def begin(self, ground: Ground) -> None:
        if isinstance(ground.step, Paint):
            self.colour.show_fill(ground.step.colour)
        super().begin(ground)

    @override
    def step(self) -> Step | None:
        return Paint(self.region(), self.colour.fill) if self.region() else None


class CutOutTool(BrushTool):
    """Two kinds of strokes tell GrabCut what is the subject and what is not."""

    kind: ClassVar[type[Step]] = CutOut
    title = "Cut out"
    hint = "Draw over what is kept; with X or the right button over what is dropped."
    adds = False
    has_ellipses = has_hardness = False

    def __init__(self) -> None:
        super().__init__()
        self.keep, self.drop = QRadioButton("Keep"), QRadioButton("Drop")
        self.keep.setChecked(True)
        self.group = QButtonGroup(self)
        for button in (self.keep, self.drop):
            self.group.addButton(button)
            self.add("", button)
        self.background = FillBox((*COLOURS, "blur", "transparent"), check_background)
        self.add("Background", self.background)
        self.row.addStretch(1)
        self.background.chosen.connect(self.touch)

    @classmethod
    @override
    def takes(cls, step: Step) -> bool:
        return isinstance(step, CutOut) and step.model == HAND

    @override
    def begin(self, ground: Ground) -> None:
        if isinstance(ground.step, CutOut):
            self.background.show_fill(ground.step.fill)
        super().begin(ground)

    @override
    def region_of(self, ground: Ground) -> Region:
        step = ground.step
        if not isinstance(step, CutOut):
            return ()
        # Strokes that drop are told by their mark while they are drawn.
        return (*step.kept, *(_marked(shape) for shape in step.dropped))

    @override
    def new_shape(self, at: Point, button: Qt.MouseButton, keys: Keys) -> Shape:
        drops = self.drop.isChecked() != (button == Qt.MouseButton.RightButton)
        return Stroke((at,), self.diameter, 1.0, erases=drops)

    @override
    def switch(self) -> None:
        (self.keep if self.drop.isChecked() else self.drop).click()

    @override
    def _drew(self) -> None:
        """It is cut once the stroke is done: that takes its time."""
        self.is_touched = True
        self.moved.emit()

    @override
    def step(self) -> Step | None:
        if not self.strokes:
            return None
        kept = tuple(one for one in self.strokes if not one.erases)
        dropped = tuple(_unmarked(one) for one in self.strokes if one.erases)
        return CutOut(HAND, self.background.fill, kept, dropped)

    @override
    def words(self) -> ToolWords:
        kept = sum(not one.erases for one in self.strokes)
        return ToolWords(f"{kept} kept, {len(self.strokes) - kept} dropped" if self.strokes else "")

    @override
    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = sheet.colours
        for shape in self.region():
            colour = colours.rejected if shape.erases else colours.primary
            self.paint_shape(painter, sheet, shape, QColor(colour))
        if self._at is not None and self.ground is not None:
            self._paint_brush(painter, sheet, self._at)


def _marked(shape: Shape) -> Shape:
    return (
        Stroke(shape.points, shape.size, 1.0, erases=True) if isinstance(shape, Stroke) else shape
    )


def _unmarked(shape: Shape) -> Shape:
    return Stroke(shape.points, shape.size, 1.0) if isinstance(shape, Stroke) else shape
