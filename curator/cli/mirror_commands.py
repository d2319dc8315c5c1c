"""The command about captions and ratings that stand beside the project's pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from curator.cli.arguments import Dir, Json
from curator.cli.output import run_job, show, show_json, shown
from curator.core.project import Project
from curator.core.readable import count
from curator.tasks.mirror_captions import (
    OutsideChange,
    accept_outside,
    keep_ours,
    mirror_captions,
    outside_changes,
    restore_lost,
)


def mirror(
    folder: Dir,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take over what was changed outside.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Write the project's own over what was changed outside.")
    ] = False,
    json: Json = False,
) -> None:
    """Mirror captions and ratings in files; show outside changes.

    They stand beside the project's pictures. Files that were deleted are written again.
    """
    if accept and keep:
        raise typer.BadParameter("Choose one of --accept and --keep.")
    with Project.open(folder) as project:
        report = run_job(lambda job: mirror_captions(job, project))
        report.written += run_job(lambda job: restore_lost(job, project))
        changes = outside_changes(project)
        left: Sequence[OutsideChange] = changes
        if accept:
            accept_outside(project, changes)
            left = [change for change in changes if change.problem]
            run_job(lambda job: mirror_captions(job, project))
        elif keep:
            left = keep_ours(project, changes)
    report.outside = list(left)
    if json:
        show_json(report.to_json())
        return
    for change in left:
        for line in _diff(change):
            show(line)
    show(
        f"{count(report.written, 'file')} written, {count(report.removed, 'file')} removed,"
        f" {count(len(changes) - len(left), 'outside change')} settled, {len(left):,} left."
    )
    if left and not (accept or keep):
        show("Take them over with --accept, or write the project's own with --keep.")


def _diff(change: OutsideChange) -> list[str]:
    lines = [f"{change.path} ({change.kind})", f"- {change.old}", f"+ {change.new}"]
    return [shown(line) for line in [*lines, *([change.problem] if change.problem else [])]]
