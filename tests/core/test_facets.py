"""Facets in a real project: each count is what its term finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from curator.core import edits
from curator.core.facets import Facet, FacetValue
from curator.core.project import Project
from curator.core.query_tree import QueryError
from curator.core.query_words import choose, with_term
from curator.core.records import ImageSet, Rating, RejectReason
from tests.helpers.projects import new_image

SIZES = [(511, 513), (512, 512), (1024, 1023), (1024, 1024), (4000, 3000)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Sixty pictures that differ in everything that is counted, three sets and one that is gone."""
    with Project.create(tmp_path_factory.mktemp("facets") / "project") as made:
        ids = made.new_image_ids(60)
        found = [
            new_image(
                id_,
                width=SIZES[n % 5][0],
                height=SIZES[n % 5][1],
                format=["jpeg", "png", "jpeg", "webp"][n % 4],
                caption=["", "cat", "dog, cat"][n % 3],
                rating=n % 7 % 3,
            )
            for n, id_ in enumerate(ids)
        ]
        made.apply(edits.add_images(ids), facts=found)
        images = made.images(ids)
        for n in range(4):
            one = ImageSet(made.new_set_id(), f"set {n}")
            made.apply(edits.create_set(one))
            made.apply(edits.assign_to_set(images[n * 12 : n * 12 + 10], one))
        made.apply(edits.change_set(one, replace(one, removed=True)))
        made.apply(edits.reject(images[::9]))
        made.apply(edits.reject(images[4:9], RejectReason.WRONG_SUBJECT))
        made.apply(edits.reject(images[20:22], RejectReason.BLURRY))
        made.apply(edits.remove_images(images[::11]))
        yield made


def facet(project: Project, title: str, query: str = "") -> Facet:
    return next(one for one in project.facets(query).facets if one.title == title)


def titles(found: Facet) -> list[str]:
    return [value.title for value in found.values]


def test_the_facets_and_their_values_stand_in_a_fixed_order(project: Project) -> None:
    assert {one.title: titles(one) for one in project.facets("cat id:1..9").facets} == {
        "Rating": ["primary", "supporting", "unrated", "rejected"],
        "Set": ["set 0", "set 1", "set 2", "no set"],
        "Format": ["jpeg", "png", "webp"],
        "Size": ["below 512x512", "512x512 to 1024x1024", "1024x1024 and larger"],
        "Caption": ["uncaptioned", "captioned"],
        "Rejected because": ["blurry", "wrong subject", "no reason given"],
    }


def test_a_rejected_picture_counts_as_rejected_alone(project: Project) -> None:
    images = project.images(project.select())
    by_title = {value.title: value.count for value in facet(project, "Rating").values}
    assert by_title["rejected"] == sum(image.rejected for image in images)
    for rating in Rating:
        kept = [i for i in images if i.rating == rating and not i.rejected]
        assert by_title[rating.name.lower()] == len(kept)


def test_size_classes_follow_the_resolution_of_the_project(project: Project) -> None:
    project.change_settings({"resolution": "768"})
    found = facet(project, "Size")
    project.change_settings({"resolution": "512"})
    assert titles(found) == ["below 768x768", "768x768 to 1536x1536", "1536x1536 and larger"]
    areas = [image.width * image.height for image in project.images(project.select())]
    assert [value.count for value in found.values] == [
        sum(area < 768**2 for area in areas),
        sum(768**2 <= area < 1536**2 for area in areas),
        sum(area >= 1536**2 for area in areas),
    ]


def test_the_other_values_of_a_facet_say_what_they_would_find_instead(project: Project) -> None:
    free = facet(project, "Format", "cat")
    assert facet(project, "Format", "cat format:png") == free
    assert facet(project, "Rating", "cat format:png") == facet(project, "Rating", "format:png cat")
    assert project.facets("cat format:png").total == free.values[1].count


def test_facets_of_nothing_and_of_removed_pictures(project: Project) -> None:
    nothing = project.facets("id:999")
    assert nothing.total == 0
    assert all(value.count == 0 for one in nothing.facets for value in one.values)
    assert project.facets("is:removed").total == 6


def test_an_empty_project_has_facets_too(project: Project, tmp_path_factory: object) -> None:
    with Project.create(project.root.parent / "empty") as empty:
        assert facet(empty, "Set") == Facet("Set", (FacetValue("no set", "-set:*", 0),))
        assert facet(empty, "Format").values == ()


def test_a_query_that_cannot_be_read_is_told_so(project: Project) -> None:
    with pytest.raises(QueryError):
        project.facets("width:wide")


QUERIES = st.lists(
    st.sampled_from(
        [
            *("cat", "-dog", "width:>1000", "id:..40", "cat OR id:>30", "rating:1", "sort:name"),
            *("is:rejected", "is:unrated", "-set:*", "format:png", "is:uncaptioned", "is:removed"),
            *("area:<512x512", 'reason:"wrong subject"', "-is:removed", "path:somewhere"),
        ]
    ),
    max_size=3,
).map(" ".join)


@given(QUERIES)
@example("is:removed OR cat")
@example("is:rejected format:png")
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20
)
def test_a_count_is_what_its_term_finds_in_place_of_the_facets_others(
    project: Project, query: str
) -> None:
    found = project.facets(query)
    assert found.total == len(project.select(query))
    for one in found.facets:
        terms = [value.term for value in one.values]
        free = choose(query, terms, [])
        for value in one.values:
            assert len(project.select(with_term(free, value.term))) == value.count
            instead = choose(query, terms, [value.term])
            assert len(project.select(instead)) == value.count
        if one.title != "Rejected because":
            assert sum(value.count for value in one.values) == len(project.select(free))


LINES = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
NAMES = st.text(st.sampled_from("aAßÄä*?\"'\\()[]-: é1") | LINES, min_size=1, max_size=12)


@given(NAMES.filter(str.strip))
@example("*")
@example('"\\')
@example("and")
@example("=1 red coat")
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
def test_the_term_of_a_set_finds_its_pictures_whatever_its_name(
    project: Project, name: str
) -> None:
    changed = next(one for one in project.sets() if one.id == 1)
    project.apply(edits.change_set(changed, replace(changed, name=name)))
    found = next(value for value in facet(project, "Set").values if value.title == name)
    inside = project.images(project.select(found.term))
    assert len(inside) == found.count == 9
    assert {image.set_id for image in inside} == {1}
