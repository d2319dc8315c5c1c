"""The command about masks for the training."""

from __future__ import annotations

from typing import Annotated

import typer

from curator.cli.arguments import Dir, Json, Query, found
from curator.cli.output import few, run_job, show, show_json, shown, tell
from curator.cli.trailing import opened
from curator.core.edits import Edit
from curator.core.errors import UserError
from curator.core.frames_of_reference import to_source
from curator.core.geometry import Size
from curator.core.masks import TrainingMask, clear_masks, set_masks
from curator.core.project import Project
from curator.core.readable import count
from curator.core.recipe import Recipe
from curator.core.records import Image
from curator.core.regions import Point, Polygon
from curator.core.shown_size import shown_size
from curator.tasks.make_steps import make_missing
from curator.tasks.mask_subjects import MasksReport, mask_subjects


def mask(  # noqa: PLR0913 - each is an option of the command line
    folder: Dir,
    query: Query,
    subject: Annotated[bool, typer.Option("--subject", help="What its cut-out leaves.")] = False,
    polygon: Annotated[
        str, typer.Option(metavar="X,Y X,Y ...", help="Corners, in pixels of the picture shown.")
    ] = "",
    outside: Annotated[
        bool, typer.Option("--outside", help="Learn what is outside, instead of inside.")
    ] = False,
    rest: Annotated[
        float, typer.Option(min=0, max=1, help="How much the other part still counts.")
    ] = 0.0,
    clear: Annotated[bool, typer.Option("--clear", help="Take masks away.")] = False,
    json: Json = False,
) -> None:
    """Say which part of pictures the training learns.

    By what their cut-out leaves, or by a polygon. A mask stays where it is in the picture when that
    is cropped or turned. The export writes it as transparency, which sd-scripts (alpha_mask) and
    the training here read.
    """
    if subject + bool(polygon) + clear != 1:
        raise typer.BadParameter("Say one of --subject, --polygon or --clear.")
    like = TrainingMask((), not outside, rest)
    with opened(folder) as project:
        images = found(project, query)
        if subject:
            ids = [image.id for image in images]
            report = run_job(lambda job: mask_subjects(job, project, ids, like, make_missing))
        else:
            edit = clear_masks(images) if clear else _by_polygon(images, polygon, like)
            report = _applied(project, edit)
    if json:
        show_json({"matched": len(images), **report.as_json()})
    else:
        _tell(report, len(images))


def _tell(report: MasksReport, matched: int) -> None:
    for line in few([f"  {why}" for _id, _name, why in report.failed]):
        tell(shown(line))
    if not matched:
        show("No picture matches the query; nothing was changed.")
    else:
        show(f"{count(len(report.masked), 'mask')} changed.")


def _applied(project: Project, edit: Edit) -> MasksReport:
    project.apply(edit)
    return MasksReport(edit.label, tuple(int(c.id) for c in edit.changes), ())


def _by_polygon(images: list[Image], words: str, like: TrainingMask) -> Edit:
    masks: dict[Image, TrainingMask | None] = {}
    for image in images:
        drawn = (Polygon(corners_of(words, shown_size(image))),)
        size = image.width, image.height
        region = to_source(drawn, Recipe.from_json(image.recipe), size)
        masks[image] = TrainingMask(region, like.learns_inside, like.rest)
    return set_masks(masks)


def corners_of(words: str, size: Size) -> tuple[Point, ...]:
    """Corners written "x,y x,y x,y" in pixels, as shares of a size. Raises UserError."""
    try:
        pairs = [tuple(float(n) for n in word.split(",")) for word in words.split()]
        points = tuple((x / size[0], y / size[1]) for x, y in pairs)
    except ValueError:
        points = ()
    if len(points) < 3 or not all(-1 < at < 2 for point in points for at in point):
        raise UserError(
            f'"{words}" is no polygon in the picture.',
            "Write three corners or more in pixels, e.g. 0,0 300,0 150,400.",
        )
    return points
