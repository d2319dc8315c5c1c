"""Asks for a folder or another project, and tells what of it is in the project already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from curator.core.import_options import ImportOptions
from curator.core.jobs import Job
from curator.core.project import Project
from curator.ui.context import Context
from curator.ui.job_bridge import Ticket

StartImport = Callable[[Sequence[Path], ImportOptions], object]


class KnownElsewhere(QObject):
    """Compares in a job; nothing is imported until the person says so."""

    def __init__(self, context: Context, window: QWidget, start_import: StartImport) -> None:
        super().__init__()
        self._context, self._window, self._start_import = context, window, start_import

    def ask(self) -> None:
        """Choose a folder and compare it."""
        found = QFileDialog.getExistingDirectory(self._window, "A folder of photos, or a project")
        if found:
            self.start(Path(found))

    def start(self, place: Path) -> Ticket:
        """Compare a folder or another project with the open one."""
        title = f"Compare {place.name} with this project"
        return self._context.jobs.start(
            title,
            _work,
            self._context.project,
            place,
            on_end=lambda ticket: self._ended(ticket, place),
        )

    def _ended(self, ticket: Ticket, place: Path) -> None:
        if ticket.error is not None:
            self._context.tell_error(ticket.error, ticket.title)
        if ticket.result is None:
            return
        from curator.ui.dialogs.known_elsewhere import KnownElsewhereDialog

        dialog = KnownElsewhereDialog(self._window, place, ticket.result)
        new = files_of(ticket.result.new)
        dialog.import_asked.connect(
            lambda: self._start_import(new, ImportOptions(skip_copies=True))
        )
        dialog.show()


def _work(job: Job, project: Project, place: Path) -> object:
    from curator.tasks.find_known import find_known  # a second that the window's start saves

    return find_known(job, project, place)


def files_of(sources: list[str]) -> list[Path]:
    """The files to name for an import, of what lies in archives the archives."""
    found = (s if Path(s).exists() else s.partition("!/")[0] for s in sources)
    return [Path(one) for one in dict.fromkeys(found)]
