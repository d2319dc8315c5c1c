"""Commands that turn pictures into files and checkpoints: render, export, train."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from curator.cli.arguments import Dir, Json, OptionalQuery, found
from curator.cli.events import Teller
from curator.cli.output import INTERRUPTED, few, run_job, show, show_json, shown, tell
from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.readable import count
from curator.core.run_plan import TrainRequest, presets
from curator.core.workflow import plan_export_train
from curator.tasks.export_dataset import (
    ExportOptions,
    ExportReport,
    export_dataset,
    export_for_run,
)
from curator.tasks.make_steps import make_missing
from curator.tasks.render_images import render_images
from curator.tasks.train_lora import TrainReport, plan_training, train_lora


class Format(StrEnum):
    """What pictures are written as."""

    PNG = "png"
    JPG = "jpg"
    WEBP = "webp"


Dest = Annotated[Path, typer.Argument(metavar="DEST", help="The folder to write to.")]


def render(
    folder: Dir,
    dest: Dest,
    query: OptionalQuery = None,
    format_: Annotated[
        Format, typer.Option("--format", help="png and webp without loss, jpg over white.")
    ] = Format.PNG,
    json: Json = False,
) -> None:
    """Write pictures, as they are shown here, to files by id. Makes what their steps lack first."""
    with Project.open(folder, read_only=True) as project:
        images = found(project, query)
        suffix = f".{format_}"
        report = run_job(
            lambda job: render_images(job, project, images, dest, suffix, make_missing)
        )
    if json:
        show_json(report.as_json())
    for line in few([f"{source} was left out: {reason}" for _id, source, reason in report.failed]):
        tell(shown(line))
    if report.failed and not report.written:
        raise UserError("None of the pictures could be written; the reasons stand above.")
    if not json:
        show(f"Wrote {count(len(report.written), 'picture')} to {shown(str(dest))}.")


def export(
    folder: Dir,
    dest: Dest,
    background: Annotated[
        str, typer.Option(help="Colour behind transparent parts, such as white or #808080.")
    ] = "white",
    json: Json = False,
) -> None:
    """Write what is rated as a dataset in Kohya's layout. This and other trainers read it."""
    with Project.open(folder, read_only=True) as project:
        options = ExportOptions(background=background)
        report = run_job(lambda job: export_dataset(job, project, dest, options, make_missing))
    for warning in few(report.warnings):
        tell(shown(warning))
    if json:
        show_json(report.as_json())
    else:
        for line in export_words(report):
            show(line)


def export_words(report: ExportReport) -> list[str]:
    """The report in words: a line per folder, and what was done."""
    lines = [
        f"{folder.path}: {count(number, 'picture')} x {folder.repeats}"
        for folder, number in report.folders.items()
    ]
    lines.append(
        f"Dataset of {count(report.images, 'picture')} in {report.dest}:"
        f" {report.written:,} written, {report.unchanged:,} unchanged;"
        f" {report.captioned:,} of {report.images:,} with a caption of their own."
    )
    return [shown(line) for line in lines]


def train(  # noqa: PLR0913 - each is an option of the command line
    folder: Dir,
    base: Annotated[
        str,
        typer.Option(help='The base model: a file or folder, or "practice" to try things out.'),
    ] = "",
    preset: Annotated[str, typer.Option(help=f"One of {', '.join(presets())}.")] = "",
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="OPTION=VALUE", help="An option in sd-scripts' name."),
    ] = None,
    start_from: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="A checkpoint to continue from.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the newest run.")] = False,
    in_process: Annotated[
        bool, typer.Option("--process", help="Train in a process of its own.")
    ] = False,
    json: Json = False,
) -> None:
    """Export the dataset and train a LoRA on it. Ctrl+C saves and stops, --resume goes on."""
    request = TrainRequest(base, preset, tuple(assignments or ()), start_from, resume)
    with Project.open(folder) as project:
        report = train_project(project, request, in_process)
    if json:
        show_json(report.as_json())
    else:
        for line in train_words(report):
            show(line)
    if report.stopped:
        raise typer.Exit(INTERRUPTED)


def train_project(project: Project, request: TrainRequest, in_process: bool = False) -> TrainReport:
    """Plan, export and train, with everything told on stderr."""
    told = Teller()

    def tell_part(part: Any) -> None:
        if isinstance(part, ExportReport):
            for line in (*export_words(part), *map(shown, few(part.warnings))):
                tell(line)
        else:
            told(part)

    def work(job: Job) -> TrainReport:
        train = partial(train_lora, in_process=in_process)
        export = partial(export_for_run, make=make_missing)
        return plan_export_train(job, project, request, plan_training, export, train)

    return run_job(work, tell_part)


def train_words(report: TrainReport) -> list[str]:
    """The report in words: the checkpoints, and how a stopped run goes on."""
    lines = [f"{count(len(report.checkpoints), 'checkpoint')} of the run {report.run}:"]
    lines += [f"  {path}" for path in report.checkpoints]
    if report.stopped and report.state:
        lines.append("Stopped; go on with --resume.")
    return [shown(line) for line in lines]
