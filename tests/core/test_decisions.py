"""What is decided about duplicates becomes one step that can be undone."""

from __future__ import annotations

from curator.core.caption_edits import set_caption
from curator.core.decisions import Fate, decide, decide_all, set_apart
from curator.core.duplicates import Kind, Pair
from curator.core.edits import change_image, create_set, set_rating
from curator.core.project import Project
from curator.core.records import ImageSet, Rating
from tests.helpers.projects import dump, fill

REJECT = Fate.REJECT


def found(project: Project, *pairs: tuple[int, int]) -> None:
    project.record([Pair(a, b, Kind.EDITED) for a, b in pairs])


def test_the_others_are_rejected_and_the_group_is_done(project: Project) -> None:
    images = fill(project, 3)
    found(project, (1, 2), (2, 3))
    assert list(project.select("is:duplicate")) == [1, 2, 3]
    assert list(project.select("dup:edited")) == [1, 2, 3]
    assert not project.select("dup:bytes")
    before = dump(project)
    project.apply(decide(images, {1: REJECT, 3: REJECT}))
    assert [i.reject_reason for i in project.images([1, 2, 3])] == ["duplicate", "", "duplicate"]
    assert not project.duplicate_groups()
    assert not project.select("is:duplicate")
    project.undo()
    assert dump(project) == before
    assert len(project.duplicate_groups()) == 1


def test_what_the_others_are_known_for_goes_to_the_one_that_stays(project: Project) -> None:
    images = fill(project, 3, ["cat", "cat, red coat", "A cat sits on a wall. It is red."])
    project.apply(set_rating(images[1:2], Rating.SUPPORTING))
    project.apply(set_rating(images[2:], Rating.PRIMARY))
    project.apply(create_set(ImageSet(7, "coat"), images[1:2]))
    project.apply(change_image("", images[2], {"source_url": "https://example.com/a"}))
    project.apply(decide(project.images([1, 2, 3]), {2: REJECT, 3: REJECT}))
    (kept,) = project.images([1])
    assert kept.rating == Rating.PRIMARY
    assert kept.caption == "cat, red coat"
    assert kept.set_id == 7
    assert kept.source_url == "https://example.com/a"


def test_an_empty_caption_takes_a_sentence_whole(project: Project) -> None:
    images = fill(project, 2, ["", "A cat sits on a wall. It is red."])
    project.apply(decide(images, {2: REJECT}))
    assert project.image(1).caption == "A cat sits on a wall. It is red."


def test_what_the_keeper_has_itself_stays(project: Project) -> None:
    images = fill(project, 2)
    project.apply(set_rating(images[:1], Rating.SUPPORTING))
    project.apply(set_rating(images[1:], Rating.PRIMARY))
    project.apply(decide(project.images([1, 2]), {2: REJECT}))
    assert project.image(1).rating == Rating.SUPPORTING


def test_several_that_stay_are_not_asked_about_again(project: Project) -> None:
    images = fill(project, 3)
    found(project, (1, 2), (2, 3))
    project.apply(decide(images, {1: Fate.PRIMARY, 2: Fate.SUPPORTING, 3: REJECT}))
    assert [i.rating for i in project.images([1, 2])] == [Rating.PRIMARY, Rating.SUPPORTING]
    assert not project.duplicate_groups()
    project.apply(set_caption(project.images([3]), "x"))
    # A fourth one that joins them is asked about, with what was decided before in mind.
    fill(project, 1)
    found(project, (1, 4), (2, 4))
    (group,) = project.duplicate_groups()
    assert group.ids == (1, 2, 4)
    project.apply(decide(project.images(group.ids), {}, project.verdicts()))
    assert not project.duplicate_groups()


def test_what_is_no_duplicate_is_remembered(project: Project) -> None:
    fill(project, 3)
    found(project, (1, 2), (2, 3))
    project.apply(set_apart([1], [2, 3]))
    (group,) = project.duplicate_groups()
    assert group.ids == (2, 3)
    project.record([Pair(1, 2, Kind.EDITED), Pair(1, 3, Kind.EDITED)])
    assert [g.ids for g in project.duplicate_groups()] == [(2, 3)]
    project.undo()
    assert [g.ids for g in project.duplicate_groups()] == [(1, 2, 3)]


def test_hundreds_are_decided_in_one_step(project: Project) -> None:
    images = fill(project, 6)
    found(project, (1, 2), (3, 4), (5, 6))
    groups = [(images[n : n + 2], images[n].id) for n in (0, 2, 4)]
    project.apply(decide_all(groups))
    assert list(project.select("is:rejected")) == [2, 4, 6]
    assert project.undo_label() == "Keep one of each of 3 groups of duplicates"
    project.undo()
    assert not project.select("is:rejected")
