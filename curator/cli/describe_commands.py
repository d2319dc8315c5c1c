"""The command that has a captioner describe pictures in sentences."""

from __future__ import annotations

from typing import Annotated

import typer

from curator.cli.arguments import Dir, Json, Query, joined
from curator.cli.output import few, run_job, show, show_json, shown, tell
from curator.cli.trailing import opened
from curator.core.describing import Detail, TextRule
from curator.core.installed_models import installed_named
from curator.core.readable import count
from curator.tasks.caption_images import (
    KEY_VARIABLE,
    PROMPTS,
    DescribeReport,
    Endpoint,
    LocalCaptioner,
    caption_images,
)
from curator.tasks.make_steps import make_missing


def describe(  # noqa: PLR0913 - each is an option of the command line
    folder: Dir,
    query: Query,
    model: Annotated[
        str,
        typer.Option(
            metavar="FOLDER", help="A captioner's folder, or the key of an installed one."
        ),
    ] = "",
    endpoint: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Send the pictures to this address instead, as http://localhost:11434/v1; its key"
            f" is read from {KEY_VARIABLE}.",
        ),
    ] = "",
    endpoint_model: Annotated[
        str, typer.Option(metavar="NAME", help="Which model is asked for there.")
    ] = "",
    prompt: Annotated[str, typer.Option(help="What is asked there.")] = "",
    detail: Annotated[Detail, typer.Option(help="How much is to be said.")] = Detail.SHORT,
    text: Annotated[
        TextRule, typer.Option(help="empty: only where there is no text yet.")
    ] = TextRule.EMPTY,
    cpu: Annotated[bool, typer.Option("--cpu", help="Leave the NVIDIA card alone.")] = False,
    json: Json = False,
) -> None:
    """Have a model describe pictures in sentences.

    What it says stands below the tags of the caption, where you can edit it.
    """
    if endpoint and model:
        raise typer.BadParameter("--model and --endpoint don't go together.")
    how: Endpoint | LocalCaptioner
    if endpoint:
        how = Endpoint(endpoint, endpoint_model, prompt or PROMPTS[detail]).opened()
        tell(how.runs_on)
    else:
        how = LocalCaptioner(installed_named("captioner", model), detail, use_card=not cpu)
    with opened(folder) as project:
        ids = list(project.select(joined(query)))
        report = run_job(
            lambda job: caption_images(job, project, ids, how.opened, text, make_missing)
        )
        images = project.images(report.described)
    if json:
        rows = [{"id": image.id, "path": image.path, "caption": image.caption} for image in images]
        show_json({**report.as_json(), "pictures": rows})
        return
    for image in images:
        show(shown(f"{image.id:>6}  {image.path}  {image.caption.partition(chr(10))[2]}"))
    _tell(report)


def _tell(report: DescribeReport) -> None:
    by = f" by {report.model}" if report.model else ""
    described = f"{count(len(report.described), 'picture')} described{by}"
    show(shown(f"{described}, {report.passed:,} had a text already."))
    for line in few(report.lines()):
        tell(shown(line))
