"""What every command that changes captions or ratings does at its end: mirror them in files."""

from __future__ import annotations

from curator.cli.output import count, run_job, shown, tell
from curator.core.errors import UserError
from curator.core.project import Project


def mirror_after(project: Project) -> None:
    """The trailing job: what can't be written now is still due the next time, and is told."""
    if not project.mirrors_due(1):
        return
    from curator.tasks.mirror_captions import mirror_captions  # half a second that looking spares

    try:
        outside = run_job(lambda job: mirror_captions(job, project)).outside
    except UserError as error:
        tell(f"The captions beside the pictures are not up to date: {error}")
        return
    if outside:
        tell(
            f"{count(len(outside), 'file')} beside the pictures changed outside and stayed:"
            f" curator mirror {shown(str(project.root))}"
        )
