"""The command that measures pictures, and what follows from it: order, likely rejects, variety."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from curator.cli.arguments import Dir, Json, OptionalQuery, found, joined
from curator.cli.output import few, run_job, show, show_json, shown, tell
from curator.cli.trailing import opened
from curator.core.errors import UserError
from curator.core.measures import MEANINGS, Measures
from curator.core.project import Project
from curator.core.readable import count
from curator.core.records import Image
from curator.core.variety import clusters_among, cover_among
from curator.tasks.measure_quality import Measuring, QualityReport, measure_quality
from curator.tasks.predict_rejects import predict_rejects

SHORT = ("sharpness", "jpeg_quality", "upscaled", "noise", "border", "text")
UNKNOWN = "-"


def quality(
    folder: Dir,
    query: OptionalQuery = None,
    cover: Annotated[
        int,
        typer.Option(
            min=0,
            help="Choose so many that cover most of what there is; rating:1 is a usual query.",
        ),
    ] = 0,
    rejects: Annotated[
        bool,
        typer.Option("--rejects", help="Learn from your ratings which others you might reject."),
    ] = False,
    json: Json = False,
) -> None:
    """Measure how sharp, noisy, compressed pictures are.

    Only what is not measured yet is measured. Nothing is rated or rejected by it.
    """
    how = Measuring(counts_faces=True)
    with opened(folder) as project:
        report = run_job(lambda job: measure_quality(job, project, joined(query), how))
        if cover:
            _cover(project, query, cover, json)
        elif rejects:
            _rejects(project, json)
        else:
            _list(project, found(project, query), report, json)
    for line in few(report.lines()):
        tell(shown(line))
    if report.faces:
        tell(shown(report.faces))


def _list(project: Project, images: list[Image], report: QualityReport, json: bool) -> None:
    measures = project.measures(image.id for image in images)
    if json:
        pictures = [_row(image, measures.get(image.id)) for image in images]
        show_json({**report.as_json(), "pictures": pictures})
        return
    heads = "".join(f"{MEANINGS[name].word:>10}" for name in SHORT)
    show(f"{'id':>6}{heads}  name")
    for image in images:
        show(f"{image.id:>6}{_numbers(measures.get(image.id))}  {shown(image.name)}")
    show(f"{count(len(report.measured), 'picture')} measured now, {len(images):,} listed.")


def _row(image: Image, measures: Measures | None) -> dict[str, Any]:
    return {
        "id": image.id,
        "path": image.path,
        "measures": asdict(measures) if measures else None,
    }


def _numbers(measures: Measures | None) -> str:
    values = ((MEANINGS[name], getattr(measures, name, None)) for name in SHORT)
    said = (meaning.shown(v).strip() if v is not None else UNKNOWN for meaning, v in values)
    return "".join(f"{text:>10}" for text in said)


def _cover(project: Project, query: list[str] | None, number: int, json: bool) -> None:
    ids = list(project.select(joined(query)))
    chosen = cover_among(project, ids, number)
    groups = clusters_among(project, ids)
    if json:
        show_json({"of": len(ids), "cover": chosen, "alike": groups})
        return
    for image in project.images(chosen):
        show(f"{image.id:>6}  {shown(image.name)}")
    alike = sum(map(len, groups))
    show(
        f"{len(chosen):,} of {count(len(ids), 'picture')} that cover most;"
        f" {alike:,} stand in {count(len(groups), 'group')} of look-alikes."
    )


def _rejects(project: Project, json: bool) -> None:
    learned = run_job(lambda job: predict_rejects(job, project))
    images = project.images(project.select("is:undecided sort:-reject"))
    guesses = project.reject_guesses(image.id for image in images)
    if learned.why_not and not json:
        raise UserError(learned.why_not, "Rate more, then ask again.")
    rows = [(image, guesses[image.id]) for image in images if image.id in guesses]
    if json:
        order = [{"id": i.id, "score": g.score, "reasons": list(g.reasons)} for i, g in rows]
        show_json({**asdict(learned), "order": order})
        return
    for image, guess in rows:
        why = "; ".join(guess.reasons)
        show(shown(f"{image.id:>6}  {guess.score:4.0%}  {image.name}  {why}".rstrip()))
    show(learned.in_words())
