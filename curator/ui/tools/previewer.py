"""What a tool would make, drawn beside the window; of many wishes in a row only the newest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from curator.core.crop_frame import Subject
from curator.core.errors import UserError
from curator.core.steps import CutOut, Step
from curator.ui.context import Context
from curator.ui.tools.tool import Ground

if TYPE_CHECKING:
    from PIL import Image as Pillow

    from curator.imaging.faces import FaceBox

PATIENCE_MS = 150  # before it is said that something is computed


class Previewer(QObject):
    """Keeps the picture before the step, in the size of the screen, in the thread that reads."""

    arrived = Signal()
    faces_found = Signal(object)  # a sequence of FaceBox
    subject_found = Signal(object)  # a Subject

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._before: tuple[Ground, int, Pillow.Image] | None = None  # only of the reading thread
        self._ground: Ground | None = None
        self._side = 1
        self._wanted: Step | None = None
        self.image: QImage | None = None
        self.shown: Step | None = None  # what made it
        self._shown_side = 0  # for which it was made
        self._is_busy = False
        self.is_late = False  # it takes so long that it is worth a word
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._tell_late)

    def begin(self, ground: Ground, side_px: int) -> None:
        """Show what becomes of this picture, no wider or higher than `side_px` device pixels."""
        if (self._ground, self._side) == (ground, side_px):
            return
        is_same = self._ground == ground
        self._ground, self._side = ground, side_px
        if not is_same:
            self.image = self.shown = self._wanted = None
            self._find_faces(ground, side_px)
            self._find_subject(ground)
        self._go_on()

    def end(self) -> None:
        """Nothing is shown any more."""
        self._ground = self._wanted = self.shown = self.image = None
        self._patience.stop()
        self.is_late = False
        self._context.jobs.read(self._forget, lambda _none: None, self._failed, of_files=True)

    def _forget(self) -> None:
        self._before = None

    def ask(self, step: Step | None) -> None:
        """Have a step shown; None for the picture as it is before."""
        self._wanted = step
        if step is None and not self._is_busy:
            self._show(None, None)
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Compute what is wanted last, as soon as nothing else is computed."""
        ground, side, step = self._ground, self._side, self._wanted
        is_there = (step, side) == (self.shown, self._shown_side)
        if self._is_busy or ground is None or step is None or is_there:
            return

        cache_dir = self._context.project.cache_dir

        def work() -> QImage | None:
            from curator.imaging.preview import with_step
            from curator.ui.qt_picture import to_qt

            try:
                return to_qt(with_step(step, self._picture(ground, side), cache_dir))
            except UserError:  # the canvas says why there is nothing to see
                return None

        def made(image: QImage | None) -> None:
            self._is_busy = False
            if self._ground == ground:
                is_wanted = self._wanted is not None
                self._shown_side = side
                self._show(step if is_wanted else None, image if is_wanted else None)
            self._go_on()

        self._is_busy = True
        if not self._patience.isActive() and not self.is_late:
            self._patience.start()
        self._context.jobs.read(work, made, self._failed, of_files=True)

    def _failed(self, error: BaseException) -> None:
        self._is_busy = False
        self._shown_side = self._side
        self._show(self._wanted, None)
        self._context.tell_error(error)

    def _show(self, step: Step | None, image: QImage | None) -> None:
        self.shown, self.image = step, image
        if self._wanted == step:
            self._patience.stop()
            self.is_late = False
        self.arrived.emit()

    def _tell_late(self) -> None:
        self.is_late = True
        self.arrived.emit()

    def _picture(self, ground: Ground, side: int) -> Pillow.Image:
        from curator.imaging.preview import picture_before

        if self._before is None or self._before[:2] != (ground, side):
            project = self._context.project
            most = project.settings.max_pixels
            made = picture_before(
                ground.image, ground.recipe, ground.place, project.root, side, most
            )
            self._before = ground, side, made
        return self._before[2]

    # -- where faces and the subject are

    def _find_faces(self, ground: Ground, side: int) -> None:
        def work() -> Sequence[FaceBox]:
            import numpy as np

            from curator.core.installed_models import model_for, require_model
            from curator.imaging.faces import FaceFinder

            try:
                if model_for("faces") is None:
                    return ()
                picture = self._picture(ground, side).convert("RGB")
                return FaceFinder(require_model("faces").path).boxes(np.asarray(picture))
            except UserError:  # a model that can't be used is told of where faces are counted
                return ()

        def found(faces: Sequence[FaceBox]) -> None:
            if self._ground == ground:
                self.faces_found.emit(faces)

        self._context.read(work, found, "tool-faces", of_files=True)

    def _find_subject(self, ground: Ground) -> None:
        project = self._context.project
        if not ground.image.mask and not any(isinstance(s, CutOut) for s in ground.recipe.active):
            return

        def work() -> Subject | None:
            from curator.imaging.masking import seen_subject

            most = project.settings.max_pixels
            try:
                return seen_subject(ground.image, ground.place, project.root, most)
            except UserError:  # the canvas says why there is nothing to see
                return None

        def found(subject: Subject | None) -> None:
            if self._ground == ground and subject is not None:
                self.subject_found.emit(subject)

        self._context.read(work, found, "tool-subject", of_files=True)
