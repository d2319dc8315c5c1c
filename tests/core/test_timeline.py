"""An image's own history: found in the journal, told in words, and restored to any point."""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core import caption_edits, edits
from curator.core.edits import FIELDS, IMAGE, Edit, FieldChange, Value
from curator.core.project import Project
from curator.core.recipe import Turn
from curator.core.records import Image, ImageSet, Rating, RejectReason
from curator.core.timeline import ImageEvent, restored, words
from tests.helpers.projects import fill, new_image


def said(*changes: tuple[str, Value, Value], sets: dict[int, str] | None = None) -> str:
    made = tuple(FieldChange(IMAGE, 1, *change) for change in changes)
    return words(ImageEvent(1, "x", 0.0, False, made), sets or {})


def edits_of(project: Project, image_id: int) -> list[str]:
    return [event.label for event in project.image_history(image_id)]


def set_names(project: Project) -> dict[int, str]:
    return {one.id: one.name for one in project.sets()}


def restore(project: Project, image_id: int, entry_id: int) -> Edit:
    events = project.image_history(image_id)
    return restored(project.image(image_id), events, entry_id, set_names(project))


def fields_of(image: Image) -> dict[str, object]:
    return {field: getattr(image, field) for field in FIELDS[IMAGE]}


# -- finding


def test_an_image_has_its_own_history_with_its_own_changes(project: Project) -> None:
    one, two = fill(project, 2)
    project.apply(edits.set_rating([one, two], Rating.PRIMARY))
    project.apply(caption_edits.set_caption([two], "only the other"))
    project.apply(edits.reject(project.images([1]), RejectReason.BLURRY))
    project.undo()
    events = project.image_history(1)
    assert [(event.label, event.undone) for event in events] == [
        ("Reject 1 image", True),
        ("Rate 2 images primary", False),
        ("Import 2 images", False),
    ]
    assert events[1].changes == (FieldChange(IMAGE, 1, "rating", 0, 1),)
    assert [event.entry_id for event in events] == [4, 2, 1]
    assert project.image_history(1, limit=1) == events[:1]
    assert project.image_history(3) == []


def test_numbers_that_begin_alike_and_captions_that_look_like_changes_are_told_apart(
    project: Project,
) -> None:
    images = fill(project, 12)
    project.apply(caption_edits.set_caption(images[11:], '[["image",1,"rating",0,1]]'))
    project.apply(edits.create_set(ImageSet(1, "number one")))
    assert edits_of(project, 1) == ["Import 12 images"]
    assert edits_of(project, 12) == ["Caption 1 image", "Import 12 images"]


# -- restoring


def test_restoring_is_a_new_edit_that_names_the_point_and_can_be_undone(project: Project) -> None:
    fill(project, 1, ["as imported"])
    project.apply(edits.set_rating(project.images([1]), Rating.PRIMARY))
    project.apply(edits.reject(project.images([1]), RejectReason.BLURRY))
    project.apply(caption_edits.set_caption(project.images([1]), "later"))
    edit = restore(project, 1, 2)
    assert edit.label == "Restore photo 1.jpg as of Rate 1 image primary"
    project.apply(edit)
    found = project.image(1)
    assert (found.rating, found.rejected, found.reject_reason) == (1, False, "")
    assert found.caption == "as imported"
    assert project.undo() == edit.label
    assert project.image(1).caption == "later"


def test_a_removed_image_is_brought_back_by_restoring_it(project: Project) -> None:
    fill(project, 1)
    project.apply(edits.set_rating(project.images([1]), Rating.PRIMARY))
    project.apply(edits.remove_images(project.images([1])))
    project.apply(restore(project, 1, 1))
    assert list(project.select()) == [1]
    assert project.image(1).rating == 0


def test_nothing_is_offered_for_now_for_undone_steps_and_before_the_import(
    project: Project,
) -> None:
    fill(project, 1)
    project.apply(edits.set_rating(project.images([1]), Rating.PRIMARY))
    project.apply(caption_edits.set_caption(project.images([1]), "undone"))
    project.undo()
    assert not restore(project, 1, 3)
    assert not restore(project, 1, 2)
    assert not restore(project, 1, 0)
    project.undo()
    project.undo()
    assert project.image(1).removed
    assert not any(restore(project, 1, entry) for entry in (1, 2))


def test_a_set_that_is_gone_is_not_restored_into(project: Project) -> None:
    fill(project, 1)
    coat = ImageSet(project.new_set_id(), "coat")
    project.apply(edits.create_set(coat))
    project.apply(edits.assign_to_set(project.images([1]), coat))
    project.apply(edits.set_rating(project.images([1]), Rating.PRIMARY))
    project.apply(edits.assign_to_set(project.images([1]), None))
    back = {c.field: c.new for c in restore(project, 1, 3).changes}
    assert back == {"set_id": coat.id, "rating": 0}
    project.apply(edits.change_set(coat, replace(coat, removed=True)))
    edit = restore(project, 1, 3)
    project.apply(edit)
    assert (project.image(1).set_id, project.image(1).rating) == (None, 0)


def test_a_name_that_is_no_text_makes_a_label_that_is(project: Project) -> None:
    odd = os.fsdecode(b"caf\xe9.jpg")
    ids = project.new_image_ids(1)
    project.apply(edits.add_images(ids), [new_image(1, name=odd)])
    project.apply(caption_edits.set_caption(project.images([1]), "later"))
    project.apply(restore(project, 1, 1))
    assert project.history()[0].label == "Restore caf\\xe9.jpg as of Import 1 image"


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10**6), steps=st.integers(1, 25))
def test_any_point_of_any_history_is_restored_exactly(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: int
) -> None:
    rng = random.Random(seed)
    with Project.create(tmp_path_factory.mktemp("p") / "p") as project:
        fill(project, 2)
        after: dict[int, dict[str, object]] = {1: fields_of(project.image(1))}
        for _ in range(steps):
            if rng.random() < 0.25:
                project.undo() if len(project.history()) > 1 else None
                continue
            images = project.images([1, 2][: rng.randint(1, 2)])
            project.apply(
                rng.choice(
                    [
                        edits.set_rating(images, Rating(rng.randrange(3))),
                        edits.reject(images, rng.choice(list(RejectReason))),
                        caption_edits.set_caption(images, rng.choice("abc")),
                        edits.turn_images(images, Turn(rng.randrange(4))),
                        edits.remove_images(images),
                        edits.restore_images(images),
                    ]
                )
            )
            after[project.history(1)[0].id] = fields_of(project.image(1))
        for event in project.image_history(1):
            edit = restore(project, 1, event.entry_id)
            if event.undone:
                assert not edit
                continue
            now = fields_of(project.image(1)) | {c.field: c.new for c in edit.changes}
            assert now == after[event.entry_id]


# -- words


def test_events_are_told_in_words() -> None:
    assert said(("rating", 0, 1)) == "rated primary"
    assert said(("rating", 2, 0)) == "rating taken away"
    assert said(("rating", 0, 2), ("rejected", 1, 0)) == "rated supporting, taken back"
    assert said(("caption", "a", "b"), ("tag_sources", "", "x")) == "caption changed"
    assert said(("caption", "", "b")) == "caption written"
    assert said(("caption", "a", "")) == "caption cleared"
    assert said(("tag_sources", "", "x")) == "tag sources changed"
    assert said(("recipe", "", "[]")) == "picture edited"
    assert said(("removed", 1, 0)) == "brought into the project"
    assert said(("removed", 0, 1)) == "removed"
    assert said(("mood", 0, 1)) == "mood changed"


def test_a_rejection_is_told_once_with_its_reason() -> None:
    assert said(("rejected", 0, 1)) == "rejected"
    assert said(("rejected", 0, 1), ("reject_reason", "", "blurry")) == "rejected: blurry"
    assert said(("reject_reason", "blurry", "watermark")) == "rejected: watermark"
    assert said(("rejected", 1, 0), ("reject_reason", "blurry", "")) == "taken back"


def test_sets_are_told_by_name() -> None:
    assert said(("set_id", None, 3), sets={3: "coat"}) == "put into set coat"
    assert said(("set_id", None, 3)) == "put into a set that is gone"
    assert said(("set_id", 3, None)) == "taken out of its set"
