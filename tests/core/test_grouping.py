"""Pictures in groups: their titles, their order, and the order inside them."""

from __future__ import annotations

import os
from datetime import datetime

import pytest

from curator.core import edits
from curator.core.grouping import Grouped, Section
from curator.core.project import Project
from curator.core.query_tree import QueryError
from curator.core.records import Image, ImageSet
from tests.helpers.projects import fill, new_image


def add(project: Project, rows: list[dict[str, object]]) -> list[Image]:
    ids = project.new_image_ids(len(rows))
    found = [new_image(id_, **row) for id_, row in zip(ids, rows, strict=True)]
    project.apply(edits.add_images(ids), facts=found)
    return project.images(ids)


def groups(found: Grouped) -> dict[str, list[int]]:
    """The ids by title, in the order of the sections; these cover all rows without a gap."""
    assert [s.first for s in found.sections] == [
        sum(s.count for s in found.sections[:n]) for n in range(len(found.sections))
    ]
    assert sum(section.count for section in found.sections) == len(found.ids)
    return {s.title: list(found.ids[s.first : s.first + s.count]) for s in found.sections}


def test_without_groups_there_is_one_section_without_a_title(project: Project) -> None:
    assert project.grouped() == Grouped(project.select(), ())
    fill(project, 3)
    assert project.grouped("sort:-id") == Grouped(project.select("sort:-id"), (Section("", 0, 3),))


@pytest.mark.parametrize("by", ["set", "day", "folder"])
def test_no_pictures_make_no_groups(project: Project, by: str) -> None:
    assert project.grouped("", by) == Grouped(project.select(), ())


def test_sets_stand_in_natural_order_and_what_is_in_none_last(project: Project) -> None:
    images = fill(project, 7)
    for name, some in (("outfit 10", images[:2]), ("Outfit 9", images[2:4]), ("gone", images[4:5])):
        one = ImageSet(project.new_set_id(), name)
        project.apply(edits.create_set(one))
        project.apply(edits.assign_to_set(some, one))
    gone = project.set_named("gone")
    assert gone is not None
    project.apply(edits.change_set(gone, ImageSet(gone.id, gone.name, removed=True)))
    assert list(groups(project.grouped("id:..6 sort:-id", "set")).items()) == [
        ("Outfit 9", [4, 3]),
        ("outfit 10", [2, 1]),
        ("no set", [6, 5]),
    ]


def test_days_are_local_ones_and_the_newest_is_last(project: Project) -> None:
    evening, morning = datetime(2024, 5, 14, 23, 59), datetime(2024, 5, 15, 0, 1)
    rows = [None, morning.timestamp(), evening.timestamp(), None, evening.timestamp() - 3600, 1e15]
    add(project, [{"taken": taken} for taken in rows])
    assert list(groups(project.grouped("", "day")).items()) == [
        ("2024-05-14 Tue", [3, 5]),
        ("2024-05-15 Wed", [2]),
        ("no date", [1, 4, 6]),
    ]
    assert list(project.select("taken:2024-05-14")) == [3, 5]


def test_folders_are_those_of_the_sources_archives_among_them(project: Project) -> None:
    sources = [
        "/photos/scrape 10/a.jpg",
        "/photos/scrape 9/a.jpg",
        "/photos/scrape 9/odd\\name.jpg",
        "/photos/more.zip!/a.jpg",
        "/photos/more.zip!/inner/deep/a.jpg",
        "/photos/windows.zip!/inner\\a.jpg",
        "/photos/wow!/a.jpg",
        "/a.jpg",
        "C:\\photos\\a.jpg",
        "C:\\photos\\more.zip!/inner/a.jpg",
        "\\\\server\\share\\a.jpg",
        os.fsdecode(b"/photos/caf\xe9/a.jpg"),
        "/photos/scrape 9/b.jpg",
    ]
    add(project, [{"source": source} for source in sources])
    assert list(groups(project.grouped("", "folder")).items()) == [
        ("/", [8]),
        ("/photos/caf\ufffd", [12]),
        ("/photos/more.zip", [4]),
        ("/photos/more.zip/inner/deep", [5]),
        ("/photos/scrape 9", [2, 3, 13]),
        ("/photos/scrape 10", [1]),
        ("/photos/windows.zip/inner", [6]),
        ("/photos/wow!", [7]),
        ("\\\\server\\share", [11]),
        ("C:\\photos", [9]),
        ("C:\\photos\\more.zip/inner", [10]),
    ]


def test_a_query_that_cannot_be_read_is_told_so(project: Project) -> None:
    with pytest.raises(QueryError):
        project.grouped("width:wide", "set")
