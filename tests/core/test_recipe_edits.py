"""Builders of edits of recipes."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.recipe import Recipe
from curator.core.recipe_edits import (
    add_plan,
    change_recipes,
    change_shown,
    clear_recipes,
    copy_steps,
)
from curator.core.recipe_plans import CropTo
from curator.core.steps import Crop, Turn
from tests.helpers.projects import fill
from trainer.buckets import BucketRule


def test_a_plan_for_many_is_taken_back_in_one_step(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        images = fill(project, 3)
        edit = add_plan(images, (CropTo("3:1"),), BucketRule(), "Crop")
        assert edit.label == "Crop 3 images"
        project.apply(edit)
        for image in project.images(project.select("")):
            width, height = Recipe.from_json(image.recipe).size_after((image.width, image.height))
            assert abs(width / height - 3) < 0.1
        project.apply(copy_steps(project.images([2, 3]), Recipe((Turn(1),))))
        project.apply(change_recipes("Off", project.images([2]), lambda r: r.switched(0)))
        assert Recipe.from_json(project.image(2).recipe).active == ()
        project.apply(clear_recipes(project.images([1, 2, 3])))
        assert {image.recipe for image in project.images([1, 2, 3])} == {""}
        for _ in range(4):
            project.undo()
        assert project.images([1, 2, 3]) == images


def test_a_step_is_moved_changed_and_taken_out() -> None:
    recipe = Recipe((Turn(1), Crop(0, 0, 5, 5, 10, 10)))
    assert recipe.moved(1, 0).steps == (recipe.steps[1], recipe.steps[0])
    assert recipe.with_step(0, None).steps == recipe.steps[1:]
    assert recipe.with_step(2, Turn(2)).steps == (*recipe.steps, Turn(2))
    assert recipe.size_before(1, (20, 30)) == (30, 20)


def test_a_recipe_that_is_another_by_now_is_left_as_it_is(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        (image,) = fill(project, 1)
        project.apply(change_shown("Turn", [image], "", lambda _recipe: Recipe((Turn(1),))))
        with pytest.raises(UserError, match="changed meanwhile"):
            change_shown("Turn", project.images([image.id]), "", lambda recipe: recipe)
