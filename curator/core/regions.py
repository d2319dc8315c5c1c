"""Parts of a picture that a step changes: ellipses, polygons and strokes of a brush.

Coordinates are shares of the picture's width and height, lengths shares of its longer side, so
that a region fits a picture of any size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from curator.core.errors import UserError

Point = tuple[float, float]  # x, y
MOST_POINTS = 20_000  # of one shape; a stroke across a screen has some hundreds


@dataclass(frozen=True, slots=True)
class Ellipse:
    """Around (`x`, `y`), with its half axes as shares of width and height."""

    kind: ClassVar[str] = "ellipse"
    x: float
    y: float
    radius_x: float
    radius_y: float
    erases: bool = False


@dataclass(frozen=True, slots=True)
class Polygon:
    """What lies inside a closed line."""

    kind: ClassVar[str] = "polygon"
    points: tuple[Point, ...]
    erases: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A brush drawn along a line: `size` is its diameter, `hardness` from 0 (soft) to 1."""

    kind: ClassVar[str] = "stroke"
    points: tuple[Point, ...]
    size: float
    hardness: float = 1.0
    erases: bool = False


Shape = Ellipse | Polygon | Stroke
Region = tuple[Shape, ...]  # later shapes lie over earlier ones, or take away from them
SHAPES: Mapping[str, type[Shape]] = {shape.kind: shape for shape in (Ellipse, Polygon, Stroke)}


def rows_of(region: Region) -> list[dict[str, Any]]:
    """A region as JSON holds it."""
    return [{"kind": shape.kind, **asdict(shape)} for shape in region]


def region_of(rows: Sequence[Mapping[str, Any]]) -> Region:
    """The inverse of `rows_of`. Raises UserError for what is no region."""
    try:
        return tuple(_shape(dict(row)) for row in rows)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(f"A region can't be read: {error}.", "Draw it again.") from error


def _shape(row: dict[str, Any]) -> Shape:
    kind = SHAPES[row.pop("kind")]
    if "points" in row:
        row["points"] = tuple((float(x), float(y)) for x, y in row["points"][:MOST_POINTS])
    shape = kind(**row)
    numbers = [value for value in asdict(shape).values() if not isinstance(value, tuple)]
    numbers += [at for point in row.get("points", ()) for at in point]
    if not all(math.isfinite(number) for number in numbers):
        raise ValueError("a number is not finite")
    return shape
