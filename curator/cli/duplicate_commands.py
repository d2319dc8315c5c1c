"""The command that finds the pictures that show the same, and keeps one of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from curator.cli.arguments import Dir, Json
from curator.cli.output import few, run_job, show, show_json, shown, tell
from curator.cli.trailing import opened
from curator.core.decisions import decide_all
from curator.core.duplicates import COPIES, WORDS, Group, Kind
from curator.core.errors import UserError
from curator.core.installed_models import model_for
from curator.core.jobs import Job
from curator.core.keepers import Proposal, Way, propose
from curator.core.project import Project
from curator.core.readable import count
from curator.core.records import Image
from curator.tasks.find_duplicates import find_duplicates
from curator.tasks.find_known import find_known
from curator.tasks.measure_quality import measure_quality

SEARCHING = 0.8  # share of the progress, of which measuring has the rest


@dataclass(frozen=True, slots=True)
class _Shown:
    """A group with what is said about it."""

    group: Group
    images: tuple[Image, ...]
    proposal: Proposal


def duplicates(
    folder: Dir,
    kinds: Annotated[
        str,
        typer.Option(help=f"Which, with commas between them: {', '.join(Kind)}."),
    ] = ",".join(COPIES),
    apply: Annotated[
        Way | None, typer.Option(help="Keep one of each group, and reject the others.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show; change nothing.")] = False,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Tell which pictures of a folder or another project this one has already.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Find copies of pictures, in groups, with the one to keep.

    Only what is new is compared. Nothing is rejected without --apply; one undo takes that back.
    """
    wanted = kinds_of(kinds)
    if dry_run and apply is None:
        raise typer.BadParameter("--dry-run goes with --apply.")
    if apply and against:
        raise typer.BadParameter("--apply and --against don't go together.")
    if against:
        _against(folder, against, wanted, json)
    else:
        _grouped(folder, wanted, apply, dry_run, json)


def _against(folder: Path, place: Path, kinds: Sequence[Kind], json: bool) -> None:
    with opened(folder) as project:
        report = run_job(lambda job: find_known(job, project, place, kinds))
    if json:
        show_json(report.as_json())
    else:
        for one in report.known:
            show(shown(str(one)))
        show(f"Here already: {count(len(report.known), 'picture')}; new: {len(report.new):,}.")
    _tell_failed(report.failed)


def _grouped(
    folder: Path, wanted: Sequence[Kind], apply: Way | None, dry_run: bool, json: bool
) -> None:
    with opened(folder) as project:
        failed = run_job(lambda job: _search(job, project, wanted))
        groups = _groups(project, wanted, apply or Way.BEST)
        if apply and groups and not dry_run:
            project.apply(decide_all([(one.images, one.proposal.keeper) for one in groups]))
        root = project.root
    if json:
        show_json([_row(one, [str(root / i.path) for i in one.images]) for one in groups])
    else:
        for line in _words(groups, apply, dry_run):
            show(shown(line))
    _tell_failed(failed)


def _tell_failed(failed: Sequence[tuple[str, str]]) -> None:
    for line in few([f"{source}: {reason}" for source, reason in failed]):
        tell(shown(line))


def kinds_of(text: str) -> tuple[Kind, ...]:
    """The kinds that a text names, with commas between them. Raises UserError."""
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in list(Kind):
            raise UserError(f'There is no kind "{name}".', f"Use some of {', '.join(Kind)}.")
    if not names:
        raise UserError("No kind is named.", f"Use some of {', '.join(Kind)}.")
    return tuple(Kind(name) for name in dict.fromkeys(names))


def _search(job: Job, project: Project, kinds: Sequence[Kind]) -> list[tuple[str, str]]:
    """Compare and measure what is new; the source of each picture that could not be, and why."""
    report = find_duplicates(job.part(0, SEARCHING), project, model_for("embedding"))
    failed = {id_: (source, reason) for id_, source, reason in report.failed}
    members = " OR ".join(f"dup:{kind}" for kind in kinds)
    if project.select(f"({members}) is:unmeasured"):
        measured = measure_quality(job.part(SEARCHING, 1), project, f"({members})")
        failed |= {id_: (source, reason) for id_, source, reason in measured.failed}
    unused = [("The embedding model", report.unembedded)] if report.unembedded else []
    return [*unused, *failed.values()]


def _groups(project: Project, kinds: Sequence[Kind], way: Way) -> list[_Shown]:
    groups = project.duplicate_groups(kinds)
    ids = [id_ for group in groups for id_ in group.ids]
    images = {image.id: image for image in project.images(ids)}
    measures = project.measures(ids)
    return [
        _Shown(
            group,
            tuple(images[id_] for id_ in group.ids),
            propose(group, images, measures, way),
        )
        for group in groups
    ]


def _row(one: _Shown, paths: list[str]) -> dict[str, Any]:
    return {
        "kind": one.group.kind.value,
        "keeper": one.proposal.keeper,
        "members": list(one.group.ids),
        "paths": paths,
        "scores": one.group.scores(),
    }


def _words(groups: Sequence[_Shown], way: Way | None, dry_run: bool) -> Iterator[str]:
    for one in groups:
        yield f"{count(len(one.images), 'picture')}: {WORDS[one.group.kind]}"
        for image in sorted(one.images, key=lambda image: image.id != one.proposal.keeper):
            is_kept = image.id == one.proposal.keeper
            why = f"  ({'; '.join(one.proposal.reasons)})" if is_kept else ""
            size = f"{image.width} x {image.height}"
            yield f"  {'keep' if is_kept else '':4}{image.id:>7}  {size:>12}  {image.name}{why}"
    yield _did(groups, way, dry_run)


def _did(groups: Sequence[_Shown], way: Way | None, dry_run: bool) -> str:
    others = _others(one.group for one in groups)
    found = f"{count(len(groups), 'group')}, {count(others, 'picture')} beside those to keep."
    if not groups:
        return "No duplicates are left to decide about."
    if way is None:
        return f"{found} Reject them with --apply {', '.join(Way)}."
    return f"{count(others, 'picture')} {'would be' if dry_run else 'were'} rejected."


def _others(groups: Iterable[Group]) -> int:
    return sum(len(group.ids) - 1 for group in groups)
