"""The command about removed pictures: what the project's trash holds, and emptying it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from curator.cli.arguments import Dir, Json
from curator.cli.output import few, run_job, show, show_json, shown, tell
from curator.cli.trailing import opened
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.readable import count, listed, size
from curator.core.trash import Trash
from curator.tasks.empty_trash import EmptiedReport, empty_trash


def trash(
    folder: Dir,
    empty: Annotated[
        bool, typer.Option("--empty", help="Empty it, after a question. There is no undo.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Empty it without the question.")] = False,
    json: Json = False,
) -> None:
    """Show what the project's trash holds: the removed pictures. Empties it with --empty.

    The project's own copies then go to the system trash; pictures in place are only forgotten.
    """
    if yes and not empty:
        raise typer.BadParameter("--yes goes with --empty.")
    if empty:
        _empty(folder, yes, json)
        return
    with Project.open(folder, read_only=True) as project:
        held = project.trash()
    if json:
        show_json(_row(held))
    else:
        show(f"{_holds(held)}." if held.ids else "The trash is empty.")


def _row(held: Trash) -> dict[str, int]:
    return {
        "images": len(held.ids),
        "copies": held.copies,
        "in_place": held.in_place,
        "crops": held.crops,
        "size_bytes": held.size_bytes,
    }


def _holds(held: Trash) -> str:
    """ "14 pictures in the trash: 9 copies (34 MB), 3 in place and 2 crops"."""
    parts = [_copies(held.copies, held.size_bytes)] if held.copies else []
    parts += [f"{held.in_place:,} in place"] if held.in_place else []
    parts += [count(held.crops, "crop")] if held.crops else []
    return f"{count(len(held.ids), 'picture')} in the trash: {listed(parts)}"


def _copies(number: int, size_bytes: int) -> str:
    return f"{count(number, 'copy', 'copies')} ({size(size_bytes)})"


def _empty(folder: Path, yes: bool, json: bool) -> None:
    with opened(folder) as project:
        held = project.trash()
        agreed = yes or not held.ids or _agreed(held)
        report = EmptiedReport(0, 0, 0, ())
        if agreed and held.ids:
            report = run_job(lambda job: empty_trash(job, project, held.ids), _tell_what_is_done)
    if json:
        show_json(report.to_json())
    elif not agreed:
        show("Nothing was done.")
    else:
        show(_did(report))
    for line in few([f"  {kept.name} stays in the trash: {kept.reason}" for kept in report.kept]):
        tell(shown(line))


def _agreed(held: Trash) -> bool:
    if not sys.stdin.isatty():
        raise UserError(
            "Emptying the trash asks first, and nobody is here to answer.",
            "Add --yes to empty it without the question.",
        )
    parts = []
    if held.copies:
        parts.append(f"move {_copies(held.copies, held.size_bytes)} to the system trash")
    if held.in_place:
        parts.append(f"forget {count(held.in_place, 'picture')} in place")
    if held.crops:
        parts.append(f"forget {count(held.crops, 'crop')}")
    question = listed(parts)
    return typer.confirm(f"{question[0].upper()}{question[1:]}? There is no undo.", err=True)


def _did(report: EmptiedReport) -> str:
    copies = _copies(report.copies, report.size_bytes)
    return f"{count(report.images, 'picture')} forgotten, {copies} in the system trash."


def _tell_what_is_done(part: object) -> None:
    """What a cancelled emptying has done so far."""
    if isinstance(part, EmptiedReport):
        tell(_did(part))
