"""A project to change from the command line, whose captions and ratings are then mirrored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from curator.cli.output import run_job, shown, tell
from curator.core.errors import UserError
from curator.core.invocation import typed
from curator.core.project import Project
from curator.core.readable import count
from curator.core.view import DATABASE


@contextmanager
def opened(folder: Path) -> Iterator[Project]:
    """The project, to write to; at the end its mirrors are brought up to date.

    What was changed outside since it was last written to is told, and stays as it is.
    """
    since_s = 0.0
    with suppress(OSError):  # what is no project is told by its opening
        since_s = (folder / DATABASE).stat().st_mtime
    with Project.open(folder) as project:
        yield project
        mirror_after(project, since_s)


def mirror_after(project: Project, since_s: float) -> None:
    """The trailing job: what can't be written now is still due the next time, and is told.

    `since_s`: mirrors that were touched before (in seconds since 1970) are not looked into.
    """
    # Half a second that looking spares.
    from curator.tasks.mirror_captions import mirror_captions, outside_changes

    try:
        due = run_job(lambda job: mirror_captions(job, project)).outside
        changes = {(c.image_id, c.kind) for c in [*due, *outside_changes(project, since_s)]}
    except UserError as error:
        tell(f"The captions beside the pictures are not up to date: {error}")
        return
    if changes:
        tell(
            f"{count(len(changes), 'file')} beside the pictures changed outside and stayed; look"
            f" at the differences with: {typed('mirror')} {shown(str(project.root))}"
        )
