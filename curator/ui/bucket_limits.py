"""What the buckets follow from: the resolution, and the limits and step of their sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSizePolicy, QSpinBox, QWidget

from curator.ui.theme import STEP_PX
from trainer.buckets import BucketRule

# The families by the resolution that they were made at.
FAMILIES: Mapping[int, str] = {512: "SD 1.5", 768: "SD 2.1", 1024: "SDXL"}
OWN = "Own size"
SIDE_STEP_PX = 64


class BucketLimits(QWidget):
    """A resolution that is chosen holds at once; limits are only tried."""

    resolution_chosen = Signal(int)
    tried = Signal(object)  # a BucketRule

    def __init__(self) -> None:
        super().__init__()
        self._rule = BucketRule()
        self.family = QComboBox()
        self.family.setAccessibleName("Kind of model that is trained")
        self.family.addItems([*FAMILIES.values(), OWN])
        self.resolution = _spin("Resolution", 64, 4096, " px")
        self.smallest = _spin("Smallest side of a bucket", 64, 4096)
        self.largest = _spin("Largest side of a bucket", 64, 4096)
        self.step = _spin("Step of the sides", 8, 512)
        self.step.setSingleStep(8)
        self.largest.setPrefix("to ")
        self.step.setPrefix("by ")
        self._lay_out()
        self.family.activated.connect(self._choose_family)
        self.resolution.valueChanged.connect(self._choose_resolution)
        for spin in (self.smallest, self.largest, self.step):
            spin.valueChanged.connect(self._try)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(STEP_PX)
        grid.setVerticalSpacing(STEP_PX)
        grid.addWidget(QLabel("Trains at"), 0, 0)
        grid.addWidget(self.family, 0, 1, 1, 2)
        grid.addWidget(self.resolution, 0, 3)
        grid.addWidget(QLabel("Sides from"), 1, 0)
        for column, spin in enumerate((self.smallest, self.largest, self.step), 1):
            grid.addWidget(spin, 1, column)
            grid.setColumnStretch(column, 1)

    def show_rule(self, rule: BucketRule) -> None:
        """Show the project's rule."""
        self._rule = rule
        is_square = rule.resolution[0] == rule.resolution[1]
        names = list(FAMILIES)
        side = rule.resolution[0]
        known = is_square and side in FAMILIES
        self.family.setCurrentIndex(names.index(side) if known else len(names))
        self.resolution.setToolTip("" if is_square else "{} x {} pixels".format(*rule.resolution))
        self._set(self.resolution, side)
        for spin, value in (
            (self.smallest, rule.min_reso),
            (self.largest, rule.max_reso),
            (self.step, rule.step),
        ):
            self._set(spin, value)

    def _set(self, spin: QSpinBox, value: int) -> None:
        spin.blockSignals(True)
        spin.setValue(value)
        spin.blockSignals(False)

    def _choose_family(self, place: int) -> None:
        if place < len(FAMILIES):
            self.resolution_chosen.emit(list(FAMILIES)[place])
        else:
            self.resolution.setFocus()
            self.resolution.selectAll()

    def _choose_resolution(self, side: int) -> None:
        self.resolution_chosen.emit(side)

    def _try(self) -> None:
        self.tried.emit(
            replace(
                self._rule,
                min_reso=self.smallest.value(),
                max_reso=self.largest.value(),
                step=self.step.value(),
            )
        )


def _spin(name: str, low: int, high: int, suffix: str = "") -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(low, high)
    spin.setSingleStep(SIDE_STEP_PX)
    spin.setSuffix(suffix)
    spin.setKeyboardTracking(False)
    spin.setAccessibleName(name)
    spin.setToolTip(name)
    spin.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    spin.setMinimumWidth(52)
    return spin
