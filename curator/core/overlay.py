"""Laying pictures that show the same on each other: affine maps along the pairs of a group."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curator.core.duplicates import Pair
from curator.core.errors import UserError
from curator.core.recipe import Recipe, Turn
from curator.core.records import Image

# x' = m0 x + m1 y + m2, y' = m3 x + m4 y + m5
Affine = tuple[float, ...]
SAME: Affine = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
MIRROR: Affine = (-1.0, 0.0, 1.0, 0.0, 1.0, 0.0)
QUARTER: Affine = (0.0, -1.0, 1.0, 1.0, 0.0, 0.0)  # clockwise: what was on top is at the right
_CORNERS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
_FLAT = 1e-9  # a map that leaves no area can't be inverted


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground on which pictures of a group lie upon each other.

    `size`: its width and height in pixels of the picture that the others are laid on. `maps`: by
    image id, from shares of the picture's width and height, as it was imported, to such pixels.
    """

    size: tuple[float, float]
    maps: Mapping[int, Affine]


def lay(images: Sequence[Image], pairs: Iterable[Pair], onto: int) -> Ground:
    """Lay pictures on one of them, which stands as it is shown; the ground holds them whole.

    Those that no chain of pairs leads to are left out.
    """
    below = next(image for image in images if image.id == onto)
    width, height = _shown_size(below)
    turned = then(_turn_of(below), (float(width), 0.0, 0.0, 0.0, float(height), 0.0))
    known = {image.id for image in images}
    maps = {i: then(one, turned) for i, one in maps_onto(pairs, onto).items() if i in known}
    corners = [at(one, corner) for one in maps.values() for corner in _CORNERS]
    # In whole pixels, so that the picture below is drawn as sharp as it is.
    left, top = (math.floor(min(c[axis] for c in corners) + _FLAT) for axis in (0, 1))
    right, bottom = (math.ceil(max(c[axis] for c in corners) - _FLAT) for axis in (0, 1))
    moved = (1.0, 0.0, float(-left), 0.0, 1.0, float(-top))
    size = float(max(1, right - left)), float(max(1, bottom - top))
    return Ground(size, {image_id: then(one, moved) for image_id, one in maps.items()})


def maps_onto(pairs: Iterable[Pair], onto: int) -> dict[int, Affine]:
    """By image id, the map from its shares to those of one image, over as few pairs as may be."""
    beside: dict[int, list[tuple[int, Affine]]] = defaultdict(list)
    for pair in sorted(pairs, key=lambda pair: -pair.likeness):
        if abs(area(pair.matrix)) > _FLAT:
            beside[pair.b].append((pair.a, pair.matrix))
            beside[pair.a].append((pair.b, inverted(pair.matrix)))
    found = {onto: SAME}
    left = [onto]
    for image_id in left:  # it grows on the way
        for other, towards in beside[image_id]:
            if other not in found:
                found[other] = then(towards, found[image_id])
                left.append(other)
    return found


def at(one: Affine, point: tuple[float, float]) -> tuple[float, float]:
    """Where a map leads a point."""
    x, y = point
    return one[0] * x + one[1] * y + one[2], one[3] * x + one[4] * y + one[5]


def area(one: Affine) -> float:
    """How many times as large areas become; below 0 they are mirrored."""
    return one[0] * one[4] - one[1] * one[3]


def then(first: Affine, second: Affine) -> Affine:
    """One map and another after it."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (
        p * a + q * d,
        p * b + q * e,
        p * c + q * f + r,
        s * a + t * d,
        s * b + t * e,
        s * c + t * f + u,
    )


def inverted(one: Affine) -> Affine:
    """The map back."""
    a, b, c, d, e, f = one
    size = area(one)
    return (
        e / size,
        -b / size,
        (b * f - c * e) / size,
        -d / size,
        a / size,
        (c * d - a * f) / size,
    )


def _shown_size(image: Image) -> tuple[int, int]:
    return Recipe(tuple(_turns_of(image))).size_after((image.width, image.height))


def _turn_of(image: Image) -> Affine:
    """From shares of a picture as it was imported to shares of it as it is shown."""
    found = SAME
    for step in _turns_of(image):
        found = then(found, MIRROR) if step.mirrored else found
        for _ in range(step.quarters % 4):
            found = then(found, QUARTER)
    return found


def _turns_of(image: Image) -> list[Turn]:
    """How it was turned; all else that was done to it has nothing to do with where it lies."""
    try:
        steps = Recipe.from_json(image.recipe).active
    except UserError:  # of a newer version; it is laid as it was imported
        return []
    return [step for step in steps if isinstance(step, Turn)]
