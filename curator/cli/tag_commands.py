"""The command that has a tagger propose tags, and gives them to pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from curator.cli.arguments import Dir, Json, Query, joined
from curator.cli.output import few, run_job, show, show_json, shown, tell
from curator.cli.trailing import opened
from curator.core.captions import split_tags
from curator.core.edits import IMAGE, Edit
from curator.core.errors import UserError
from curator.core.files import read_error
from curator.core.installed_models import installed_named
from curator.core.model_tags import Placement, Proposing, tag_edit
from curator.core.project import Project
from curator.core.readable import count
from curator.core.tag_scores import Thresholds
from curator.core.undesired import parse_undesired, undesired_tags
from curator.tasks.make_steps import make_missing
from curator.tasks.tag_images import Tagging, TagReport, tag_images

Share = Annotated[float, typer.Option(min=0, max=1, help="What a score must exceed.")]

USUAL = Thresholds()


def tag(  # noqa: PLR0913 - each is an option
    folder: Dir,
    query: Query,
    model: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help="The model's .onnx file with its tags beside it, or the key of an installed one.",
        ),
    ] = "",
    threshold: Share = USUAL.general,
    character_threshold: Share = USUAL.character,
    mcut: Annotated[
        bool, typer.Option("--mcut", help="Thresholds of each picture's own, by maximum cut.")
    ] = False,
    undesired: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Tags that are never given, beside the project's list."),
    ] = None,
    place: Annotated[
        Placement, typer.Option(help="Where new tags stand; replace: instead of all models' tags.")
    ] = Placement.AFTER,
    by_score: Annotated[
        bool, typer.Option("--by-score", help="The surest first, not in the model's order.")
    ] = False,
    cpu: Annotated[bool, typer.Option("--cpu", help="Leave the NVIDIA card alone.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show; change nothing.")] = False,
    json: Json = False,
) -> None:
    """Have a tagger give pictures the tags it is sure of.

    Scores are kept, so other thresholds need no second look. What you wrote or took away stays.
    """
    path = installed_named("tagger", model)
    with opened(folder) as project:
        never = (*undesired_tags(project.settings), *parse_undesired(_read(undesired)))
        how = Proposing(Thresholds(threshold, character_threshold, mcut), never, place, by_score)
        ids = list(project.select(joined(query)))
        tagging = Tagging(path, use_card=not cpu)
        report = run_job(lambda job: tag_images(job, project, ids, tagging, make_missing))
        scores = project.scores(report.tagger, ids)
        edit = tag_edit(project.images(ids), scores, how, project.settings, project.sets())
        if not dry_run:
            project.apply(edit)
        changed = _changed(project, edit)
    if json:
        show_json({**report.as_json(), "dry_run": dry_run, "pictures": changed})
    else:
        _show(report, changed, dry_run)
    for line in few(report.lines()):
        tell(shown(line))


def _read(path: Path | None) -> str:
    try:
        return path.read_text("utf-8-sig") if path else ""
    except OSError as error:
        raise read_error(error, path or Path()) from error
    except UnicodeDecodeError:
        raise UserError(f"{path} is no text in UTF-8.", "Save it as UTF-8.") from None


def _changed(project: Project, edit: Edit) -> list[dict[str, Any]]:
    """What comes and goes, picture by picture."""
    captions = [c for c in edit.changes if (c.record, c.field) == (IMAGE, "caption")]
    paths = {image.id: image.path for image in project.images(int(c.id) for c in captions)}
    rows = []
    for change in captions:
        old, new = split_tags(str(change.old)), split_tags(str(change.new))
        rows.append(
            {
                "id": change.id,
                "path": paths[int(change.id)],
                "added": [tag for tag in new if tag not in old],
                "removed": [tag for tag in old if tag not in new],
            }
        )
    return rows


def _show(report: TagReport, changed: Sequence[dict[str, Any]], dry_run: bool) -> None:
    for row in changed:
        signs = [*(f"-{tag}" for tag in row["removed"]), *(f"+{tag}" for tag in row["added"])]
        show(shown(f"{row['id']:>6}  {row['path']}  {', '.join(signs) or 'in another order'}"))
    would = "would change" if dry_run else "changed"
    scored = f"{count(len(report.scored), 'picture')} scored now by {report.tagger.name}"
    show(shown(f"{scored}, {report.known:,} before; {count(len(changed), 'caption')} {would}."))
    if report.runs_on:
        tell(report.runs_on)
