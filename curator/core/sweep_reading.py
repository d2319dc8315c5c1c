"""Reads from a project what a sweep asks: the pictures, and scores or likeness to order them by."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from curator.core.sweep import Bounds, Sweep, by_likeness, by_scores
from curator.core.tag_spelling import tag_key
from curator.core.view import ProjectView

BY_SCORES = "The most uncertain first, by the scores of {}."
BY_LIKENESS = "The most uncertain first, by likeness to pictures that are decided."
BY_NEARNESS = "Those that look most like pictures with the tag first."
AS_SHOWN = "In the order on show: what would tell more, a tagger's scores, is not known."


@dataclass(frozen=True, slots=True)
class ReadSweep:
    """A sweep, and in a sentence how its pictures are ordered."""

    sweep: Sweep
    order: str
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
        return ReadSweep(sweep.with_last(last), BY_SCORES.format(tagger.name), is_scored=True)
    descriptors = project.descriptors(image.id for image in images)
    sweep, is_near = by_likeness(images, tag, descriptors)
    order = BY_LIKENESS if sweep.scores else BY_NEARNESS if is_near else AS_SHOWN
    return ReadSweep(sweep.with_last(last), order, is_scored=False)
