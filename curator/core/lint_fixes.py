"""Findings of the lint mended together as one edit, and the query that shows their pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from curator.core.caption_context import of_images
from curator.core.caption_diffs import CaptionDiff, diffs_of, edit_of
from curator.core.caption_lint import LintFinding
from curator.core.caption_rules import NOTHING_KNOWN
from curator.core.edits import Edit
from curator.core.query import MAX_CHARACTERS
from curator.core.readable import count
from curator.core.records import Image
from curator.core.view import ProjectView


def fix_all(project: ProjectView, findings: Sequence[LintFinding], images: Sequence[Image]) -> Edit:
    """The edit that mends in these images what rules can mend, one finding after the other."""
    settings, sets = project.settings, {one.id: one for one in project.sets()}
    now = {image.id: image for image in images}
    for finding in findings:
        its = [now[id_] for id_ in finding.images if id_ in now]
        for diff in diffs_of(its, finding.fix, of_images(NOTHING_KNOWN, its, settings, sets)):
            now[diff.image_id] = replace(now[diff.image_id], caption=diff.new)
    diffs = [CaptionDiff(image.id, image.caption, now[image.id].caption) for image in images]
    changed = [diff for diff in diffs if diff.old != diff.new]
    kinds = ", ".join(dict.fromkeys(finding.kind for finding in findings if finding.fix))
    return edit_of(f"Mend {count(len(changed), 'caption')}: {kinds}", changed, images)


def showing(ids: Iterable[int]) -> tuple[str, int]:
    """(a query that finds these pictures, how many of them: as many as a query has room for)."""
    query, number = "id:", 0
    for run in _runs(sorted(ids)):
        part = str(run[0]) if len(run) == 1 else f"{run[0]}..{run[-1]}"
        longer = f"{query}{',' if number else ''}{part}"
        if len(longer) > MAX_CHARACTERS:
            break
        query, number = longer, number + len(run)
    return query, number


def _runs(ids: Sequence[int]) -> Iterator[list[int]]:
    """Ids that follow each other, together."""
    for _key, run in groupby(enumerate(ids), lambda pair: pair[1] - pair[0]):
        yield [id_ for _at, id_ in run]
