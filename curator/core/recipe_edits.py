"""Builders of edits of recipes: what is done to pictures, never to their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from curator.core.edits import IMAGE, Edit, FieldChange
from curator.core.errors import UserError
from curator.core.readable import count
from curator.core.recipe import Recipe
from curator.core.recipe_plans import Plan, with_plan
from curator.core.records import Image
from trainer.buckets import BucketRule


def set_recipes(label: str, recipes: Mapping[Image, Recipe]) -> Edit:
    """Give each picture its own recipe. Raises UserError where one would become too large."""
    changes = []
    for image, recipe in recipes.items():
        recipe.check((image.width, image.height))
        if (text := recipe.to_json()) != image.recipe:
            changes.append(FieldChange(IMAGE, image.id, "recipe", image.recipe, text))
    return Edit(label, tuple(changes))


def change_recipes(label: str, images: Sequence[Image], change: Callable[[Recipe], Recipe]) -> Edit:
    """Change the recipe of each picture."""
    return set_recipes(label, {i: change(Recipe.from_json(i.recipe)) for i in images})


def change_shown(
    label: str, images: Sequence[Image], shown: str, change: Callable[[Recipe], Recipe]
) -> Edit:
    """Change a recipe that was shown as `shown`. Raises UserError where it is another by now."""
    if any(image.recipe != shown for image in images):
        raise UserError("The picture's steps were changed meanwhile.", "Look again, and repeat it.")
    return change_recipes(label, images, change)


def add_plan(images: Sequence[Image], plan: Plan, rule: BucketRule, verb: str = "Prepare") -> Edit:
    """Add to each picture's recipe what a plan means for it."""
    recipes = {
        image: with_plan(Recipe.from_json(image.recipe), plan, (image.width, image.height), rule)
        for image in images
    }
    return set_recipes(f"{verb} {count(len(images), 'image')}", recipes)


def copy_steps(images: Sequence[Image], recipe: Recipe) -> Edit:
    """Give pictures the steps of another one in place of their own."""
    label = f"Paste the steps to {count(len(images), 'image')}"
    return set_recipes(label, dict.fromkeys(images, recipe))


def clear_recipes(images: Sequence[Image]) -> Edit:
    """Show pictures as they were imported."""
    label = f"Take the steps of {count(len(images), 'image')} back"
    return set_recipes(label, dict.fromkeys(images, Recipe()))
