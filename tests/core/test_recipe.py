"""Recipes as text, and the names caches know them by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import UserError
from curator.core.recipe import Recipe, Turn
from curator.core.steps import Crop, Pad, Upscale
from curator.imaging.render import apply
from tests.helpers.pictures import draw

RECIPES = st.lists(st.builds(Turn, st.integers(0, 3), st.booleans()), max_size=4).map(
    lambda steps: Recipe(tuple(steps))
)


@given(RECIPES)
def test_a_recipe_survives_its_text(recipe: Recipe) -> None:
    assert Recipe.from_json(recipe.to_json()) == recipe


@given(RECIPES, RECIPES)
def test_different_recipes_have_different_keys(one: Recipe, other: Recipe) -> None:
    assert (one.key() == other.key()) == (one == other)


def test_the_empty_recipe_is_the_empty_text() -> None:
    assert Recipe().to_json() == ""
    assert Recipe().key() == ""


def test_a_step_of_a_newer_version_is_refused_with_a_sentence() -> None:
    with pytest.raises(UserError, match="dream"):
        Recipe.from_json('[{"kind": "dream"}]')


@given(turns=st.lists(st.builds(Turn, st.integers(0, 3), st.booleans()), max_size=6))
def test_turns_after_each_other_become_one_that_shows_the_same(turns: list[Turn]) -> None:
    recipe = Recipe()
    for turn in turns:
        recipe = recipe.turned(turn)
    assert len(recipe.steps) <= 1
    picture = draw(1, (6, 4))
    shown, expected = apply(recipe, picture), apply(Recipe(tuple(turns)), picture)
    assert (shown.size, shown.tobytes()) == (expected.size, expected.tobytes())
    assert recipe.size_after((6, 4)) == Recipe(tuple(turns)).size_after((6, 4)) == shown.size


def test_turning_back_leaves_no_step() -> None:
    assert Recipe().turned(Turn(1)).turned(Turn(3)) == Recipe()
    assert Recipe().turned(Turn(0, mirrored=True)).turned(Turn(0, mirrored=True)) == Recipe()


@given(RECIPES)
def test_a_recipe_tells_the_size_of_what_it_makes(recipe: Recipe) -> None:
    assert recipe.size_after((96, 64)) == apply(recipe, draw()).size


@pytest.mark.parametrize(
    "row",
    [
        '"kind":"crop","left":0,"top":0,"right":9,"bottom":9,"of_width":0,"of_height":0',
        '"kind":"crop","left":"a","top":0,"right":9,"bottom":9,"of_width":9,"of_height":9',
        '"kind":"pad","width":0,"height":0',
        '"kind":"resize","width":-5',
        '"kind":"upscale","factor":1e300',
        '"kind":"upscale","factor":1e999',
        '"kind":"turn","quarters":"x"',
        '"kind":"turn"',
    ],
)
def test_a_damaged_step_is_refused_with_a_sentence(row: str) -> None:
    with pytest.raises(UserError, match="A recipe can't be read"):
        Recipe.from_json(f"[{{{row}}}]")


def test_a_crop_outside_or_of_no_area_keeps_a_pixel_of_the_picture() -> None:
    for box in ((5, 5, 5, 5), (-9, -9, -1, -1), (100, 100, 200, 200), (60, 40, 10, 10)):
        recipe = Recipe((Crop(*box, 96, 64),))
        assert min(recipe.size_after((96, 64))) >= 1
        assert apply(recipe, draw()).size == recipe.size_after((96, 64))
        assert recipe.size_after((1, 1)) == (1, 1)


def test_a_picture_may_not_be_made_too_large_but_may_be_large() -> None:
    panorama = (30_000, 600)
    Recipe((Turn(1), Crop(0, 0, 600, 20_000, 600, 30_000))).check(panorama)
    for step in (Pad(1, 1), Upscale(1.5)):
        with pytest.raises(UserError, match="would become"):
            Recipe((step,)).check(panorama)
