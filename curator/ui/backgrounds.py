"""Another picture in a background's place: a file that is chosen or dropped, or a picture here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from typing_extensions import override

from curator.core.edits import Edit
from curator.core.import_report import ImportReport
from curator.core.recipe import Recipe
from curator.core.recipe_edits import change_shown
from curator.core.records import Image
from curator.core.steps import PICTURE, CutOut
from curator.tasks.import_images import import_images
from curator.ui.context import Context
from curator.ui.field_editors import ask_file
from curator.ui.job_bridge import Ticket
from curator.ui.notices import Notice
from curator.ui.panels.recipe import RecipePanel, ShownStep
from curator.ui.picture_drag import dragged_ids
from curator.ui.start_page import dropped_paths

TITLE = "Lay a picture behind"
KINDS = (
    "Pictures (*.jpg *.jpeg *.png *.webp *.avif *.jxl *.heic *.tif *.tiff *.bmp *.gif);;"
    "All files (*)"
)


class Backgrounds(QObject):
    """What comes from outside is imported, so that the project holds all that it needs."""

    def __init__(self, context: Context, panel: RecipePanel) -> None:
        super().__init__(panel)
        self._context, self._panel = context, panel
        panel.picture_wanted.connect(self.ask)
        panel.setAcceptDrops(True)
        panel.installEventFilter(self)

    def ask(self) -> None:
        """Have a file chosen."""
        if path := ask_file(self._panel, TITLE, KINDS):
            self.take(Path(path))

    def take(self, path: Path) -> None:
        """Lay the picture in a file behind the subject of the current step."""
        step = self._panel.shown_step
        if step is not None:
            work = (import_images, self._context.project, [path])
            self._context.jobs.start(TITLE, *work, on_end=partial(self._taken, step))

    def _taken(self, step: ShownStep, ticket: Ticket) -> None:
        if ticket.error is not None:
            self._context.tell_error(ticket.error, TITLE)
        report = ticket.result
        if not isinstance(report, ImportReport):
            return
        ids = [*(one.id for one in report.accepted), *(one.id for one in report.known)]
        if ids:
            self._lay_image(step, ids[0])
        else:
            reasons = [*report.refusals(), *(one.reason for one in report.skipped), ""]
            self._context.tell(Notice("That can't be laid behind the subject.", reasons[0]))

    def _lay_image(self, step: ShownStep, image_id: int) -> None:
        for image in self._context.project.images([image_id]):
            self._lay(step, image.sha256)

    def _lay(self, shown: ShownStep, sha256: str) -> None:
        def laid(recipe: Recipe) -> Recipe:
            step = recipe.steps[shown.place]
            assert isinstance(step, CutOut)  # nothing else is asked about
            return recipe.with_step(shown.place, replace(step, fill=PICTURE + sha256))

        def build(images: Sequence[Image]) -> Edit:
            return change_shown(TITLE, images, shown.recipe, laid)

        self._context.change([shown.image_id], build)

    def _drop(self, data: QMimeData) -> None:
        step, ids = self._panel.shown_step, dragged_ids(data)
        if step is not None and ids:
            self._lay_image(step, ids[0])
        elif paths := dropped_paths(data):
            self.take(paths[0])

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is dropped on the panel while a cut-out is its current step is laid behind it."""
        is_cut_out = isinstance(self._panel.current, CutOut)
        if is_cut_out and isinstance(event, QDropEvent):  # a drag that comes in is one too
            data = event.mimeData()
            if dragged_ids(data) or dropped_paths(data):
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self._drop(data)
                return True
        return super().eventFilter(watched, event)
