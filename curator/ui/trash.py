"""Emptying the project's trash: the one thing that is asked about, for it can't be undone."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from curator.core.readable import count, listed, size
from curator.core.trash import Trash
from curator.tasks.empty_trash import EmptiedReport, empty_trash
from curator.ui.context import Context
from curator.ui.job_bridge import Ticket
from curator.ui.notices import Notice

TITLE = "Empty the trash"
EMPTY = "The trash is empty: no picture was removed from the project."
BUSY = "The trash can be emptied once the other jobs are done."
MOST_KEPT = 40


class TrashEmptying(QObject):
    """Asks once, naming the numbers, then empties in a job."""

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__()
        self._context, self._window = context, window

    def ask(self) -> None:
        """Count what is in the trash, and ask."""
        if any(not (ticket.is_quiet or ticket.is_modest) for ticket in self._context.jobs.running):
            self._context.tell(Notice(BUSY))
            return
        self._context.read(self._context.project.trash, self._ask, key="trash")

    def _ask(self, trash: Trash) -> None:
        if not trash.ids:
            self._context.tell(Notice(EMPTY))
            return
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(TITLE)
        box.setText(question(trash))
        box.setInformativeText("This ends undo for these pictures.")
        yes = box.addButton("Empty it", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        yes.clicked.connect(lambda: self._empty(trash))
        box.open()

    def _empty(self, trash: Trash) -> None:
        self._context.jobs.start(
            TITLE, empty_trash, self._context.project, trash.ids, on_end=self._emptied
        )

    def _emptied(self, ticket: Ticket) -> None:
        if ticket.error is not None:
            self._context.tell_error(ticket.error, TITLE)
            return
        report = ticket.result
        if isinstance(report, EmptiedReport):
            gone = f"{count(report.copies, 'file')}, {size(report.size_bytes)}"
            words = f"{gone}, went to the system trash."
            kept = "\n".join(f"{one.name}: {one.reason}" for one in report.kept[:MOST_KEPT])
            hint = f"{count(len(report.kept), 'picture')} could not be moved." if kept else ""
            ticket.report = f"{words} {hint}\n{kept}".strip()
            self._context.tell(Notice(words, hint, kept, is_error=bool(kept)))


def question(trash: Trash) -> str:
    """What is asked, with the numbers."""
    parts = []
    if trash.copies:
        parts.append(
            f"move {count(trash.copies, 'file')} ({size(trash.size_bytes)}) to the system trash"
        )
    if trash.in_place:
        parts.append(f"forget {count(trash.in_place, 'picture')} lying elsewhere, whose files stay")
    if trash.crops:
        parts.append(f"forget {count(trash.crops, 'crop')}")
    what = listed(parts) or "forget them"
    return f"Empty the trash of {count(len(trash.ids), 'removed picture')}: {what}?"
