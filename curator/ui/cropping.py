"""More crops of a picture, and what becomes of them when it is removed; masks by the cut-out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from curator.core import edits
from curator.core.crops import add_crops, left_behind, question
from curator.core.edits import Edit
from curator.core.masks import TrainingMask, clear_masks
from curator.core.readable import count
from curator.core.records import Image, NewImage
from curator.tasks.mask_subjects import MasksReport, mask_subjects
from curator.ui.context import Context
from curator.ui.dialogs.prepare_many import PrepareManyDialog
from curator.ui.finder import Finder
from curator.ui.job_bridge import Ticket
from curator.ui.notices import Notice

TITLE = "Remove from the project"
MASKING = "Mask by the cut-out"
MOST_FAILED = 40


class Cropping(QObject):
    """Makes crops of what is selected, and asks about them when only their sources are removed."""

    def __init__(
        self,
        context: Context,
        finder: Finder,
        window: QWidget,
        want: Callable[[Sequence[Image]], None],
    ) -> None:
        super().__init__()
        self._context, self._window, self._want = context, window, want
        self._expected: tuple[int, ...] = ()
        finder.found.connect(self._go_there)

    # -- making

    def make(self) -> None:
        """One more crop of each selected picture, beside which it then stands."""
        ids, project = self._context.selection.meant(), self._context.project

        def work() -> tuple[Edit, list[NewImage]]:
            images = project.images(sorted(ids))
            return add_crops(project, images, project.new_image_ids, time.time())

        if ids:
            self._context.read(work, self._add)

    def _add(self, made: tuple[Edit, list[NewImage]]) -> None:
        edit, crops = made
        self._expected = tuple(one.id for one in crops)
        self._context.submit(edit, crops)

    def _go_there(self) -> None:
        """Select the new crops once they are on show; a filter may keep them from it."""
        there = [id_ for id_ in self._expected if self._context.model.row_of(id_) >= 0]
        if there:
            self._expected = ()
            self._context.selection.choose(there, there[0])

    def prepare_many(self) -> None:
        """Choose steps for all that is selected."""
        if ids := self._context.selection.meant():
            PrepareManyDialog(self._window, self._context, sorted(ids), self._want).show()

    # -- removing

    def remove(self) -> None:
        """Hide what is selected; crops that it would leave behind are asked about, once."""
        ids, project = self._context.selection.meant(), self._context.project
        if ids:
            self._context.read(
                lambda: left_behind(project, ids), lambda crops: self._remove(ids, crops)
            )

    def _remove(self, ids: Sequence[int], crops: dict[int, int]) -> None:
        if not crops:
            self._context.change(ids, edits.remove_images)
            return
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(TITLE)
        box.setText(question(crops))
        box.setInformativeText("Undo brings them back. A crop that stays needs nothing of them.")
        both = box.addButton(_both(len(crops)), QMessageBox.ButtonRole.AcceptRole)
        alone = box.addButton("Keep the crops", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        both.clicked.connect(lambda: self._context.change([*ids, *crops], edits.remove_images))
        alone.clicked.connect(lambda: self._context.change(ids, edits.remove_images))
        box.open()

    # -- masks

    def mask(self) -> None:
        """Have the training learn what the cut-outs of the selected pictures leave, and no more."""
        if ids := self._context.selection.meant():
            work = (mask_subjects, self._context.project, ids, TrainingMask(()), self._context.make)
            self._context.jobs.start(MASKING, *work, on_end=self._masked)

    def _masked(self, ticket: Ticket) -> None:
        if ticket.error is not None:
            self._context.tell_error(ticket.error, MASKING)
        report = ticket.result
        if not isinstance(report, MasksReport):
            return
        ticket.report = "\n".join(why for _id, _name, why in report.failed[:MOST_FAILED])
        words = f"{count(len(report.masked), 'picture')} masked."
        if report.failed:
            hint = f"{count(len(report.failed), 'picture')} could not be."
            self._context.tell(Notice(words, hint, ticket.report))
        else:
            self._context.said.emit(words)

    def unmask(self) -> None:
        """Have the training learn the whole of what is selected."""
        if ids := self._context.selection.meant():
            self._context.change(ids, clear_masks)


def _both(crops: int) -> str:
    return "Remove the crop too" if crops == 1 else f"Remove all {crops:,} crops too"
