"""What a tool of the window shows: the picture before a step, and with it, as large as a screen.

Callable in any thread but the window's.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image as Pillow

from curator.core.recipe import Recipe
from curator.core.records import Image
from curator.core.steps import HAND, PICTURE, CutOut, Step
from curator.imaging.cutout import grab, replace_background
from curator.imaging.made_steps import kept_behind
from curator.imaging.render import apply, render_small


def picture_before(
    image: Image, recipe: Recipe, place: int, root: Path, side_px: int, max_pixels: int
) -> Pillow.Image:
    """The picture that the step at a place gets, no wider or higher than `side_px`.

    What takes a model and is not made yet is left out. Raises BadImage.
    """
    before = replace(image, recipe=Recipe(recipe.steps[:place]).to_json())
    return render_small(before, root, side_px, max_pixels, for_now=True)


def with_step(step: Step, picture: Pillow.Image, cache_dir: Path) -> Pillow.Image:
    """The picture after one step; a cut-out by hand is made here, which takes a second.

    A picture that is to be laid behind, and is not in the cache yet, is grey meanwhile.
    """
    if isinstance(step, CutOut) and step.model == HAND:
        behind = None
        if step.fill.startswith(PICTURE):
            behind = kept_behind(cache_dir, step.fill.removeprefix(PICTURE))
        grey = Pillow.new("RGB", picture.size, "grey")
        return replace_background(step, picture, grab(step, picture), lambda _sha: behind or grey)
    return apply(Recipe((step,)), picture)
