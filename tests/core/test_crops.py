"""Crops of a picture: images of their own that begin as their source is."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core import edits
from curator.core.caption_edits import set_caption
from curator.core.crops import add_crops, left_behind, named, question
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.recipe import Recipe
from curator.core.records import Image, ImageSet, Moved, Rating, SetKind
from curator.core.steps import Crop
from curator.core.store.crops import ordered_beside
from tests.helpers.projects import fill, new_image

HEAD = Recipe((Crop(0, 0, 200, 200, 640, 480),))


def crop(project: Project, *ids: int, name: str = "", recipe: Recipe | None = None) -> list[Image]:
    images = project.images(ids)
    recipes = None if recipe is None else dict.fromkeys(ids, recipe)
    edit, made = add_crops(project, images, project.new_image_ids, 5.0, name, recipes)
    project.apply(edit, made)
    return project.images(one.id for one in made)


def test_a_crop_begins_as_its_source_is(project: Project) -> None:
    (image, *_rest) = fill(project, 1)
    project.apply(set_caption([image], "1girl, hat"))
    project.apply(edits.set_rating(project.images([1]), Rating.PRIMARY))
    outfit = ImageSet(project.new_set_id(), "Red dress", SetKind.OUTFIT)
    project.apply(edits.create_set(outfit, project.images([1])))
    (made,) = crop(project, 1, name="head", recipe=HEAD)
    source = project.image(1)
    assert (made.name, made.parent_id, made.recipe) == ("photo 1 head.jpg", 1, HEAD.to_json())
    for field in ("path", "sha256", "caption", "tag_sources", "rating", "set_id", "width"):
        assert getattr(made, field) == getattr(source, field)
    assert project.tag_counts() == [("1girl", 2), ("hat", 2)]
    project.apply(set_caption([made], "close-up"))
    assert project.image(1).caption == "1girl, hat"


def test_making_crops_is_one_step_of_undo(project: Project) -> None:
    fill(project, 2)
    made = crop(project, 1, 2, recipe=HEAD)
    assert project.undo_label() == "Make 2 crops"
    project.undo()
    assert list(project.select()) == [1, 2]
    project.redo()
    assert project.image(made[0].id).recipe == HEAD.to_json()


def test_crops_stand_beside_their_source_as_imported_alone(project: Project) -> None:
    fill(project, 3)
    (first,) = crop(project, 1)
    (second, other) = crop(project, 1, 3)
    assert list(project.select()) == [1, first.id, second.id, 2, 3, other.id]
    for by in ("", "folder", "set"):
        assert list(project.grouped(by=by).ids) == list(project.select())
    assert list(project.select("sort:id")) == [1, 2, 3, first.id, second.id, other.id]
    assert list(project.select("is:crop")) == [first.id, second.id, other.id]
    assert list(project.select("is:cropped")) == [1, 3]
    assert list(project.select("-is:crop")) == [1, 2, 3]


def test_a_crop_of_a_crop_is_one_of_the_same_source(project: Project) -> None:
    fill(project, 1)
    (first,) = crop(project, 1)
    (second,) = crop(project, first.id)
    assert (first.name, second.name) == ("photo 1 crop 1.jpg", "photo 1 crop 2.jpg")
    assert second.parent_id == 1


def test_a_name_that_no_file_could_have_is_refused(project: Project) -> None:
    fill(project, 1)
    for name in ("a/b", "x" * 50, "a\nb"):
        with pytest.raises(UserError):
            crop(project, 1, name=name)


def test_only_sources_are_known_by_their_content(project: Project) -> None:
    (image, *_) = fill(project, 1)
    crop(project, 1)
    assert project.known(image.sha256) == {0: project.image(1)}
    with pytest.raises(sqlite3.IntegrityError):
        project.record([new_image(9, sha256=image.sha256)])


def test_crops_have_no_mirror_files(project: Project) -> None:
    fill(project, 1)
    (made,) = crop(project, 1)
    project.apply(set_caption([made], "close-up"))
    project.apply(edits.set_rating([project.image(made.id)], Rating.PRIMARY))
    assert project.mirrors_due(10) == []


def test_removing_a_source_asks_about_the_crops_that_are_left_behind(project: Project) -> None:
    fill(project, 3)
    (first, other) = crop(project, 1, 2)
    assert left_behind(project, [1, 2, 3]) == {first.id: 1, other.id: 2}
    assert left_behind(project, [1, first.id]) == {}
    project.apply(edits.remove_images(project.images([2])))
    assert left_behind(project, [1, 2]) == {first.id: 1}  # that was asked before
    assert question({4: 1}) == "One picture has 1 crop in the project. Remove it too?"
    assert question({4: 1, 5: 2}) == "2 pictures have 2 crops in the project. Remove them too?"
    project.apply(edits.remove_images([first]))
    assert left_behind(project, [1]) == {}


def test_a_source_is_not_forgotten_before_its_crops(project: Project) -> None:
    fill(project, 2)
    (made,) = crop(project, 1)
    project.apply(edits.remove_images(project.images([1])))
    let_go = []

    def keep(image: Image) -> bool:
        let_go.append(image.id)
        return True

    assert project.forget([1], keep, "a") == 0
    assert not let_go
    project.apply(edits.remove_images(project.images([made.id])))
    assert project.forget([made.id, 1], keep, "b") == 2
    assert let_go == [made.id, 1]
    assert list(project.select()) == [2]


def test_the_crops_of_a_picture_in_place_move_with_it(project: Project) -> None:
    fill(project, 1)
    (made,) = crop(project, 1)
    project.record([Moved(1, "/new/b.jpg", "b.jpg", "/new/b.jpg")])
    moved = project.image(made.id)
    assert (moved.path, moved.source, moved.name) == ("/new/b.jpg", "/new/b.jpg", made.name)


def test_the_name_of_a_crop_keeps_its_kind() -> None:
    assert named("face.jpg", "head") == "face head.jpg"
    assert named("no extension", "head") == "no extension head"


@given(st.permutations(range(1, 12)), st.dictionaries(st.integers(7, 11), st.integers(1, 6)))
def test_crops_are_moved_and_nothing_else(ids: list[int], crops: dict[int, int]) -> None:
    from array import array

    found = list(ordered_beside(array("q", ids), sorted(crops.items())))
    assert sorted(found) == sorted(ids)
    assert [i for i in found if i not in crops] == [i for i in ids if i not in crops]
    for id_, source in crops.items():
        between = found[found.index(source) + 1 : found.index(id_)]
        assert all(crops.get(i) == source for i in between)
