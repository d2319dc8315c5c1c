"""Builders: only what changes becomes a change, and inverting twice gives the edit back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core import caption_edits, edits
from curator.core.edits import Edit, FieldChange
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.ratings import JUDGEMENTS, NUMBERS, Judgement, judged, meaning_of
from curator.core.records import Image, ImageSet, Rating, RejectReason, SavedFilter
from tests.helpers.projects import fill

IMAGE = Image(
    id=1, path="images/a.jpg", name="a.jpg", source="/a.jpg", sha256="0", frame=0, frames=1,
    format="jpeg", width=1, height=1, size_bytes=1, added=0.0, taken=None, import_id=None,
    source_url="", rating=0, rejected=False, reject_reason="", caption="", tag_sources="",
    set_id=None, removed=False, recipe="",
)  # fmt: skip

VALUES = st.none() | st.integers(0, 3) | st.text(max_size=3)
CHANGES = st.builds(FieldChange, st.just("image"), st.integers(1, 3), st.just("x"), VALUES, VALUES)


@given(st.lists(CHANGES, max_size=5).map(tuple))
def test_inverting_twice_gives_the_edit_back(changes: tuple[FieldChange, ...]) -> None:
    edit = Edit("x", changes, "g")
    assert edit.inverted().inverted() == edit


def test_what_an_edit_touches_is_told_apart_from_how_often() -> None:
    changes = [FieldChange("image", n % 2, "caption", "", "x") for n in range(4)]
    changes.append(FieldChange("setting", "trigger", "value", None, "x"))
    edit = Edit("x", tuple(changes))
    assert edit.touched == {("image", "caption"), ("setting", "trigger")}
    assert edit.image_ids == {0, 1}
    assert Edit("x", ()).touched == Edit("x", ()).image_ids == frozenset()


def test_only_what_differs_is_changed() -> None:
    rated = replace(IMAGE, id=2, rating=1)
    edit = edits.set_rating([IMAGE, rated], Rating.PRIMARY)
    assert edit.changes == (FieldChange("image", 1, "rating", 0, 1),)
    assert not edits.set_rating([rated], Rating.PRIMARY)


def test_rating_a_rejected_picture_takes_it_back() -> None:
    rejected = replace(IMAGE, rejected=True, reject_reason="blurry")
    edit = edits.set_rating([rejected], Rating.SUPPORTING)
    assert {(c.field, c.new) for c in edit.changes} == {
        ("rating", 2),
        ("rejected", 0),
        ("reject_reason", ""),
    }


def test_rejecting_keeps_the_rating_and_notes_the_reason() -> None:
    edit = edits.reject([replace(IMAGE, rating=1)], RejectReason.WATERMARK)
    assert {(c.field, c.new) for c in edit.changes} == {
        ("rejected", 1),
        ("reject_reason", "watermark"),
    }


def test_labels_say_what_was_done_to_how_many() -> None:
    two = [IMAGE, replace(IMAGE, id=2)]
    assert caption_edits.set_caption(two, "x").label == "Caption 2 images"
    assert edits.remove_images(two[:1]).label == "Remove 1 image"
    assert edits.assign_to_set(two, ImageSet(1, "hats")).label == "Put 2 images into hats"
    assert edits.assign_to_set(two, None).label == "Put 2 images into no set"


def test_a_set_without_a_name_or_with_odd_repeats_is_refused() -> None:
    with pytest.raises(UserError, match="needs a name"):
        edits.create_set(ImageSet(1, " "))
    with pytest.raises(UserError, match="out of range"):
        edits.create_set(ImageSet(1, "x", repeats=0))


def test_a_filter_without_a_name_is_refused() -> None:
    with pytest.raises(UserError, match="needs a name"):
        edits.save_filter(SavedFilter(1, "", "rating:1"))


def by(**fields: object) -> Image:
    """A picture with another id and these fields."""
    return replace(IMAGE, id=2, **fields)  # type: ignore[arg-type]


def test_pictures_are_judged_each_by_its_id() -> None:
    judgements = {1: JUDGEMENTS["primary"], 2: JUDGEMENTS["rejected"], 9: JUDGEMENTS["rejected"]}
    edit = edits.judge_images([IMAGE, by(rating=2)], judgements)
    assert edit.label == "Rate 2 images"
    assert {(c.id, c.field, c.new) for c in edit.changes} == {(1, "rating", 1), (2, "rejected", 1)}


def test_a_judgement_that_stands_already_changes_nothing() -> None:
    rejected = by(rating=1, rejected=True, reject_reason="blurry")
    assert not edits.judge_images([rejected], {2: JUDGEMENTS["rejected"]})
    back = edits.judge_images([rejected], {2: JUDGEMENTS["primary"]})
    assert {(c.field, c.new) for c in back.changes} == {("rejected", 0), ("reject_reason", "")}


def test_numbers_found_in_files_are_read_anew_but_not_over_what_was_judged_by_hand() -> None:
    by_hand = by(rating=2)
    before, meaning = {5: JUDGEMENTS["primary"]}, {5: JUDGEMENTS["rejected"]}
    untouched = replace(IMAGE, rating=1)
    edit = edits.rate_as_found([untouched, by_hand], {1: 5, 2: 5, 3: 5}, meaning, before)
    assert {(c.id, c.field, c.new) for c in edit.changes} == {(1, "rejected", 1)}
    everything = edits.rate_as_found([untouched, by_hand], {1: 5, 2: 5}, meaning)
    assert {c.id for c in everything.changes} == {1, 2}
    unrated_alone = edits.rate_as_found([IMAGE, by_hand], {1: 5, 2: 5}, before, {})
    assert {(c.id, c.field, c.new) for c in unrated_alone.changes} == {(1, "rating", 1)}
    assert not edits.rate_as_found([untouched], {1: 4}, meaning)


@given(st.sampled_from(NUMBERS), st.sampled_from(list(JUDGEMENTS.values())))
def test_a_reading_that_was_changed_twice_leads_back(number: int, other: Judgement) -> None:
    first, second = meaning_of("stars", [number]), {number: other}
    image = applied(IMAGE, edits.rate_as_found([IMAGE], {1: number}, first, {}))
    changed = applied(image, edits.rate_as_found([image], {1: number}, second, first))
    again = applied(changed, edits.rate_as_found([changed], {1: number}, first, second))
    assert (judged(changed), judged(again)) == (other, judged(image))


def applied(image: Image, edit: Edit) -> Image:
    """The picture after an edit."""
    values = {change.field: change.new for change in edit.changes}
    if "rejected" in values:
        values["rejected"] = bool(values["rejected"])
    return replace(image, **values)  # type: ignore[arg-type]


def test_a_set_is_made_with_pictures_in_it_as_one_step(project: Project) -> None:
    images = fill(project, 2)
    edit = edits.create_set(ImageSet(project.new_set_id(), "coat"), images)
    assert edit.label == "Put 2 images into new set coat"
    project.apply(edit)
    assert {image.set_id for image in project.images([1, 2])} == {1}
    project.undo()
    assert project.sets() == []
    assert {image.set_id for image in project.images([1, 2])} == {None}
