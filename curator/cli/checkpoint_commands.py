"""The command about what training left: listing checkpoints, and sending some to the trash."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from curator.cli.arguments import Dir, Json
from curator.cli.output import run_job, show, show_json, shown, tell
from curator.core.checkpoints import Checkpoint, list_checkpoints
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.readable import count
from curator.tasks.delete_checkpoints import delete_checkpoints


def checkpoints(
    folder: Dir,
    delete: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Send this one to the trash; may be given again."),
    ] = None,
    json: Json = False,
) -> None:
    """List the checkpoints of the LoRAs, or delete some."""
    with Project.open(folder, read_only=True) as project:
        if delete:
            _delete(project, [path.absolute() for path in delete], json)
            return
        found = list_checkpoints(project)
    if json:
        show_json([_row(one) for one in found])
        return
    for one in found:
        loss = "" if one.loss is None else f"  loss {one.loss:.4f}"
        size = f"{one.size_bytes / 1e6:,.1f} MB"
        show(shown(f"epoch {one.epoch:>3}  step {one.step:>6,}{loss}  {size}  {one.path}"))


def _delete(project: Project, paths: Sequence[Path], json: bool) -> None:
    report = run_job(lambda job: delete_checkpoints(job, project, paths))
    if json:
        show_json(report.as_json())
    for path, reason in report.failed:
        tell(shown(f"{path} stays: {reason}"))
    if not report.deleted:
        raise UserError("No checkpoint was deleted; the reasons stand above.")
    if not json:
        show(f"Sent {count(len(report.deleted), 'checkpoint')} to the trash.")


def _row(one: Checkpoint) -> dict[str, Any]:
    return {
        "path": str(one.path),
        "run": one.run,
        "epoch": one.epoch,
        "step": one.step,
        "loss": one.loss,
        "validation_loss": one.validation_loss,
        "size_bytes": one.size_bytes,
        "created": one.created,
        "samples": [str(path) for path in one.samples],
    }
