"""Points of a source in what a recipe makes of it, and back."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from curator.core.frames_of_reference import affine_of, to_shown, to_source
from curator.core.recipe import Recipe
from curator.core.regions import Ellipse, Polygon, Stroke
from curator.core.steps import Adjust, Crop, Pad, Resize, Step, Straighten, Turn, Upscale
from curator.imaging.render import apply

SIZE = (96, 64)
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(Turn, st.integers(0, 3), st.booleans()),
    st.builds(Straighten, st.floats(-20, 20)),
    st.builds(
        lambda x, y: Crop(x, y, 96 - 2 * x, 64 - y, *SIZE), st.integers(0, 20), st.integers(0, 9)
    ),
    st.builds(Resize, st.integers(40, 200), st.just(0) | st.integers(30, 150)),
    st.builds(Pad, st.integers(1, 3), st.integers(1, 3)),
    st.just(Upscale(2)),
    st.just(Adjust(1.0)),
)
RECIPES = st.builds(Recipe, st.lists(STEPS, max_size=4).map(tuple))
POINTS = st.tuples(st.floats(0, 1), st.floats(0, 1))


@given(RECIPES, st.lists(POINTS, min_size=1, max_size=4))
def test_what_was_drawn_comes_back_to_its_place(
    recipe: Recipe, points: list[tuple[float, float]]
) -> None:
    region = (Stroke(tuple(points), 0.1), Polygon(tuple(points)))
    back = to_shown(to_source(region, recipe, SIZE), recipe, SIZE)
    for shape, again in zip(region, back, strict=True):
        assert np.allclose(shape.points, again.points, atol=1e-6)  # type: ignore[attr-defined]
    stroke = back[0]
    assert isinstance(stroke, Stroke)
    assert math.isclose(stroke.size, 0.1, rel_tol=1e-6)


@given(RECIPES, st.integers(24, 71), st.integers(20, 43))
def test_a_spot_of_the_source_is_where_the_steps_bring_it(recipe: Recipe, x: int, y: int) -> None:
    """The pixels of a bright spot, by the steps themselves, have their middle there."""
    pixels = np.zeros((64, 96, 3), np.uint8)
    pixels[y - 2 : y + 3, x - 2 : x + 3] = 255
    plain = Recipe(tuple(step for step in recipe.steps if not isinstance(step, Adjust)))
    made = apply(Recipe(tuple(_black(s) for s in plain.steps)), Image.fromarray(pixels))
    light = np.asarray(made.convert("L"), np.float64)
    place = affine_of(recipe, SIZE).at(x + 0.5, y + 0.5)
    assume(min(*place, made.width - place[0], made.height - place[1]) >= 20)
    assume(stays_whole(plain, x, y))
    rows, columns = np.mgrid[: made.height, : made.width]
    middle = (columns * light).sum() / light.sum() + 0.5, (rows * light).sum() / light.sum() + 0.5
    assert np.allclose(middle, place, atol=0.6)


def stays_whole(recipe: Recipe, x: int, y: int) -> bool:
    """Whether no step cuts the spot off; borders may come after one that did."""
    size = SIZE
    for count, step in enumerate(recipe.steps, start=1):
        size = step.size_after(size)
        frame = affine_of(Recipe(recipe.steps[:count]), SIZE)
        for corner in ((x - 4, y - 4), (x + 5, y - 4), (x - 4, y + 5), (x + 5, y + 5)):
            if not all(0 < at < most for at, most in zip(frame.at(*corner), size, strict=True)):
                return False
    return True


def _black(step: Step) -> Step:
    return Pad(step.width, step.height, "black") if isinstance(step, Pad) else step


def test_an_ellipse_becomes_a_polygon_where_the_frame_changes() -> None:
    region = (Ellipse(0.5, 0.5, 0.2, 0.1),)
    assert to_shown(region, Recipe(), SIZE) == region
    (polygon,) = to_shown(region, Recipe((Turn(1),)), SIZE)
    assert isinstance(polygon, Polygon)
    xs, ys = zip(*polygon.points, strict=True)
    assert (round(max(xs) - min(xs), 3), round(max(ys) - min(ys), 3)) == (0.2, 0.4)
