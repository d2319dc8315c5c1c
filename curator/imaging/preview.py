"""What a tool of the window shows: the picture before a step, and with it, as large as a screen.

Callable in any thread but the window's.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image as Pillow

from curator.core.recipe import Recipe
from curator.core.records import Image
from curator.core.steps import HAND, CutOut, Step
from curator.imaging.cutout import grab, replace_background
from curator.imaging.render import apply, render_small


def picture_before(
    image: Image, recipe: Recipe, place: int, root: Path, side_px: int, max_pixels: int
) -> Pillow.Image:
    """The picture that the step at a place gets, no wider or higher than `side_px`.

    What takes a model and is not made yet is left out. Raises BadImage.
    """
    before = replace(image, recipe=Recipe(recipe.steps[:place]).to_json())
    return render_small(before, root, side_px, max_pixels, for_now=True)


def with_step(step: Step, picture: Pillow.Image) -> Pillow.Image:
    """The picture after one step; a cut-out by hand is made here, which takes a second."""
    if isinstance(step, CutOut) and step.model == HAND:
        return replace_background(step, picture, grab(step, picture))
    return apply(Recipe((step,)), picture)
