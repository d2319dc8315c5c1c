"""What a sweep reads from a project."""

from __future__ import annotations

import numpy as np

from curator.core.edits import reject
from curator.core.project import Project
from curator.core.sweep import Bounds
from curator.core.sweep_reading import AS_SHOWN, read_sweep
from curator.core.tag_scores import scored
from curator.core.tagger_records import Tagger, TagGroup
from tests.helpers.projects import fill


def give_scores(project: Project, scores: dict[int, float], tag: str = "smile") -> None:
    tagger = Tagger("a" * 64, "wd-v3", (tag,), (TagGroup.GENERAL,))
    project.record([tagger])
    found = (scored(tagger, id_, "", np.array([one], np.float32)) for id_, one in scores.items())
    project.record(list(found))


def test_pictures_are_ordered_by_the_scores_of_a_tagger_that_knows_the_tag(
    project: Project,
) -> None:
    ids = [image.id for image in fill(project, 4)]
    give_scores(project, dict(zip(ids, (0.9, 0.5, 0.3, 0.01), strict=True)))
    read = read_sweep(project, ids, "smile", Bounds())
    assert read.sweep.asked == (ids[2], ids[1])
    assert (read.sweep.yes, read.sweep.no) == ((ids[0],), (ids[3],))
    assert read.order == "The most uncertain first, by the scores of wd-v3."


def test_without_scores_and_measures_they_keep_their_order(project: Project) -> None:
    ids = [image.id for image in fill(project, 3)]
    give_scores(project, {ids[0]: 0.5}, tag="dog")
    read = read_sweep(project, ids[::-1], "smile", Bounds())
    assert read.sweep.asked == tuple(ids[::-1])
    assert (read.order, read.is_scored) == (AS_SHOWN, False)


def test_rejected_pictures_are_left_out_and_skipped_ones_come_last(project: Project) -> None:
    images = fill(project, 3)
    project.apply(reject(images[:1]))
    read = read_sweep(project, [i.id for i in images], "smile", Bounds(), last=[images[1].id])
    assert read.sweep.asked == (images[2].id, images[1].id)
