"""Masks for the training as pictures, and regions found from what was cut out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pillow

from curator.core.crop_frame import Subject
from curator.core.errors import UserError
from curator.core.frames_of_reference import to_shown, to_source
from curator.core.masks import TrainingMask
from curator.core.recipe import Recipe
from curator.core.records import Image
from curator.core.regions import Point, Polygon, Region
from curator.core.steps import CutOut
from curator.imaging.render import render, render_small
from curator.imaging.reshape import TRANSPARENT
from curator.imaging.retouch import Mask, mask_of

_TRACED_PX = 1024  # the longer side at which an outline is followed; the loss sees 1/8 of that
_SEEN_PX = 256  # the longer side at which it is looked where a subject is
_HEAD = 0.12  # of a subject's height, from its top: there it is as wide as its head
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


def cut_out_alone(image: Image) -> Image:
    """The record with its steps up to the last cut-out, what that cuts off transparent."""
    steps = Recipe.from_json(image.recipe).steps
    for place, step in reversed([*enumerate(steps)]):
        if isinstance(step, CutOut) and not step.off:
            recipe = Recipe((*steps[:place], replace(step, fill=TRANSPARENT)))
            return replace(image, recipe=recipe.to_json())
    return image


def subject_region(image: Image, root: Path, max_pixels: int) -> Region:
    """What the last cut-out of a picture's recipe leaves, or its own alpha, in the source's shares.

    Raises UserError where there is nothing of the kind, or it is not computed yet.
    """
    image = cut_out_alone(image)
    picture = render(image, root, max_pixels)
    if picture.mode != "RGBA":
        raise UserError(f"{image.name} has no cut-out.", "Cut its background out first.")
    found = traced(np.asarray(picture.getchannel("A"), np.float32) / np.float32(255))
    if not found:
        raise UserError(f"Nothing is left of {image.name} by its cut-out.", "Mend the cut-out.")
    return to_source(found, Recipe.from_json(image.recipe), (image.width, image.height))


def seen_subject(image: Image, place: int, root: Path, max_pixels: int) -> Subject | None:
    """Where the subject is in the picture before the step at a place, by its mask or its cut-out.

    None where neither is there, or nothing of it is seen. Raises UserError.
    """
    recipe, size = Recipe.from_json(image.recipe), (image.width, image.height)
    mask = TrainingMask.from_json(image.mask)
    if mask is not None and mask.learns_inside:
        region = mask.region
    elif not (region := _cut_out(image, root, max_pixels)):
        return None
    before = Recipe(recipe.steps[:place])
    made = before.size_after(size)
    factor = min(1.0, _SEEN_PX / max(made))
    small = max(round(made[0] * factor), 1), max(round(made[1] * factor), 1)
    return _subject(mask_of(to_shown(region, before, size), small))


def _cut_out(image: Image, root: Path, max_pixels: int) -> Region:
    """What the last cut-out leaves, in the source's shares; nothing while it is not made."""
    alone = cut_out_alone(image)
    if alone is image:
        return ()
    picture = render_small(alone, root, _SEEN_PX, max_pixels, for_now=True)
    if picture.mode != "RGBA":
        return ()
    found = traced(np.asarray(picture.getchannel("A"), np.float32) / np.float32(255))
    return to_source(found, Recipe.from_json(alone.recipe), (image.width, image.height))


def _subject(mask: Mask) -> Subject | None:
    covered = mask > 0.5
    rows, columns = np.flatnonzero(covered.any(1)), np.flatnonzero(covered.any(0))
    if not len(rows):
        return None
    high, wide = mask.shape
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    tall = bottom - top
    head = np.flatnonzero(covered[top : top + max(round(tall * _HEAD), 1)].any(0))
    first, last = int(head[0]), int(head[-1]) + 1
    # A face is about as high as a head with its hair is wide, and begins a third below its top.
    face = min((last - first) * 0.9, tall / 2)
    at = (first + last - face) / 2 / wide, (top + 0.3 * face) / high
    return Subject(
        int(columns[0]) / wide,
        top / high,
        (int(columns[-1]) + 1) / wide,
        bottom / high,
        (*at, face / wide, face / high),
    )


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
