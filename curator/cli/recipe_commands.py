"""The command about recipes: what is done to pictures, never to their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from curator.cli.arguments import Dir, Json, Query, found
from curator.cli.output import few, run_job, show, show_json, shown, tell
from curator.cli.picture_commands import TURNS
from curator.cli.trailing import opened
from curator.core.errors import UserError
from curator.core.installed_models import model_in_use
from curator.core.project import Project
from curator.core.readable import count
from curator.core.recipe import Recipe, row_of
from curator.core.recipe_edits import set_recipes
from curator.core.recipe_plans import (
    BUCKET,
    CropTo,
    PadTo,
    Plan,
    UpscaleTo,
    check_colour,
    check_fill,
    ratio_of,
)
from curator.core.recipe_presets import preset_named
from curator.core.records import Image
from curator.core.steps import LANCZOS, CutOut, is_heavy
from curator.tasks.make_steps import MakeReport, make_steps
from curator.tasks.prepare_images import preparation
from trainer.buckets import BucketRule

CUT_FILLS = ("blur", "transparent")  # beside colours
MOST_FACTOR = 16


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The recipes that pictures get, and why some get none: image id, source and reason."""

    recipes: dict[Image, Recipe]
    failed: list[tuple[int, str, str]]


def recipe(  # noqa: PLR0913 - each is an option of the command line
    folder: Dir,
    query: Query,
    preset: Annotated[str, typer.Option(help="The steps that are kept under a name.")] = "",
    turn: Annotated[str, typer.Option(help=f"One of {', '.join(TURNS)}.")] = "",
    crop: Annotated[str, typer.Option(help="To bucket, square or a ratio such as 2:3.")] = "",
    cutout: Annotated[
        str, typer.Option(help="The background becomes a colour, blur or transparent.")
    ] = "",
    cutter: Annotated[
        str, typer.Option(help="The cut-out model, a key or a file; the one in use if left out.")
    ] = "",
    upscale: Annotated[str, typer.Option(help="By a factor, or to bucket where smaller.")] = "",
    upscaler: Annotated[
        str, typer.Option(help="The upscaler, a key or a file; without one by Lanczos.")
    ] = LANCZOS,
    pad: Annotated[
        str,
        typer.Option(help="To bucket, square or a ratio, with :white, :edge, :blur or a colour."),
    ] = "",
    clear: Annotated[bool, typer.Option("--clear", help="Take their steps back first.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done.")] = False,
    json: Json = False,
) -> None:
    """Crop, cut out, enlarge or pad the pictures a query finds.

    Their files stay as they are. Without an option the steps they have are shown. What is asked for
    is done in the order of the options above, after the steps that are there.
    """
    asked: Plan = (
        *_turned(turn),
        *([CropTo(_ratio(crop))] if crop else []),
        *_cut(cutout, cutter),
        *_enlarged(upscale, upscaler),
        *_padded(pad),
    )
    with opened(folder) as project:
        plan: Plan = (*(preset_named(project.settings, preset) if preset else ()), *asked)
        images = found(project, query)
        prepared = _prepare(project, images, plan, clear)
        edit = set_recipes(f"Prepare {count(len(prepared.recipes), 'image')}", prepared.recipes)
        changed = {int(change.id) for change in edit.changes}
        made = MakeReport()
        if not dry_run and edit.changes:
            project.apply(edit)
            heavy = [i.id for i, one in prepared.recipes.items() if any(map(is_heavy, one.active))]
            if heavy:
                made = run_job(lambda job: make_steps(job, project, project.images(heavy)))
    if json:
        show_json(_rows(prepared, changed, made, dry_run))
    _tell(prepared, made)
    if not json:
        _show(prepared, changed, made, dry_run)


def _turned(how: str) -> Plan:
    if how and how not in TURNS:
        raise UserError(f'"{how}" is no way to turn.', f"Use one of {', '.join(TURNS)}.")
    return (TURNS[how],) if how else ()


def _cut(fill: str, model: str) -> Plan:
    if not fill:
        return ()
    if fill not in CUT_FILLS:
        check_colour(fill)
    return (CutOut(model or model_in_use("cutout"), fill),)


def _enlarged(factor: str, model: str) -> Plan:
    if not factor:
        return ()
    if factor == BUCKET:
        return (UpscaleTo(model=model),)
    try:
        number = float(factor)
    except ValueError:
        number = 0.0
    if not 1 <= number <= MOST_FACTOR:
        raise UserError(
            f'"{factor}" is no factor to enlarge by.', f'Use 1 to {MOST_FACTOR}, or "{BUCKET}".'
        )
    return (UpscaleTo(number, model),)


def _padded(pad: str) -> Plan:
    # A ratio holds a colon too: what follows the last one is a fill if it is no number.
    to, colon, fill = pad.rpartition(":")
    if not colon or fill.isdecimal():
        to, fill = pad, "white"
    return (PadTo(_ratio(to), check_fill(fill)),) if pad else ()


def _ratio(to: str) -> str:
    """What is cropped or padded to, if it is a ratio. Raises UserError."""
    ratio_of(to, (1, 1), BucketRule())
    return to


def _prepare(project: Project, images: Sequence[Image], plan: Plan, clear: bool) -> _Prepared:
    how = preparation(project, plan, anew=clear)
    prepared = _Prepared({}, [])
    for image in images:
        try:
            prepared.recipes[image] = how.recipe(image)
        except UserError as error:
            prepared.failed.append((image.id, image.source, str(error)))
    return prepared


def _rows(
    prepared: _Prepared, changed: set[int], made: MakeReport, dry_run: bool
) -> dict[str, Any]:
    rows = [
        {
            "id": image.id,
            "changed": image.id in changed,
            "steps": [row_of(step) for step in one.steps],
            "size": one.size_after((image.width, image.height)),
        }
        for image, one in prepared.recipes.items()
    ]
    failed = [
        {"id": id_, "source": source, "reason": reason}
        for id_, source, reason in (*prepared.failed, *made.failed)
    ]
    done = {"dry_run": dry_run, "matched": len(rows) + len(prepared.failed)}
    return {**done, "changed": len(changed), "images": rows, "failed": failed}


def _tell(prepared: _Prepared, made: MakeReport) -> None:
    lines = [f"{source}: {reason}" for _id, source, reason in (*prepared.failed, *made.failed)]
    for line in (*few(lines), *made.runs_on):
        tell(shown(line))


def _show(prepared: _Prepared, changed: set[int], made: MakeReport, dry_run: bool) -> None:
    if not prepared.recipes and not prepared.failed:
        show("No picture matches the query; nothing was changed.")
        return
    if dry_run or not changed:
        for line in few([_line(image, one) for image, one in prepared.recipes.items()]):
            show(shown(line))
    would = "Would be changed" if dry_run else "Changed"
    computed = f"; computed for {len(made.made):,}" if made.made else ""
    total = count(len(prepared.recipes) + len(prepared.failed), "picture")
    show(f"{would}: {len(changed):,} of {total}{computed}.")


def _line(image: Image, one: Recipe) -> str:
    width, height = one.size_after((image.width, image.height))
    steps = ", ".join(f"{step.kind} (off)" if step.off else step.kind for step in one.steps)
    size = f"{image.width}x{image.height} to {width}x{height}"
    return f"{image.id:>6}  {size:>24}  {image.name}  {steps or 'as it is'}"
