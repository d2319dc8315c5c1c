"""Variety among a project's pictures, by what was measured of them."""

from __future__ import annotations

from curator.core.measures import Measures
from curator.core.project import Project
from curator.core.records import Measured
from curator.core.variety import clusters_among, cover_among
from tests.helpers.projects import fill


def test_one_of_each_kind_is_chosen_and_look_alikes_are_grouped(project: Project) -> None:
    ids = [image.id for image in fill(project, 7)]
    looks = [0, 0, 0, 250, 250, 120]  # the last is not measured
    project.record(
        [
            Measured(id_, Measures(), 0.0, bytes([look] * 224))
            for id_, look in zip(ids, looks, strict=False)
        ]
    )
    chosen = cover_among(project, ids, 3)
    kinds = [{*ids[:3]}, {*ids[3:5]}, {ids[5]}]
    assert sorted(len(kind & set(chosen)) for kind in kinds) == [1, 1, 1]
    assert clusters_among(project, ids) == [ids[:3], ids[3:5]]
    assert len(cover_among(project, ids, 99)) == 6


def test_where_nothing_is_measured_nothing_is_chosen(project: Project) -> None:
    ids = [image.id for image in fill(project, 3)]
    assert cover_among(project, ids, 2) == clusters_among(project, ids) == []
