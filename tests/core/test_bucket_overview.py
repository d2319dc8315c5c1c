"""All buckets of a project at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from curator.core import edits
from curator.core.bucket_overview import (
    Trial,
    change_in_words,
    in_words,
    read_overview,
    with_buckets,
)
from curator.core.project import Project
from curator.core.query_tree import QueryError
from tests.helpers.projects import new_image

SIZES = [(512, 768)] * 3 + [(1920, 1080)] * 2 + [(512, 512), (300, 400), (2000, 2000)]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p") as made:
        ids = made.new_image_ids(len(SIZES))
        found = [
            new_image(id_, width=width, height=height)
            for id_, (width, height) in zip(ids, SIZES, strict=True)
        ]
        made.apply(edits.add_images(ids), facts=found)
        yield made


def counted(project: Project, query: str = "", trial: Trial | None = None) -> dict[str, int]:
    rows = read_overview(project, query, trial).table.rows
    return {"{}x{}".format(*row.bucket): row.pictures for row in rows}


def test_pictures_are_counted_by_bucket_without_the_rejected(project: Project) -> None:
    project.apply(edits.reject(project.images([1])))
    assert counted(project) == {"384x640": 2, "512x512": 2, "640x384": 2, "448x576": 1}
    assert counted(project, "is:rejected") == {"384x640": 1}
    assert counted(project, "width:>600 sort:name") == {"640x384": 2, "512x512": 1}
    with pytest.raises(QueryError):
        read_overview(project, "width:")


def test_the_buckets_that_a_query_asks_for_are_left_open(project: Project) -> None:
    query = with_buckets("id:<9", [(512, 512)], [(512, 512)])
    found = read_overview(project, query)
    assert found.asked == {(512, 512)}
    assert len(found.table.rows) == 4
    both = with_buckets(query, [(512, 512)], [(512, 512), (384, 640)])
    assert len(project.select(both)) == 5
    assert read_overview(project, both).asked == {(512, 512), (384, 640)}


def test_a_bucket_of_another_rule_can_be_taken_out_of_a_query(project: Project) -> None:
    query = "id:<9 (bucket:512x512 OR bucket:1024x1024)"
    assert read_overview(project, query).asked == {(512, 512), (1024, 1024)}
    assert with_buckets(query, [(512, 512), (1024, 1024)], [(384, 640)]) == "id:<9 bucket:384x640"


def test_what_another_rule_would_change_is_told(project: Project) -> None:
    rule = read_overview(project, "").rule
    found = read_overview(project, "", Trial(replace(rule, min_reso=512, max_reso=512)))
    assert found.moved == 6
    assert found.listed == [(512, 512)]
    words = change_in_words(found)
    assert words.startswith("6 pictures would train in another bucket: 1 bucket instead of 4, ")
    assert in_words(found.now).startswith("8 pictures in 4 buckets; ")
    assert change_in_words(read_overview(project, "", Trial(rule))) == ""


def test_a_few_buckets_are_tried(project: Project) -> None:
    found = read_overview(project, "", Trial(read_overview(project, "").rule, ((512, 512),)))
    assert {row.bucket for row in found.table.rows} == {(512, 512)}
    assert found.moved == 6
    assert [len(few.buckets) for few in found.few] == [1, 2, 3, 4, 5]
    assert found.few[-1].loss <= found.now.loss + 1e-9


def test_limits_that_leave_no_bucket_are_explained(project: Project) -> None:
    rule = read_overview(project, "").rule
    found = read_overview(project, "", Trial(replace(rule, max_reso=256)))
    assert "leave no room" in found.trouble
    assert found.table == found.now


def test_there_may_be_no_pictures(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        assert in_words(read_overview(project, "").table) == "No pictures to count."
