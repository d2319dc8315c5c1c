"""A picture as the project shows it: the source with its recipe's steps applied."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image as Pillow
from PIL import ImageColor

from curator.core.geometry import Size
from curator.core.recipe import Recipe
from curator.core.records import Image
from curator.core.steps import (
    Adjust,
    Blur,
    Crop,
    CutOut,
    Heal,
    Pad,
    Paint,
    Resize,
    Step,
    Straighten,
    Turn,
    Upscale,
)
from curator.imaging import reshape, retouch
from curator.imaging.load import examine, load

Make = Callable[[int, Step, Pillow.Image], Pillow.Image]


class NotMade(Exception):
    """A step takes a neural model or seconds; a job makes what it gives, and keeps it."""

    def __init__(self, place: int, step: Step) -> None:
        super().__init__(f"step {place}, {step.kind}, is not made yet")
        self.place, self.step = place, step


def render(image: Image, root: Path, max_pixels: int, make: Make | None = None) -> Pillow.Image:
    """The picture in mode RGB or RGBA: upright, sRGB, alpha kept, recipe applied.

    `root`: the project folder, where each frame of an animation has a file of its own. `make`: see
    `apply`. Raises BadImage when the source can't be decoded any more.
    """
    return apply(Recipe.from_json(image.recipe), load(root / image.path, max_pixels), make)


def render_small(image: Image, root: Path, max_side: int, max_pixels: int) -> Pillow.Image:
    """As `render`, no wider or higher than `max_side` pixels, scaled while it is decoded.

    Steps are applied to the small picture, which shows what they do to the whole one. Raises
    NotMade for a heavy step.
    """
    recipe = Recipe.from_json(image.recipe)
    size = image.width, image.height
    # A crop is decoded as much larger as it is enlarged; a border or an upscale needs less.
    largest, shown = max(size), max(recipe.size_after(size))
    enlarged = max_side * largest / min(shown, _grown(recipe, size))
    side = max_side if not recipe.active else min(largest, math.ceil(enlarged))
    small = examine(root / image.path, side, max_pixels).small
    made = apply(_shrunk(recipe, size, small.size), small)
    return made if max(made.size) <= max_side else _fitted(made, max_side)


def _grown(recipe: Recipe, size: Size) -> float:
    """The longer side of what a recipe makes of the source's own pixels, unresized."""
    factor = 1.0
    for step in recipe.active:
        after = step.size_after(size)
        if isinstance(step, Resize | Upscale):
            factor *= max(after) / max(size)
        size = after
    return max(size) / factor


def _shrunk(recipe: Recipe, size: Size, small: Size) -> Recipe:
    """What does to a small picture what the recipe does to one of `size`."""
    scale = max(small) / max(size)
    steps: list[Step] = []
    for step in recipe.active:
        after = step.size_after(size)
        if not isinstance(step, Resize | Upscale):
            steps.append(step)
        elif is_heavy(step):
            raise NotMade(len(steps), step)
        else:
            scale *= max(size) / max(after)
            wide, high = (max(round(side * scale), 1) for side in after)
            steps.append(Resize(wide, high))
        size = after
    return Recipe(tuple(steps))


def _fitted(picture: Pillow.Image, max_side: int) -> Pillow.Image:
    factor = max_side / max(picture.size)
    wide, high = (max(round(side * factor), 1) for side in picture.size)
    return reshape.resized(picture, (wide, high))


def is_heavy(step: Step) -> bool:
    """Whether a step takes a model or seconds, so that what it gives is made once and kept."""
    return isinstance(step, CutOut) or (isinstance(step, Upscale) and step.model != "lanczos")


def apply(recipe: Recipe, picture: Pillow.Image, make: Make | None = None) -> Pillow.Image:
    """The picture after all steps of the recipe; the one given is left as it is.

    `make` gives what a heavy step, at a place among the recipe's steps, makes of a picture; without
    it such a step raises NotMade.
    """
    for place, step in enumerate(recipe.steps):
        if step.off:
            continue
        if not is_heavy(step):
            picture = STEPS[step.kind](step, picture)
        elif make is None:
            raise NotMade(place, step)
        else:
            picture = make(place, step, picture)
    return picture


def flatten(picture: Pillow.Image, colour: str) -> Pillow.Image:
    """The picture in mode RGB, laid over `colour` (a CSS name or #rrggbb) where it has alpha."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Pillow.new("RGBA", picture.size, ImageColor.getrgb(colour))
    return Pillow.alpha_composite(ground, picture).convert("RGB")


STEPS: Mapping[str, Callable[[Any, Pillow.Image], Pillow.Image]] = {
    Turn.kind: reshape.turn,
    Straighten.kind: reshape.straighten,
    Crop.kind: reshape.crop,
    Resize.kind: reshape.resize,
    Pad.kind: reshape.pad,
    Adjust.kind: retouch.adjust,
    Heal.kind: retouch.heal,
    Blur.kind: retouch.blur,
    Paint.kind: retouch.paint,
    Upscale.kind: reshape.upscale,
}
