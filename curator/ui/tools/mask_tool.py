"""The mask tool: a brush that paints where the training looks, or where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QSpinBox
from typing_extensions import override

from curator.core.edits import Edit
from curator.core.errors import UserError
from curator.core.masks import TrainingMask, drawn_on, set_masks
from curator.core.records import Image
from curator.core.regions import Region
from curator.core.steps import Step
from curator.ui.mask_veil import paint_veil
from curator.ui.tools.brush import BrushTool
from curator.ui.tools.tool import Builder, Ground, Sheet, ToolWords
from curator.ui.view_state import Frame

HUNDRED = 100
LEARNED = ("What is painted", "All but that")  # by learns_inside, or not
NOTHING = "nothing is painted: the whole picture is learned"


class MaskTool(BrushTool):
    """Draws on the picture as it is shown; the mask is kept on its source, and is no step."""

    title = "Mask"
    hint = (
        "Paint. What is not learned is veiled. [ ] or the wheel: size; with Shift: hardness. "
        "X erases; Backspace takes a stroke back."
    )
    has_preview = False

    def __init__(self) -> None:
        super().__init__()
        self.learned, self.rest = QComboBox(), QSpinBox(maximum=HUNDRED, suffix=" %")
        self.learned.addItems(LEARNED)
        self.learned.setToolTip("What the training learns of the picture")
        self.rest.setToolTip("How much what is veiled still counts")
        self.add("Learn", self.learned)
        self.add("Rest", self.rest)
        self.row.addStretch(1)
        self.learned.activated.connect(self.touch)
        self.rest.valueChanged.connect(self.touch)

    @classmethod
    @override
    def takes(cls, step: Step) -> bool:
        return False

    @override
    def begin(self, ground: Ground) -> None:
        mask = _mask(ground.image) or TrainingMask(())
        self.learned.setCurrentIndex(0 if mask.learns_inside else 1)
        self.rest.setValue(round(mask.rest * HUNDRED))
        super().begin(ground)

    @override
    def region_of(self, ground: Ground) -> Region:
        """What was painted before is in the mask; these are strokes that can be taken back."""
        return ()

    def mask(self, strokes: Region) -> TrainingMask:
        """What it would be with these strokes upon what was painted before."""
        assert self.ground is not None
        image = (
            self.ground.image if _mask(self.ground.image) else replace(self.ground.image, mask="")
        )
        return replace(
            drawn_on(image, strokes),
            learns_inside=self.learned.currentIndex() == 0,
            rest=self.rest.value() / HUNDRED,
        )

    @override
    def step(self) -> Step | None:
        return None

    @override
    def builder(self) -> Builder | None:
        if self.ground is None or not self.is_touched:
            return None
        before, mask = self.ground.image.mask, self.mask(tuple(self.strokes))
        if mask.to_json() == before:
            return None

        def build(images: Sequence[Image]) -> Edit:
            if any(image.mask != before for image in images):
                raise UserError("The mask was changed meanwhile.", "Look again, and repeat it.")
            return set_masks(dict.fromkeys(images, mask))

        return build

    @override
    def words(self) -> ToolWords:
        is_there = self.ground is not None and self.mask(self.region()).to_json()
        return ToolWords("" if is_there else NOTHING)

    @override
    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        if self.ground is not None:
            mask = self.mask(tuple(self.strokes)).to_json()
            image = replace(self.ground.image, mask=mask)
            frame = Frame(self.ground.size, (0.0, 0.0))
            paint_veil(painter, image, frame, sheet.place, sheet.colours.warning)
        super().paint(painter, sheet)


def _mask(image: Image) -> TrainingMask | None:
    """The mask of a picture; one that can't be read is painted anew."""
    try:
        return TrainingMask.from_json(image.mask)
    except UserError:
        return None
