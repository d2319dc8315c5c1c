"""The command that brings pictures in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from curator.cli.arguments import Dir, Json
from curator.cli.output import run_job, show, show_json, shown, tell
from curator.cli.trailing import mirror_after
from curator.core.import_report import ImportReport
from curator.core.project import Project
from curator.core.settings import RATING_MAPPINGS
from curator.tasks.import_images import ImportOptions, import_images


def import_sources(  # noqa: PLR0913 - each is an option of the command line
    folder: Dir,
    sources: Annotated[
        list[Path], typer.Argument(metavar="SOURCE", help="Folders, files, zip or tar archives.")
    ],
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Leave the files where they are; refer to them.")
    ] = False,
    explode: Annotated[
        float | None,
        typer.Option(metavar="N", help="Every Nth frame of animations, every N seconds of videos."),
    ] = None,
    ratings: Annotated[
        str, typer.Option(help=f"How ratings in files are read: {', '.join(RATING_MAPPINGS)}.")
    ] = "",
    note: Annotated[str, typer.Option(help="Where the pictures come from.")] = "",
    licence: Annotated[str, typer.Option(help="The licence they are used under.")] = "",
    consent: Annotated[str, typer.Option(help="Who agreed to their use.")] = "",
    json: Json = False,
) -> None:
    """Import pictures with their captions and ratings; what is in the project already is known."""
    options = ImportOptions(in_place, explode, ratings, note, licence, consent)
    with Project.open(folder) as project:
        report = run_job(
            lambda job: import_images(job, project, sources, options), _tell_what_came_in
        )
        mirror_after(project)
    if json:
        show_json(report.to_json())
        return
    for line in report.summary():
        show(shown(line))
    for rejected in report.rejected:
        show(shown(f"  {rejected.source}: {rejected.reason} {rejected.hint}".rstrip()))


def _tell_what_came_in(part: Any) -> None:
    """What a cancelled import has done so far."""
    if isinstance(part, ImportReport):
        for line in part.summary():
            tell(shown(line))
