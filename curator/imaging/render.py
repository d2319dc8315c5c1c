"""A picture as the project shows it: the source with its recipe's steps applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image as Pillow
from PIL import ImageColor

from curator.core.recipe import Recipe, Step, Turn
from curator.core.records import Image
from curator.imaging.load import examine, load

_QUARTERS = {
    1: Pillow.Transpose.ROTATE_270,  # Pillow counts anticlockwise
    2: Pillow.Transpose.ROTATE_180,
    3: Pillow.Transpose.ROTATE_90,
}


def render(image: Image, root: Path, max_pixels: int) -> Pillow.Image:
    """The picture in mode RGB or RGBA: upright, sRGB, alpha kept, recipe applied.

    `root`: the project folder, where each frame of an animation has a file of its own. Raises
    BadImage when the source can't be decoded any more.
    """
    return apply(Recipe.from_json(image.recipe), load(root / image.path, max_pixels))


def render_small(image: Image, root: Path, max_side: int, max_pixels: int) -> Pillow.Image:
    """As `render`, no wider or higher than `max_side` pixels, scaled while it is decoded.

    Each step there is does to a small picture what it does to the whole one.
    """
    small = examine(root / image.path, max_side, max_pixels).small
    return apply(Recipe.from_json(image.recipe), small)


def apply(recipe: Recipe, picture: Pillow.Image) -> Pillow.Image:
    """The picture after all steps of the recipe; the one given is left as it is."""
    for step in recipe.steps:
        picture = STEPS[step.kind](step, picture)
    return picture


def flatten(picture: Pillow.Image, colour: str) -> Pillow.Image:
    """The picture in mode RGB, laid over `colour` (a CSS name or #rrggbb) where it has alpha."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Pillow.new("RGBA", picture.size, ImageColor.getrgb(colour))
    return Pillow.alpha_composite(ground, picture).convert("RGB")


def _turn(step: Turn, picture: Pillow.Image) -> Pillow.Image:
    if step.mirrored:
        picture = picture.transpose(Pillow.Transpose.FLIP_LEFT_RIGHT)
    how = _QUARTERS.get(step.quarters % 4)
    return picture if how is None else picture.transpose(how)


STEPS: Mapping[str, Callable[[Step, Pillow.Image], Pillow.Image]] = {Turn.kind: _turn}
