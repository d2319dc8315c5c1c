"""Reads from a project what a sweep asks: the pictures, and scores or likeness to order them by."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from curator.core.sweep import Bounds, Sweep, by_likeness, by_scores
from curator.core.tag_spelling import tag_key
from curator.core.view import ProjectView

BY_LIKENESS = "likeness to pictures that are decided"
BY_NOTHING = "nothing: neither scores nor measures of these pictures are known"


@dataclass(frozen=True, slots=True)
class ReadSweep:
    """A sweep, and by what its pictures are ordered: a tagger's name, or likeness."""

    sweep: Sweep
    by: str
    is_scored: bool


def read_sweep(
    project: ProjectView, ids: Iterable[int], tag: str, bounds: Bounds, last: Collection[int] = ()
) -> ReadSweep:
    """The sweep over these pictures, without rejected ones; `last`: those to be asked last."""
    images = [image for image in project.images(ids) if not image.rejected]
    for tagger in project.taggers():
        found = project.scores(tagger, [image.id for image in images])
        if not found.ids or tag_key(tag) not in found.by_spelling:
            continue
        sweep = by_scores(images, tag, dict(found.of_tag(tag)), bounds)
        return ReadSweep(sweep.with_last(last), tagger.name, is_scored=True)
    descriptors = project.descriptors(image.id for image in images)
    sweep = by_likeness(images, tag, descriptors)
    by = BY_LIKENESS if sweep.scores else BY_NOTHING
    return ReadSweep(sweep.with_last(last), by, is_scored=False)
