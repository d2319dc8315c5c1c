"""The command that reads again what other programs say about ratings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from curator.cli.arguments import Dir, Json, OptionalQuery, found
from curator.cli.output import few, run_job, show, show_json, shown
from curator.cli.trailing import opened
from curator.core.edits import Edit, judge_images
from curator.core.ratings import (
    EXAMPLE,
    RATING_MAPPINGS,
    Judgement,
    choose,
    explain,
    judged,
    meaning_of,
    word,
)
from curator.core.readable import count
from curator.tasks.read_ratings import RatingsRead, read_ratings


def read_again(
    folder: Dir,
    query: OptionalQuery = None,
    ratings: Annotated[
        str,
        typer.Option(
            help=f"How they are read: {', '.join(RATING_MAPPINGS)}, or each number by itself, such"
            f" as {EXAMPLE}. The setting ratings if left out."
        ),
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Also of pictures that are rated or rejected here.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show; change nothing.")] = False,
    json: Json = False,
) -> None:
    """Take over ratings that other programs gave since the import.

    They are read from the pictures' files, and from the sidecars of those that are in place.
    """
    with opened(folder) as project:
        images = found(project, query)
        asked = ratings or project.settings.ratings
        choose(asked, ())  # a wrong wish is told before the reading
        read = run_job(lambda job: read_ratings(job, project, images))
        mapping = choose(asked, read.counts)
        judgements = read.judgements(meaning_of(mapping, read.counts))
        open_ones = images if replace else [i for i in images if judged(i) == Judgement()]
        edit = judge_images(open_ones, judgements, "Take over ratings from files")
        if edit and not dry_run:
            project.apply(edit)
    changed = _ids(edit)
    left = _ids(judge_images(images, judgements)) - changed
    if json:
        becomes = {str(id_): word(judgements[id_]) for id_ in changed}
        show_json(_found(read, mapping) | {"changed": becomes, "left": sorted(left)})
        return
    for line in _words(read, mapping):
        show(shown(line))
    done = "would be taken over" if dry_run else "taken over"
    kept = f", {len(left):,} left: rated here already (see --replace)" if left else ""
    show(f"{count(len(changed), 'rating')} {done}{kept}.")


def _ids(edit: Edit) -> set[int]:
    return {int(change.id) for change in edit.changes}


def _found(read: RatingsRead, mapping: str) -> dict[str, Any]:
    return {
        "found": {str(number): times for number, times in sorted(read.counts.items())},
        "mapping": mapping,
        "mirrored": {str(id_): word(judgement) for id_, judgement in read.mirrored.items()},
        "problems": [asdict(problem) for problem in read.problems],
    }


def _words(read: RatingsRead, mapping: str) -> Iterator[str]:
    if read.found:
        yield f"Ratings found in files, read as {mapping}:"
        yield from (f"  {line}" for line in explain(mapping, read.counts))
    mirrored = Counter(word(judgement) for judgement in read.mirrored.values())
    if mirrored:
        said = ", ".join(f"{times:,} {name}" for name, times in mirrored.items())
        yield f"Written into this project's sidecars by other programs: {said}"
    yield from few([f"{p.source}: {p.reason}" for p in read.problems])
