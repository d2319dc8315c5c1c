"""Builders: only what changes becomes a change, and inverting twice gives the edit back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core import edits
from curator.core.edits import Edit, FieldChange
from curator.core.errors import UserError
from curator.core.records import Image, ImageSet, Rating, RejectReason, SavedFilter

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
    assert edits.set_caption(two, "x").label == "Caption 2 images"
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
