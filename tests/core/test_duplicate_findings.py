"""Duplicates in a training are told from what a search found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curator.core.dataset_plan import plan_dataset
from curator.core.decisions import decide, set_apart
from curator.core.duplicate_findings import duplicate_findings, ids_query
from curator.core.duplicates import Kind, Pair
from curator.core.edits import create_set, reject, set_rating
from curator.core.findings import About, Finding
from curator.core.project import Project
from curator.core.records import ImageSet, Rating
from tests.helpers.projects import fill


def rated(project: Project, count: int, rating: Rating = Rating.PRIMARY) -> None:
    project.apply(set_rating(fill(project, count), rating))


def found(project: Project, *pairs: tuple[int, int], kind: Kind = Kind.EDITED) -> None:
    project.record([Pair(a, b, kind) for a, b in pairs])


def findings(project: Project) -> dict[About, Finding]:
    plan = plan_dataset(project)
    told = duplicate_findings(project, plan.placed, plan.repeats.primary)
    return {finding.about: finding for finding in told}


def test_copies_in_two_sets_are_named_with_a_query_that_finds_them(project: Project) -> None:
    rated(project, 100)
    project.apply(create_set(ImageSet(5, "hat"), project.images([2, 30])))
    project.apply(create_set(ImageSet(6, "coat"), project.images([3])))
    found(project, (2, 3), (20, 21), (30, 31), (3, 4))
    finding = findings(project)[About.COPIES_ACROSS]
    assert finding.text.startswith("5 pictures are copies of one another in different sets")
    assert finding.images == (2, 3, 4, 30, 31)
    assert list(project.select(finding.query)) == [2, 3, 4, 30, 31]
    assert finding.query in finding.command
    assert About.TOO_HEAVY not in findings(project)


def test_what_was_decided_or_is_not_trained_on_is_no_finding(project: Project) -> None:
    rated(project, 100)
    project.apply(create_set(ImageSet(5, "hat"), project.images([2, 4, 6])))
    found(project, (1, 2), (3, 4), (5, 6))
    project.apply(set_apart([1], [2]))
    project.apply(decide(project.images([3, 4]), {}))
    project.apply(reject(project.images([6])))
    assert findings(project) == {}


def test_a_shot_that_takes_much_of_an_epoch_is_told(project: Project) -> None:
    rated(project, 40)
    found(project, (1, 2), (2, 3), (3, 4), kind=Kind.SHOT)
    finding = findings(project)[About.TOO_HEAVY]
    assert finding.text == (
        "One shot takes much of an epoch: 4 pictures of one shot make 10% of its steps."
    )
    assert finding.query == "id:1..4"
    project.apply(set_apart([1], [2, 3, 4]))
    assert findings(project) == {}


def test_pictures_that_are_shown_seldom_weigh_little(project: Project) -> None:
    rated(project, 40, Rating.SUPPORTING)
    found(project, (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7))
    assert findings(project) == {}  # 7 x 2 steps are less than 3 x 5
    rated(project, 1)
    project.record([Pair(7, 41, Kind.SHOT)])
    assert findings(project)[About.TOO_HEAVY].images == (*range(1, 8), 41)


def test_copies_that_stay_by_decision_weigh_all_the_same(project: Project) -> None:
    rated(project, 10)
    found(project, (1, 2), (2, 3), (3, 4))
    project.apply(decide(project.images([1, 2, 3, 4]), {}))
    assert About.TOO_HEAVY in findings(project)


def test_of_several_the_heaviest_is_told_and_all_are_shown(project: Project) -> None:
    rated(project, 30)
    found(project, (1, 2), (2, 3), (3, 4), (11, 12), (12, 13), (13, 14), (14, 15))
    finding = findings(project)[About.TOO_HEAVY]
    assert finding.text.startswith("2 shots take much of an epoch: 5 pictures of one shot make 17%")
    assert finding.query == "id:1..4,11..15"


@given(st.sets(st.integers(1, 200), min_size=1, max_size=60))
def test_a_query_names_just_the_ids(ids: set[int]) -> None:
    named: list[int] = []
    for part in ids_query(sorted(ids)).removeprefix("id:").split(","):
        first, _, last = part.partition("..")
        named += range(int(first), int(last or first) + 1)
    assert named == sorted(ids)
