"""The crop tool: a box with handles, held to a ratio where that is wished."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QCheckBox, QComboBox
from typing_extensions import override

from curator.core.crop_frame import HANDLES, CropFrame, Handle, Proposal, nearest_ratios, proposals
from curator.core.geometry import Box, Size
from curator.core.step_words import size_words
from curator.core.steps import Crop, Step
from curator.core.training_fit import fit_of
from curator.ui.tools.crop_painting import Drawn, paint_crop
from curator.ui.tools.tool import Ground, Keys, Sheet, Tool, ToolWords
from curator.ui.view_state import Pair

if TYPE_CHECKING:
    from curator.imaging.faces import FaceBox

FREE, OWN = "Free", "As the picture"
REACH_PX = 10  # of the window around a handle
FAR = 10  # pixels for an arrow key with Shift
LEAST_PX = 8  # of the window; a new box with less was a slip of the hand
UNKNOWN = "nothing to propose: paint a mask or cut out first, or install the model of faces"
GHOSTS = {"full": "tool_full", "upper body": "tool_upper_body", "head": "tool_head"}
_CURSORS = {
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
}


class CropTool(Tool):
    """Begins with the bucket nearest to the picture, or with the crop that it has."""

    kind: ClassVar[type[Step]] = Crop
    title = "Crop"
    hint = "Drag a handle, the inside to move it, or a new box. Arrows nudge; with Ctrl they size."
    has_preview = False

    def __init__(self) -> None:
        super().__init__()
        self.frame = CropFrame((1, 1), Box(0, 0, 1, 1))
        self.ratio = QComboBox()
        self.ratio.setToolTip("The shape of the crop; the buckets are those of the project")
        self.lock, self.thirds = QCheckBox("Keep the ratio"), QCheckBox("Thirds")
        self.thirds.setChecked(True)
        self.add("Shape", self.ratio)
        self.add("", self.lock)
        self.add("", self.thirds)
        self.row.addStretch(1)
        self._ratios: list[Size | None] = []
        self._wish = "bucket"  # what a picture without a crop begins with
        self._like: CropFrame | None = None
        self._held: tuple[Handle | None, CropFrame, Pair] | None = None
        self._kept: tuple[CropFrame, float] | None = None  # what a new box replaces, at a scale
        self._face = 0
        self._asked = ""
        self.ratio.activated.connect(self._choose)
        self.lock.clicked.connect(self._lock)
        self.thirds.toggled.connect(self.moved)

    # -- the picture

    @override
    def begin(self, ground: Ground) -> None:
        super().begin(ground)
        size, step = ground.size, ground.step
        self._face, self._asked, self._held = 0, "", None
        buckets = nearest_ratios(size, ground.rule)
        self._ratios = [None, size, *buckets]
        self.ratio.clear()
        self.ratio.addItems([FREE, f"{OWN}, {size_words(size)}", *map(size_words, buckets)])
        if self._like is not None:
            self.frame = CropFrame.whole(size).framed_like(self._like)
            self.is_touched, self._like = True, None
        elif isinstance(step, Crop):
            self.frame = CropFrame(size, step.box(size), _ratio_of(step.box(size), buckets))
        else:
            self.frame = CropFrame.whole(size, buckets[0] if self._wish == "bucket" else None)
        self._show()

    def keep_framing(self) -> None:
        """Frame the next picture as this one."""
        self._like = self.frame

    def _show(self) -> None:
        ratio = self.frame.ratio
        self.ratio.setCurrentIndex(self._ratios.index(ratio) if ratio in self._ratios else 0)
        self.lock.setChecked(ratio is not None)
        self.changed.emit()

    @override
    def see_faces(self, faces: Sequence[FaceBox]) -> None:
        super().see_faces(faces)
        self.changed.emit()

    # -- what comes of it

    @override
    def step(self) -> Step | None:
        frame = self.frame
        return None if frame.is_whole else Crop(*frame.box, *frame.size)

    @override
    def words(self) -> ToolWords:
        ground = self.ground
        if ground is None:
            return ToolWords()
        after = ground.size_after(self.step())
        fit = fit_of(after, ground.rule)
        text = f"{size_words(self.frame.box.size)} pixels, bucket {size_words(fit.bucket)}"
        if fit.loss >= 0.005:
            text += f", training cuts off {fit.loss * 100:.0f} %"
        warning = f"below its bucket: enlarged {fit.scale:.1f}x" if fit.scale > 1.005 else ""
        if self._asked and not self.offers():
            return ToolWords(warning=UNKNOWN)
        return ToolWords(text, warning)

    def _put(self, frame: CropFrame) -> None:
        if frame != self.frame:
            self.frame = frame
            self.touch()

    def offers(self) -> list[Proposal]:
        """What is proposed about the face that is looked at, or about the subject."""
        if self.faces:
            face = self.faces[self._face % len(self.faces)]
            return proposals(face, self.frame, self.subject)
        subject = self.subject
        return proposals(subject.face, self.frame, subject) if subject is not None else []

    def _accept(self, name: str) -> None:
        """Take a proposal; the same one again takes that of the next face."""
        if self._asked == name:
            self._face += 1
        self._asked = name
        box = dict(self.offers()).get(name)
        if box is not None:
            self._put(replace(self.frame, box=box))
        self.changed.emit()

    # -- the ratio

    def _choose(self, at: int) -> None:
        self._wish = "bucket" if at >= 2 else "free"
        self.frame = self.frame.with_ratio(self._ratios[at])
        self._show()
        self.touch()

    def _lock(self, is_locked: bool) -> None:
        self._wish = "bucket" if is_locked else "free"
        self.frame = replace(self.frame, ratio=self.frame.box.size if is_locked else None)
        self._show()

    def cycle(self, by: int) -> None:
        """The next bucket's ratio, from the nearest to the picture on."""
        at, number = self.ratio.currentIndex(), len(self._ratios) - 2
        self._choose(2 + ((at - 2 + by) % number if at >= 2 else 0))

    @override
    def works(self) -> Mapping[str, Callable[[], object]]:
        return {
            "tool_ratio": partial(self.cycle, 1),
            "tool_ratio_back": partial(self.cycle, -1),
            "tool_lock": self.lock.click,
            "tool_thirds": self.thirds.toggle,
            **{action: partial(self._accept, name) for name, action in GHOSTS.items()},
        }

    # -- mouse and arrows

    def _handle_at(self, at: Pair, scale: float) -> Handle | None:
        box, reach = self.frame.box, REACH_PX / scale
        near: list[tuple[float, Handle]] = []
        for across, down in HANDLES:
            x = (box.left, (box.left + box.right) / 2, box.right)[across + 1]
            y = (box.top, (box.top + box.bottom) / 2, box.bottom)[down + 1]
            # An edge is taken anywhere along it.
            far_x = 0.0 if not across and box.left < at[0] < box.right else abs(at[0] - x)
            far_y = 0.0 if not down and box.top < at[1] < box.bottom else abs(at[1] - y)
            if max(far_x, far_y) <= reach:
                near.append((-abs(across) - abs(down) + max(far_x, far_y) / reach, (across, down)))
        return min(near)[1] if near else None

    def _is_inside(self, at: Pair) -> bool:
        box = self.frame.box
        return box.left <= at[0] < box.right and box.top <= at[1] < box.bottom

    @override
    def press(self, at: Pair, keys: Keys, button: Qt.MouseButton, scale: float) -> None:
        handle, frame = self._handle_at(at, scale), self.frame
        self._kept = None
        if handle is None and not self._is_inside(at):
            x = min(max(round(at[0]), 0), frame.size[0] - 1)
            y = min(max(round(at[1]), 0), frame.size[1] - 1)
            frame, handle = replace(frame, box=Box(x, y, x + 1, y + 1)), (1, 1)
            self._kept = self.frame, scale
        self._held = handle, frame, at

    @override
    def drag(self, at: Pair, keys: Keys) -> None:
        if self._held is None:
            return
        handle, frame, start = self._held
        if handle is None:
            self._put(frame.moved(round(at[0] - start[0]), round(at[1] - start[1])))
        elif frame.box.size == (1, 1) and handle == (1, 1):
            ways = (1 if at[0] >= start[0] else -1), (1 if at[1] >= start[1] else -1)
            self._put(frame.pulled(ways, *at))
        else:
            self._put(frame.pulled(handle, *at))

    @override
    def release(self) -> None:
        self._held = None
        kept, self._kept = self._kept, None
        if kept is not None and min(self.frame.box.size) * kept[1] < LEAST_PX:
            self._put(kept[0])

    @override
    def hover(self, at: Pair | None, scale: float) -> Qt.CursorShape:
        if at is None:
            return Qt.CursorShape.ArrowCursor
        handle = self._handle_at(at, scale)
        if handle is not None:
            return _CURSORS[handle]
        inside = self._is_inside(at)
        return Qt.CursorShape.SizeAllCursor if inside else Qt.CursorShape.CrossCursor

    @override
    def nudge(self, across: int, down: int, keys: Keys) -> bool:
        far = FAR if keys & Keys.ShiftModifier else 1
        across, down = across * far, down * far
        is_sizing = bool(keys & Keys.ControlModifier)
        self._put(self.frame.grown(across, down) if is_sizing else self.frame.moved(across, down))
        return True

    @override
    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        if self.ground is None:
            return
        lost = fit_of(self.ground.size_after(self.step()), self.ground.rule).lost
        is_last = self.ground.place >= len(self.ground.recipe.steps) - 1
        drawn = Drawn(
            self.frame,
            self.thirds.isChecked(),
            lost if is_last else (0, 0, 0, 0),
            self.offers(),
        )
        paint_crop(painter, sheet, drawn)


def _ratio_of(box: Box, buckets: Sequence[Size]) -> Size | None:
    """The bucket's ratio that a box has, as nearly as whole pixels allow."""
    width, height = box.size
    for wide, high in buckets:
        if abs(width * high - height * wide) <= max(wide, high):
            return wide, high
    return None
