"""Masks for the training as pictures, and regions found from what was cut out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pillow

from curator.core.errors import UserError
from curator.core.frames_of_reference import to_shown, to_source
from curator.core.masks import TrainingMask
from curator.core.recipe import Recipe
from curator.core.records import Image
from curator.core.regions import Point, Polygon, Region
from curator.core.steps import CutOut, Step
from curator.imaging.cutout import HAND, grab, replace_background
from curator.imaging.render import Make, NotMade, render
from curator.imaging.reshape import TRANSPARENT
from curator.imaging.retouch import Mask, mask_of

_TRACED_PX = 1024  # the longer side at which an outline is followed; the loss sees 1/8 of that
_SMALLEST = 1e-4  # the share of the picture below which a speck is left out
_STRAIGHT_PX = 1.0  # how far an outline may be off


def weights_of(image: Image, most_px: int = 0) -> Pillow.Image | None:
    """How much each pixel of the exported picture counts, in mode L, white for all.

    None where the whole picture counts. What lies outside the source, as borders do, is outside the
    region. `most_px`: no side longer than this, to be looked at.
    """
    mask = TrainingMask.from_json(image.mask)
    if mask is None:
        return None
    recipe, size = Recipe.from_json(image.recipe), (image.width, image.height)
    made = recipe.size_after(size)
    factor = min(1.0, most_px / max(made)) if most_px else 1.0
    drawn = max(round(made[0] * factor), 1), max(round(made[1] * factor), 1)
    inside = mask_of(to_shown(mask.region, recipe, size), drawn)
    learned = inside if mask.learns_inside else 1 - inside
    weights = mask.rest + (1 - mask.rest) * learned
    return Pillow.fromarray((np.clip(weights, 0, 1) * 255 + 0.5).astype(np.uint8))


def subject_region(image: Image, root: Path, max_pixels: int, make: Make | None = None) -> Region:
    """What the last cut-out of a picture's recipe leaves, or its own alpha, in the source's shares.

    Raises UserError where there is nothing of the kind, or it is not computed yet.
    """
    recipe = Recipe.from_json(image.recipe)
    places = [n for n, step in enumerate(recipe.steps) if isinstance(step, CutOut) and not step.off]
    if places:
        last = recipe.steps[places[-1]]
        assert isinstance(last, CutOut)
        recipe = Recipe((*recipe.steps[: places[-1]], replace(last, fill=TRANSPARENT)))
    try:
        picture = render(
            replace(image, recipe=recipe.to_json()), root, max_pixels, make or _by_hand
        )
    except NotMade as error:
        raise UserError(
            f"The cut-out of {image.name} is not computed yet.", "Look at the picture first."
        ) from error
    if picture.mode != "RGBA":
        raise UserError(f"{image.name} has no cut-out.", "Cut its background out first.")
    found = traced(np.asarray(picture.getchannel("A"), np.float32) / np.float32(255))
    if not found:
        raise UserError(f"Nothing is left of {image.name} by its cut-out.", "Mend the cut-out.")
    return to_source(found, recipe, (image.width, image.height))


def _by_hand(place: int, step: Step, picture: Pillow.Image) -> Pillow.Image:
    if not isinstance(step, CutOut) or step.model != HAND:
        raise NotMade(place, step)
    return replace_background(step, picture, grab(step, picture))


def traced(mask: Mask) -> Region:
    """The outlines of what a mask covers by more than half, of shape (height, width), 0 to 1."""
    high, wide = mask.shape
    factor = min(1.0, _TRACED_PX / max(high, wide))
    size = max(round(wide * factor), 1), max(round(high * factor), 1)
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    covered = np.pad((small > 0.5).astype(np.uint8), 1)  # so that outlines at the rim are closed
    outlines, levels = cv2.findContours(covered, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    found: list[tuple[float, Polygon]] = []
    for number, outline in enumerate(outlines):
        area = cv2.contourArea(outline)
        if area < _SMALLEST * size[0] * size[1]:
            continue
        corners = cv2.approxPolyDP(outline, _STRAIGHT_PX, True).reshape(-1, 2)
        points: tuple[Point, ...] = tuple(
            ((x - 0.5) / size[0], (y - 0.5) / size[1]) for x, y in corners.tolist()
        )
        found.append((area, Polygon(points, erases=bool(levels[0][number][3] >= 0))))
    # An island lies in a hole that lies in what is larger than both.
    found.sort(key=lambda one: -one[0])
    return tuple(polygon for _area, polygon in found)
