"""Masks for the training, as data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from curator.core.errors import UserError
from curator.core.masks import TrainingMask, clear_masks, drawn_on, set_masks
from curator.core.project import Project
from curator.core.recipe import Recipe
from curator.core.regions import Ellipse, Polygon
from curator.core.steps import Crop
from tests.helpers.projects import fill, record

MASK = TrainingMask((Ellipse(0.5, 0.5, 0.2, 0.2), Polygon(((0.0, 0.0), (1.0, 0.0), (0.5, 1.0)))))


def test_a_mask_is_text_and_back() -> None:
    assert TrainingMask.from_json(MASK.to_json()) == MASK
    assert TrainingMask.from_json("") is None
    assert TrainingMask(()).to_json() == ""
    assert replace(MASK, rest=1.0).to_json() == ""  # all counts alike


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"region":[{"kind":"square"}],"learns_inside":true,"rest":0}', "3"]
)
def test_what_is_no_mask_is_a_sentence(text: str) -> None:
    with pytest.raises(UserError, match=r"mask|region"):
        TrainingMask.from_json(text)


def test_masks_are_edits_that_can_be_undone_and_asked_for(project: Project) -> None:
    images = fill(project, 2)
    project.apply(set_masks({images[0]: MASK}))
    assert project.undo_label() == "Mask 1 image"
    assert list(project.select("is:masked")) == [1]
    project.apply(clear_masks(project.images([1, 2])))
    assert project.undo_label() == "Take the mask of 2 images away"
    project.undo()
    assert TrainingMask.from_json(project.image(1).mask) == MASK


def test_what_is_drawn_on_a_crop_lies_on_the_source() -> None:
    image = replace(record(1), recipe=Recipe((Crop(320, 0, 640, 480, 640, 480),)).to_json())
    mask = drawn_on(image, (Polygon(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))),))
    assert mask == TrainingMask((Polygon(((0.5, 0.0), (1.0, 0.0), (1.0, 1.0))),))
    more = drawn_on(replace(image, mask=mask.to_json()), (Polygon(((0, 0), (1, 0), (1, 1))),))
    assert len(more.region) == 2
