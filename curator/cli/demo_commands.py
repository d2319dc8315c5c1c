"""Commands to begin with: the demo and the doctor."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import count as numbers
from pathlib import Path
from typing import Annotated

import typer

from curator.cli.arguments import Json
from curator.cli.output import INTERRUPTED, run_job, show, show_json, shown, tell
from curator.cli.trailing import mirror_after
from curator.cli.training_commands import train_project, train_words
from curator.core.edits import Edit
from curator.core.errors import UserError
from curator.core.extras import require_extra
from curator.core.invocation import typed
from curator.core.project import Project
from curator.core.readable import count, duration
from curator.core.records import Image
from curator.core.run_plan import TrainRequest
from curator.tasks.check_machine import check_machine
from curator.tasks.import_images import import_images
from curator.tasks.make_demo import (
    CLASS_WORD,
    TRIGGER,
    caption_drawn,
    draw_demo,
    rate_drawn,
    rate_unrated,
)
from curator.tasks.train_lora import TrainReport
from trainer.config import PRACTICE_MODEL

FOLDER = Path("curator-demo")
MAIN = Path(__file__).resolve().parents[2] / "main.py"
PHOTOS_TRIGGER = "my5ubj3ct"  # for photos of whatever it is
DRAWN = "pictures"  # inside the project, where a scraper would have put them
# Small enough for a minute on two cores; high rates, because so few steps must show an effect.
TRAINING = (
    "resolution=128",
    "max_train_epochs=3",
    "train_batch_size=4",
    "learning_rate=1e-3",
    "text_encoder_lr=1e-4",
)


def demo(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help=f"A new folder; {FOLDER} here if left out."),
    ] = None,
    photos: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Your own pictures instead of drawn ones.")
    ] = None,
    no_window: Annotated[
        bool, typer.Option("--no-window", help="Do not open the window at the end.")
    ] = False,
    json: Json = False,
) -> None:
    """Take a small project from pictures to a LoRA, in a minute."""
    require_extra("train")
    if photos is not None and not photos.exists():
        raise UserError(f"There is no folder {photos}.", "Look at the spelling.")
    began = time.monotonic()
    with Project.create(folder or _free_folder()) as project:
        _curate(project, photos)
        mirror_after(project, since_s=0)
        report = train_project(project, TrainRequest(assignments=TRAINING))
    if json:
        show_json({"project": str(project.root), **report.as_json()})
    else:
        for line in _ending(project, report, time.monotonic() - began):
            show(line)
    if report.stopped:
        raise typer.Exit(INTERRUPTED)
    if not (no_window or json) and _has_onlooker():
        subprocess.run([sys.executable, str(MAIN), "open", str(project.root)])


def _has_onlooker() -> bool:
    """Whether a person sits at a terminal beside a screen that shows windows."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    if sys.platform != "linux":
        return True
    drawn = os.environ.get("QT_QPA_PLATFORM", "") not in ("offscreen", "minimal")
    return drawn and any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _free_folder() -> Path:
    """The first of curator-demo, curator-demo-2 ... that is not there."""
    names = (FOLDER if n == 1 else Path(f"{FOLDER}-{n}") for n in numbers(1))
    return next(path for path in names if not path.exists())


def _curate(project: Project, photos: Path | None) -> None:
    tell(f"Made the project {shown(str(project.root))}.")
    if photos is None:
        drawn = run_job(lambda job: draw_demo(job, project.root / DRAWN))
        images = _imported(project, project.root / DRAWN)
        _apply(project, rate_drawn(images, drawn))
        _apply(project, [caption_drawn(images, drawn)])
        project.change_settings({"trigger": TRIGGER, "class": CLASS_WORD, "base": PRACTICE_MODEL})
        return
    images = _imported(project, photos)
    _apply(project, rate_unrated(images))
    tell("For the demonstration the first quarter counts as primary; rate your own by hand.")
    project.change_settings({"trigger": PHOTOS_TRIGGER, "base": PRACTICE_MODEL})


def _imported(project: Project, source: Path) -> list[Image]:
    report = run_job(lambda job: import_images(job, project, [source]))
    for line in report.summary():
        tell(shown(line))
    if not report.accepted:
        raise UserError(f"There are no pictures in {source}.", "Choose another folder.")
    return project.images([one.id for one in report.accepted])


def _apply(project: Project, edits: Iterable[Edit]) -> None:
    for edit in edits:
        if edit:
            project.apply(edit)
            tell(f"Done: {edit.label}.")


def _ending(project: Project, report: TrainReport, seconds: float) -> Sequence[str]:
    root = shown(str(project.root))
    return [
        *train_words(report),
        f"Sample pictures: {shown(str(project.samples_dir / report.run))}",
        f"All of it in {duration(seconds)}, in the project {root}. Look around with:"
        f" {typed('open')} {root}",
        "The practice model draws only blots; with a real base model the checkpoints work in"
        " other programs.",
    ]


def doctor(json: Json = False) -> None:
    """Say what works on this machine, and how to mend the rest."""
    findings = run_job(check_machine)
    if json:
        show_json([{"name": f.name, "ok": f.ok, "says": f.says, "hint": f.hint} for f in findings])
        return
    for finding in findings:
        show(f"{'ok' if finding.ok else '--'}  {finding.name}: {finding.says}")
        if finding.hint:
            show(f"    {finding.hint}")
    lacks = sum(not finding.ok for finding in findings)
    show("Everything works." if not lacks else f"{count(lacks, 'thing')} could be better.")
