"""The command that brings pictures in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from curator.cli.arguments import Dir, Json
from curator.cli.output import few, run_job, show, show_json, shown, tell
from curator.cli.trailing import opened
from curator.core.errors import UserError
from curator.core.import_options import ImportOptions
from curator.core.import_report import ImportReport
from curator.core.ratings import EXAMPLE, RATING_MAPPINGS
from curator.tasks.import_images import import_images


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
        str,
        typer.Option(
            help=f"How ratings in files are read: {', '.join(RATING_MAPPINGS)}, or each number by"
            f" itself, such as {EXAMPLE}; what isn't named stays unrated. The setting ratings if"
            " left out."
        ),
    ] = "",
    note: Annotated[str, typer.Option(help="Where the pictures come from.")] = "",
    licence: Annotated[str, typer.Option(help="The licence they are used under.")] = "",
    consent: Annotated[str, typer.Option(help="Who agreed to their use.")] = "",
    skip_copies: Annotated[
        bool,
        typer.Option(
            "--skip-copies",
            help="Leave out copies, resized or edited, of what is in the project already.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Import pictures with their captions and ratings.

    What is in the project already is recognised, and only what is new comes in.
    """
    options = ImportOptions(
        in_place, explode, ratings, note, licence, consent, skip_copies=skip_copies
    )
    with opened(folder) as project:
        report = run_job(
            lambda job: import_images(job, project, sources, options), _tell_what_came_in
        )
    if report.not_saved:
        tell(shown(report.not_saved))
    if json:
        show_json(report.to_json())
    missing = [source for source in sources if not os.path.exists(source)]  # noqa: PTH110
    if len(missing) == len(sources):
        raise UserError(_none_is_there(missing), "Look at the spelling, or name another folder.")
    if not json:
        for line in _words(report):
            show(line)


def _none_is_there(missing: Sequence[Path]) -> str:
    if len(missing) == 1:
        return f"There is no file or folder {shown(str(missing[0]))}."
    return (
        f"None of the {len(missing):,} files and folders is there, {shown(str(missing[0]))} first."
    )


def _words(report: ImportReport) -> Iterator[str]:
    """The counts, the first few that were rejected, and where the rest is written down."""
    yield from map(shown, report.summary())
    for line in few(report.refusals()):
        yield shown(f"  {line}")
    if report.saved_as and report.has_reasons:
        yield f"The reasons, file by file: {shown(str(report.saved_as))}"


def _tell_what_came_in(part: Any) -> None:
    """What a cancelled import has done so far."""
    if isinstance(part, ImportReport):
        for line in part.summary():
            tell(shown(line))
