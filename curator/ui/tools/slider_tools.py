"""Tools that are sliders: adjusting light and colour, and padding."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSlider, QToolButton, QWidget
from typing_extensions import override

from curator.core.geometry import Size
from curator.core.recipe_plans import FILLS, check_fill
from curator.core.step_fields import COLOURS, FIELDS
from curator.core.step_words import size_words
from curator.core.steps import Adjust, Pad, Step
from curator.core.training_fit import fit_of
from curator.ui.theme import STEP_PX
from curator.ui.tools.fill_box import FillBox
from curator.ui.tools.tool import Ground, Tool, ToolWords, level

HUNDRED = 100  # of a slider for one of the parameter
MIDDLE = 50
KEY_STEP = 5  # of a slider by an arrow key


class AdjustTool(Tool):
    """A slider for each parameter; its button puts it back."""

    kind: ClassVar[type[Step]] = Adjust
    title = "Adjust"

    def __init__(self) -> None:
        super().__init__()
        self.sliders: dict[str, QSlider] = {}
        self._values: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * STEP_PX)
        for at, field in enumerate(FIELDS[Adjust.kind]):
            slider = level(round(field.low * HUNDRED), round(field.high * HUNDRED))
            slider.setSingleStep(KEY_STEP)
            slider.setAccessibleName(field.label)
            slider.setToolTip(field.help)
            value = QLabel("0.00")
            value.setMinimumWidth(self.bar.fontMetrics().horizontalAdvance("+0.00"))
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            back = QToolButton(autoRaise=True)
            back.setText("↺")
            back.setToolTip(f"{field.label} back to 0")
            back.setAccessibleName(f"{field.label} back to 0")
            back.clicked.connect(lambda _on=False, slider=slider: slider.setValue(0))
            slider.valueChanged.connect(self._slid)
            parts: tuple[QWidget, ...] = (QLabel(field.label), slider, value, back)
            for column, part in enumerate(parts):
                grid.addWidget(part, at // 2, 4 * (at % 2) + column)
            self.sliders[field.name], self._values[field.name] = slider, value
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(5, 1)
        self.row.addLayout(grid, 1)

    def _slid(self) -> None:
        for name, slider in self.sliders.items():
            value = slider.value() / HUNDRED
            self._values[name].setText(f"{value:+.2f}" if value else "0.00")
        self.touch()

    @override
    def begin(self, ground: Ground) -> None:
        for name, slider in self.sliders.items():
            slider.setValue(round(getattr(ground.step, name, 0.0) * HUNDRED))
        super().begin(ground)
        self.changed.emit()

    @override
    def step(self) -> Step | None:
        values = {name: slider.value() / HUNDRED for name, slider in self.sliders.items()}
        step = Adjust(**values)  # type: ignore[arg-type]  # none of the sliders is named "off"
        return step if any(values.values()) else None


class PadTool(Tool):
    """Borders up to a shape: square, a bucket's; the picture stands where the slider says."""

    kind: ClassVar[type[Step]] = Pad
    title = "Pad"
    is_shown_after = True

    def __init__(self) -> None:
        super().__init__()
        self._ratios: list[Size] = [(1, 1)]
        self.ratio = QComboBox()
        self.fill = FillBox((*COLOURS, *FILLS), check_fill)
        self.stands = level(0, HUNDRED, MIDDLE)
        self.stands.setToolTip("Where the picture stands between the borders")
        self.add("Shape", self.ratio)
        self.add("Fill", self.fill)
        self.add("Place", self.stands, 1)
        self.ratio.activated.connect(self.touch)
        self.fill.chosen.connect(self.touch)
        self.stands.valueChanged.connect(self.touch)

    @override
    def begin(self, ground: Ground) -> None:
        step, bucket = ground.step, fit_of(ground.size, ground.rule).bucket
        shapes = {(1, 1): "Square", bucket: f"Bucket, {size_words(bucket)}"}
        if isinstance(step, Pad):
            shapes.setdefault((step.width, step.height), f"{step.width}:{step.height}")
            self.fill.show_fill(step.fill)
            across = step.x if step.x != 0.5 else step.y
            self.stands.setValue(round(across * HUNDRED))
        self._ratios = list(shapes)
        self.ratio.clear()
        self.ratio.addItems(list(shapes.values()))
        if isinstance(step, Pad):
            self.ratio.setCurrentIndex(self._ratios.index((step.width, step.height)))
        super().begin(ground)
        self.changed.emit()

    @override
    def step(self) -> Step | None:
        if self.ground is None:
            return None
        where = self.stands.value() / HUNDRED
        step = Pad(*self._ratios[self.ratio.currentIndex()], self.fill.fill, where, where)
        return None if step.size_after(self.ground.size) == self.ground.size else step

    @override
    def words(self) -> ToolWords:
        if self.ground is None:
            return ToolWords()
        step = self.step()
        size = step.size_after(self.ground.size) if step is not None else self.ground.size
        return ToolWords(f"{size_words(size)} pixels")
