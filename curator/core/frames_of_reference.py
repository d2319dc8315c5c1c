"""Where the points of a picture's source lie in what its recipe makes, and back.

All steps that change a picture's frame are affine; the others leave every point where it is.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

from curator.core.geometry import Size, placed
from curator.core.recipe import Recipe
from curator.core.regions import Ellipse, Point, Polygon, Region, Shape, Stroke
from curator.core.steps import Crop, Pad, Step, Straighten, Turn

_CORNERS = 72  # of the polygon that stands for an ellipse; a thousandth of its radius is lost


class Affine(NamedTuple):
    """x' = a x + b y + c, y' = d x + e y + f, in pixels; a pixel reaches from n to n + 1."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    def at(self, x: float, y: float) -> Point:
        """Where a point goes."""
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def then(self, after: Affine) -> Affine:
        """The one that does this and then the other."""
        x, y = after.at(self.c, self.f)
        return Affine(
            after.a * self.a + after.b * self.d,
            after.a * self.b + after.b * self.e,
            x,
            after.d * self.a + after.e * self.d,
            after.d * self.b + after.e * self.e,
            y,
        )

    def inverted(self) -> Affine:
        """The way back."""
        a, b, c, d, e, f = self
        area = self.area
        return Affine(
            e / area, -b / area, (b * f - c * e) / area, -d / area, a / area, (c * d - a * f) / area
        )

    @property
    def area(self) -> float:
        """How much larger areas become; negative where it mirrors."""
        return self.a * self.e - self.b * self.d


def affine_of(recipe: Recipe, size: Size) -> Affine:
    """From the pixels of a source of this size to those of what the recipe makes of it."""
    whole = Affine()
    for step in recipe.active:
        whole = whole.then(_affine(step, size))
        size = step.size_after(size)
    return whole


def _affine(step: Step, size: Size) -> Affine:
    after = step.size_after(size)
    match step:
        case Turn():
            return _turned(step, size)
        case Straighten():
            angle = math.radians(step.degrees)
            cosine, sine = math.cos(angle), math.sin(angle)
            middle = Affine(c=-size[0] / 2, f=-size[1] / 2)
            turned = middle.then(Affine(cosine, -sine, 0, sine, cosine, 0))
            return turned.then(Affine(c=after[0] / 2, f=after[1] / 2))
        case Crop():
            box = step.box(size)
            return Affine(c=-box.left, f=-box.top)
        case Pad():
            box = placed(size, after, step.x, step.y)
            return Affine(c=box.left, f=box.top)
    return Affine(a=after[0] / size[0], e=after[1] / size[1])


def _turned(step: Turn, size: Size) -> Affine:
    wide, high = size
    whole = Affine(a=-1, c=wide) if step.mirrored else Affine()
    for _quarter in range(step.quarters % 4):
        whole = whole.then(Affine(0, -1, high, 1, 0, 0))
        wide, high = high, wide
    return whole


def to_shown(region: Region, recipe: Recipe, size: Size) -> Region:
    """A region of the source as a region of what the recipe makes of it."""
    return _mapped(region, affine_of(recipe, size), size, recipe.size_after(size))


def to_source(region: Region, recipe: Recipe, size: Size) -> Region:
    """A region that was drawn on what the recipe makes, as one of the source of this size."""
    return _mapped(region, affine_of(recipe, size).inverted(), recipe.size_after(size), size)


def _mapped(region: Region, how: Affine, size: Size, to: Size) -> Region:
    if how == Affine() and size == to:
        return region
    return tuple(_moved(shape, how, size, to) for shape in region)


def _moved(shape: Shape, how: Affine, size: Size, to: Size) -> Shape:
    if isinstance(shape, Ellipse):
        shape = _polygon(shape)
    moved = tuple(how.at(x * size[0], y * size[1]) for x, y in shape.points)
    points = tuple((x / to[0], y / to[1]) for x, y in moved)
    if isinstance(shape, Stroke):
        across = shape.size * max(size) * math.sqrt(abs(how.area)) / max(to)
        return replace(shape, points=points, size=across)
    return replace(shape, points=points)


def _polygon(ellipse: Ellipse) -> Polygon:
    turns = (2 * math.pi * n / _CORNERS for n in range(_CORNERS))
    points = tuple(
        (ellipse.x + ellipse.radius_x * math.cos(t), ellipse.y + ellipse.radius_y * math.sin(t))
        for t in turns
    )
    return Polygon(points, ellipse.erases)
