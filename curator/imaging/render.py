"""A picture as the project shows it: the source with its recipe's steps applied."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image as Pillow
from PIL import ImageColor

from curator.core.errors import UserError
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
    is_heavy,
)
from curator.imaging import reshape, retouch
from curator.imaging.load import examine, load
from curator.imaging.made_steps import MadeSteps

__all__ = ["NotMade", "apply", "flatten", "is_heavy", "render", "render_small"]
_SPARE = 1.25  # how much larger than wanted a picture is decoded that Lanczos scales down
Make = Callable[[int, Step, Pillow.Image], Pillow.Image | None]


class NotMade(UserError):
    """A step takes a neural model or seconds; a job makes what it gives, and keeps it."""

    def __init__(self, place: int, step: Step) -> None:
        what = "cut-out" if isinstance(step, CutOut) else "upscale"
        super().__init__(f"Its {what} is not computed yet.", "Wait for it, or write the pictures.")
        self.place, self.step = place, step


def render(image: Image, root: Path, max_pixels: int, *, for_now: bool = False) -> Pillow.Image:
    """The picture in mode RGB or RGBA: upright, sRGB, alpha kept, recipe applied.

    `root`: the project folder, where each frame of an animation has a file of its own. Heavy steps
    are taken from the cache, and NotMade is raised where one is not there, unless `for_now` leaves
    it out. Raises BadImage when the source can't be decoded any more.
    """
    recipe, made = _made(image, root)
    start, picture = made.last_whole() or (0, None)
    if picture is None:
        recipe, least = _reduced(recipe, (image.width, image.height))
        picture = load(root / image.path, max_pixels, least=least)
    return apply(_after(recipe, start), picture, _maker(made, for_now))


def render_small(
    image: Image, root: Path, max_side: int, max_pixels: int, *, for_now: bool = False
) -> Pillow.Image:
    """As `render`, no wider or higher than `max_side` pixels, scaled while it is decoded.

    Steps are applied to the small picture, which shows what they do to the whole one; what is no
    larger anyway is the same to the bit.
    """
    recipe, made = _made(image, root)
    size = image.width, image.height
    if recipe.active and max(recipe.size_after(size)) <= max_side:
        return render(image, root, max_pixels, for_now=for_now)
    start, whole = made.last_whole() or (0, None)
    if whole is not None:
        recipe, size = _after(recipe, start), whole.size
    # A crop is decoded as much larger as it is enlarged; a border or an upscale needs less.
    largest, shown = max(size), max(recipe.size_after(size))
    enlarged = max_side * largest / min(shown, _grown(recipe, size))
    side = max_side if not recipe.active else min(largest, math.ceil(enlarged))
    if whole is not None:
        small = whole if largest <= side else _fitted(whole, side)
    else:
        small = examine(root / image.path, side, max_pixels).small
    done = apply(_shrunk(recipe, size, small.size, for_now), small, _maker(made, for_now))
    return done if max(done.size) <= max_side else _fitted(done, max_side)


def _reduced(recipe: Recipe, size: Size) -> tuple[Recipe, Size | None]:
    """How small the source may be decoded, None for whole; and the recipe for what comes of it.

    Where the picture is turned, cropped and then scaled down far, what is decoded is still a
    quarter larger than what is wanted; `bench/prepare.py` compares it with scaling the whole.
    """
    at = size
    for place, step in enumerate(recipe.steps):
        if step.off:
            continue
        after = step.size_after(at)
        if isinstance(step, Resize):
            share = _SPARE * max(after[0] / at[0], after[1] / at[1])
            if share > 1 / 2:  # a JPEG is decoded at a half at most
                return recipe, None
            least = math.ceil(size[0] * share), math.ceil(size[1] * share)
            return recipe.with_step(place, Resize(*after)), least
        if not isinstance(step, Turn | Crop):
            break
        at = after
    return recipe, None


def _made(image: Image, root: Path) -> tuple[Recipe, MadeSteps]:
    recipe = Recipe.from_json(image.recipe)
    recipe.check((image.width, image.height))
    return recipe, MadeSteps(root / "cache", image, recipe)


def _after(recipe: Recipe, start: int) -> Recipe:
    """The recipe without what comes before a place; the others keep theirs."""
    before = tuple(replace(step, off=True) for step in recipe.steps[:start])
    return Recipe((*before, *recipe.steps[start:]))


def _maker(made: MadeSteps, for_now: bool) -> Make:
    """What gives kept results; `for_now` something in place of those that are not there yet."""

    def make(place: int, step: Step, picture: Pillow.Image) -> Pillow.Image | None:
        found = made.make(place, step, picture)
        if found is not None or not for_now:
            return found
        return reshape.upscale(step, picture) if isinstance(step, Upscale) else picture

    return make


def _grown(recipe: Recipe, size: Size) -> float:
    """The longer side of what a recipe makes of the source's own pixels, unresized."""
    factor = 1.0
    for step in recipe.active:
        after = step.size_after(size)
        if isinstance(step, Resize | Upscale):
            factor *= max(after) / max(size)
        size = after
    return max(size) / factor


def _shrunk(recipe: Recipe, size: Size, small: Size, for_now: bool) -> Recipe:
    """What does to a small picture what the recipe does to one of `size`; places stay."""
    scale = max(small) / max(size)
    steps: list[Step] = []
    for step in recipe.steps:
        after = size if step.off else step.size_after(size)
        if step.off or not isinstance(step, Resize | Upscale):
            steps.append(step)
        elif is_heavy(step) and not for_now:
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


def apply(recipe: Recipe, picture: Pillow.Image, make: Make | None = None) -> Pillow.Image:
    """The picture after all steps of the recipe; the one given is left as it is.

    `make` gives what a heavy step, at a place among the recipe's steps, makes of a picture; without
    it, or where it gives None, such a step raises NotMade.
    """
    for place, step in enumerate(recipe.steps):
        if step.off:
            continue
        if not is_heavy(step):
            picture = STEPS[step.kind](step, picture)
            continue
        found = make(place, step, picture) if make is not None else None
        if found is None:
            raise NotMade(place, step)
        picture = found
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
