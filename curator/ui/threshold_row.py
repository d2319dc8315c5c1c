"""A threshold from 0 to 1: a slider to drag, a number to type, one value."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QSlider, QWidget

STEPS = 100


class ThresholdRow(QWidget):
    """`moved` tells of every value on the way, so that what it makes can be seen."""

    moved = Signal()

    def __init__(self, title: str, value: float) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setAccessibleName(f"{title}: threshold")
        self.slider.setPageStep(STEPS // 20)
        self.number = QDoubleSpinBox(minimum=0, maximum=1, singleStep=0.01, decimals=2)
        self.number.setAccessibleName(f"{title}: threshold as a number")
        label = QLabel(title)
        label.setBuddy(self.slider)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.slider, 0, 1)
        grid.addWidget(self.number, 0, 2)
        grid.setColumnMinimumWidth(0, self.fontMetrics().horizontalAdvance("Characters "))
        self.set_value(value)
        self.slider.valueChanged.connect(lambda at: self.number.setValue(at / STEPS))
        self.number.valueChanged.connect(self._follow)

    @property
    def value(self) -> float:
        """The threshold."""
        return round(self.number.value(), 2)

    def set_value(self, value: float) -> None:
        """Show a threshold."""
        self.number.setValue(value)
        self.slider.setValue(round(value * STEPS))

    def _follow(self, value: float) -> None:
        self.slider.setValue(round(value * STEPS))
        self.moved.emit()
