"""Measures in a real database: recorded, found, ordered, gone with their picture."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core import edits, measures
from curator.core.measures import Measures
from curator.core.project import Project
from curator.core.records import Arranged, Image, Measured, RejectGuess, RejectGuesses
from tests.helpers.older import insert, older_project
from tests.helpers.projects import fill

VALUES = [10.0, 20.0, 20.0, 30.4, 50.0, 70.0, None, 90.0]


def measured(image_id: int, hue: float = 0, **numbers: float | None) -> Measured:
    return Measured(image_id, Measures(**numbers), hue, bytes([image_id % 256]) * 224)


@pytest.fixture
def images(project: Project) -> list[Image]:
    """Ten pictures: eight measured, the seventh without a sharpness, and two that are not."""
    made = fill(project, 10)
    found = zip(made, VALUES, strict=False)
    project.record([measured(i.id, hue=100 - i.id, sharpness=v, noise=1.0) for i, v in found])
    return made


def numbers(project: Project, query: str) -> list[int]:
    return list(project.select(query))


def test_the_columns_are_the_declared_measures(project: Project) -> None:
    db = sqlite3.connect(project.root / "project.db")
    columns = [row[1] for row in db.execute("PRAGMA table_info(quality)")]
    db.close()
    assert columns == ["image_id", "version", *(f.name for f in fields(Measures)), "hue"]


def test_what_is_recorded_is_read_again(project: Project, images: list[Image]) -> None:
    found = project.measures([image.id for image in images])
    assert [found[image.id].sharpness for image in images[:8]] == VALUES
    assert images[8].id not in found
    project.record([measured(images[0].id, sharpness=99.0)])
    assert project.measures([images[0].id])[images[0].id] == Measures(sharpness=99.0)
    assert project.descriptors([images[1].id, 999]) == {images[1].id: bytes([images[1].id]) * 224}


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("sharp:<20", [1]),
        ("sharp:20", [2, 3]),
        ("sharp:30", [4]),
        ("sharp:<=20", [1, 2, 3]),
        ("sharp:>=50", [5, 6, 8]),
        ("sharp:20..50", [2, 3, 4, 5]),
        ("sharp:<20%", [1, 2, 3]),
        ("sharp:<15%", [1]),
        ("sharp:>80%", [6, 8]),
        ("sharp:>99%", [8]),
        ("sharp:40%..70%", [4, 5]),
        ("-sharp:>=20", [1, 7, 9, 10]),
        ("sharp:!=20", [1, 4, 5, 6, 7, 8, 9, 10]),
        ("is:unmeasured", [9, 10]),
        ("-is:unmeasured sharp:<30", [1, 2, 3]),
        ("jpegq:>0", []),
        ("sort:sharp", [1, 2, 3, 4, 5, 6, 8, 7, 9, 10]),
        ("sort:-sharp", [8, 6, 5, 4, 2, 3, 1, 7, 9, 10]),
        ("sort:colour", [8, 7, 6, 5, 4, 3, 2, 1, 9, 10]),
        ("fit:>=100 id:1..2", [1, 2]),
        ("fit:<100", []),
    ],
)
def test_queries(project: Project, images: list[Image], query: str, places: list[int]) -> None:
    first = images[0].id - 1
    assert numbers(project, query) == [first + place for place in places]


def test_removed_pictures_have_no_share(project: Project, images: list[Image]) -> None:
    project.apply(edits.remove_images(images[:3]))
    assert numbers(project, "sharp:<40%") == [images[3].id, images[4].id]


def test_the_size_is_told_against_the_resolution(project: Project, images: list[Image]) -> None:
    project.change_settings({"resolution": "768"})
    assert len(numbers(project, "fit:<100")) == len(images)
    assert numbers(project, "fit:72") == numbers(project, "")


def test_measures_of_an_older_formula_are_to_be_measured_again(
    project: Project, images: list[Image]
) -> None:
    db = sqlite3.connect(project.root / "project.db")
    db.execute("UPDATE quality SET version = ? WHERE image_id = ?", (-1, images[2].id))
    db.commit()
    db.close()
    assert images[2].id in numbers(project, "is:unmeasured")
    assert measures.VERSION > 0
    project.record([measured(images[2].id, sharpness=1.0)])
    assert images[2].id not in numbers(project, "is:unmeasured")


def test_an_order_and_guesses_replace_those_before(project: Project, images: list[Image]) -> None:
    ids = [image.id for image in images[:8]]
    project.record([Arranged(tuple(ids))])
    project.record([Arranged((ids[3], ids[0]))])
    assert numbers(project, "sort:likeness")[:2] == [ids[3], ids[0]]
    project.record([RejectGuesses((RejectGuess(ids[0], 0.2, ("sharp",)),))])
    guess = RejectGuess(ids[1], 0.9, ("soft: 12", "small"))
    project.record([RejectGuesses((guess, RejectGuess(ids[2], 0.1, ()), RejectGuess(999, 1, ())))])
    assert project.reject_guesses(ids)[ids[1]] == guess
    assert ids[0] not in project.reject_guesses(ids)
    assert numbers(project, "sort:-reject")[:2] == [ids[1], ids[2]]


def test_they_go_with_their_picture(project: Project, images: list[Image]) -> None:
    project.record([RejectGuesses((RejectGuess(images[0].id, 0.2, ()),))])
    project.apply(edits.remove_images(images[:1]))
    project.forget([images[0].id], lambda _image: True, "g")
    project.record([measured(images[0].id, sharpness=1.0)])
    assert project.measures([images[0].id]) == {}
    assert project.descriptors([images[0].id]) == {}
    assert project.reject_guesses([images[0].id]) == {}


def test_a_project_from_before_gets_the_tables(tmp_path: Path) -> None:
    root = tmp_path / "old"
    with older_project(root, 2) as db:
        for id_ in (1, 2):
            insert(db, "images", id=id_, sha256=f"{id_:064x}", removed=0)
    with Project.open(root) as project:
        assert len(project.select("is:unmeasured")) == 2
        assert not project.duplicate_groups()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with Project.create(tmp_path_factory.mktemp("many") / "project") as made:
        fill(made, 40)
        yield made


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=1, max_size=40),
    st.integers(0, 100),
)
@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_shares_are_places_of_the_sorted_numbers(
    many: Project, found: list[int | None], percent: int
) -> None:
    ids = list(many.select())
    blank = replace(measured(1), measures=Measures())
    many.record([replace(blank, image_id=id_) for id_ in ids])
    rows = [(id_, value) for id_, value in zip(ids, found, strict=False) if value is not None]
    many.record([measured(id_, sharpness=float(value)) for id_, value in rows])
    values = sorted(value for _id, value in rows)
    places = {v: values.index(v) / max(1, len(values) - 1) for v in values}
    low = [id_ for id_, value in rows if places[value] < percent / 100]
    assert list(many.select(f"sharp:<{percent}%")) == low
    high = [id_ for id_, value in rows if places[value] >= percent / 100]
    assert list(many.select(f"sharp:>={percent}%")) == high
