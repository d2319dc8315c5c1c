"""Steps whose numbers follow from the picture: crop, pad or enlarge to a ratio or to its bucket.

A plan is what a preset or a command says; for each picture it becomes steps of its recipe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from PIL import ImageColor

from curator.core.errors import UserError
from curator.core.geometry import Size, crop_to_ratio
from curator.core.recipe import Recipe, row_of, step_of
from curator.core.steps import Crop, Pad, Step, Upscale
from curator.core.training_fit import fit_of
from trainer.buckets import BucketRule

BUCKET, SQUARE = "bucket", "square"
FILLS = ("edge", "blur", "transparent")  # of a pad, beside colours
_NEARLY = 0.002  # a ratio as near as this is as good as met


@dataclass(frozen=True, slots=True)
class CropTo:
    """Crop to "bucket", "square" or a ratio such as "2:3"; `x`, `y`: 0.5 keeps the middle."""

    kind: ClassVar[str] = "crop_to"
    to: str
    x: float = 0.5
    y: float = 0.5

    def step(self, size: Size, rule: BucketRule) -> Step | None:
        """The crop of a picture of this size, None where it has the ratio."""
        ratio = ratio_of(self.to, size, rule)
        if _is_met(size, ratio):
            return None
        return Crop(*crop_to_ratio(size, ratio, self.x, self.y), *size)


@dataclass(frozen=True, slots=True)
class PadTo:
    """Pad to "bucket", "square" or a ratio; see `steps.Pad`."""

    kind: ClassVar[str] = "pad_to"
    to: str
    fill: str = "white"

    def step(self, size: Size, rule: BucketRule) -> Step | None:
        """The pad of a picture of this size, None where it has the ratio."""
        ratio = ratio_of(self.to, size, rule)
        return None if _is_met(size, ratio) else Pad(*ratio, self.fill)


@dataclass(frozen=True, slots=True)
class UpscaleTo:
    """Enlarge by a factor, or with factor 0 until the picture fills its bucket."""

    kind: ClassVar[str] = "upscale_to"
    factor: float = 0.0
    model: str = "lanczos"

    def step(self, size: Size, rule: BucketRule) -> Step | None:
        """The upscale of a picture of this size, None where it is large enough."""
        if self.factor:
            return Upscale(self.factor, self.model)
        fit = fit_of(size, rule)
        if fit.scale <= 1:
            return None
        # Not `fit.scale`: that is of whole pixels, and times a long side it is one pixel too many.
        return Upscale(max(fit.bucket[0] / size[0], fit.bucket[1] / size[1]), self.model)


Planned = CropTo | PadTo | UpscaleTo | Step
Plan = tuple[Planned, ...]
_KINDS: Mapping[str, type[CropTo | PadTo | UpscaleTo]] = {
    kind.kind: kind for kind in (CropTo, PadTo, UpscaleTo)
}


def steps_for(plan: Plan, size: Size, rule: BucketRule) -> tuple[Step, ...]:
    """What a plan means for a picture of this size; what it has already is left out."""
    steps = []
    for planned in plan:
        step = (
            planned.step(size, rule) if isinstance(planned, CropTo | PadTo | UpscaleTo) else planned
        )
        if step is not None:
            steps.append(step)
            size = step.size_after(size)
    return tuple(steps)


def with_plan(recipe: Recipe, plan: Plan, source: Size, rule: BucketRule) -> Recipe:
    """The recipe of a picture of `source` size, followed by what the plan means there.

    Raises UserError where the picture would become too large.
    """
    made = Recipe((*recipe.steps, *steps_for(plan, recipe.size_after(source), rule)))
    made.check(source)
    return made


def ratio_of(to: str, size: Size, rule: BucketRule) -> Size:
    """The ratio that "bucket", "square", "2:3" or "512x768" asks of a picture of this size."""
    if to == BUCKET:
        return fit_of(size, rule).bucket
    if to == SQUARE:
        return 1, 1
    sides = to.replace("x", ":").split(":")
    if len(sides) == 2 and all(side.isdecimal() and 0 < int(side) < 100_000 for side in sides):
        return int(sides[0]), int(sides[1])
    raise UserError(f'"{to}" is no ratio.', 'Use "bucket", "square", or one such as "2:3".')


def check_fill(fill: str) -> str:
    """The fill of a border, if it is one. Raises UserError."""
    if fill not in FILLS:
        check_colour(fill)
    return fill


def check_colour(colour: str) -> str:
    """A colour's name or #rrggbb, if it is one. Raises UserError."""
    try:
        ImageColor.getrgb(colour)
    except ValueError:
        raise UserError(
            f'"{colour}" is no colour.', "Use a name such as white, or #rrggbb."
        ) from None
    return colour


def _is_met(size: Size, ratio: Size) -> bool:
    return abs(size[0] * ratio[1] / (size[1] * ratio[0]) - 1) < _NEARLY


def rows_of(plan: Plan) -> list[dict[str, Any]]:
    """A plan as JSON holds it."""
    return [
        {"kind": one.kind, **asdict(one)} if one.kind in _KINDS else row_of(one)  # type: ignore[arg-type]
        for one in plan
    ]


def plan_of(rows: Sequence[Mapping[str, Any]]) -> Plan:
    """The inverse of `rows_of`. Raises UserError for what is no plan."""
    try:
        return tuple(_planned(dict(row)) for row in rows)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(f"A preset can't be read: {error}.", "Make it again.") from error


def _planned(row: dict[str, Any]) -> Planned:
    kind = _KINDS.get(row["kind"])
    if kind is None:
        return step_of(row)
    del row["kind"]
    return kind(**row)
