"""Sends checkpoints that nobody wants any more to the system's trash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from send2trash import send2trash

from curator.core.checkpoints import SUFFIX
from curator.core.jobs import Job
from curator.core.view import ProjectView


@dataclass(frozen=True, slots=True)
class DeleteReport:
    """What is in the trash now, and what stayed, with the reason."""

    deleted: tuple[Path, ...]
    failed: tuple[tuple[Path, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return {
            "deleted": [str(path) for path in self.deleted],
            "failed": [{"path": str(path), "reason": reason} for path, reason in self.failed],
        }


def delete_checkpoints(job: Job, project: ProjectView, paths: Sequence[Path]) -> DeleteReport:
    """Trash these checkpoints of the project; a file that is none of its own stays.

    When the job is cancelled, what is in the trash by then is there to be taken back.
    """
    deleted: list[Path] = []
    failed: list[tuple[Path, str]] = []
    for done, path in enumerate(paths):
        job.progress(done, len(paths), path.name)
        reason = _why_not(project.checkpoints_dir, path) or _trashed(path)
        if reason:
            failed.append((path, reason))
        else:
            deleted.append(path)
    job.progress(len(paths), len(paths))
    return DeleteReport(tuple(deleted), tuple(failed))


def _why_not(root: Path, path: Path) -> str:
    """Why a path is no checkpoint file of the project; "" where it is one.

    A link is never followed: neither may the file be one, nor lead the way to it out of the folder.
    """
    if path.is_symlink() or path.suffix != SUFFIX or not path.is_file():
        return "It is not a checkpoint file."
    if path.resolve().parent.parent != root.resolve():
        return "It does not lie in the project's checkpoints."
    return ""


def _trashed(path: Path) -> str:
    """Why a file could not be sent to the trash; "" where it was."""
    try:
        send2trash(path)
    except OSError as error:
        return f"The trash did not take it: {error.strerror or error}."
    return ""
