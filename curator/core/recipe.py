"""What is done to a picture, as data: ordered steps, rendered, never written into the source."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from curator.core.errors import UserError
from curator.core.geometry import Size
from curator.core.regions import region_of, rows_of
from curator.core.steps import REGIONS, STEPS, Step, Turn

__all__ = ["STEPS", "Recipe", "Size", "Step", "Turn"]
MOST_PIXELS = 16_384  # of one side of what a step enlarges
_TRIED, _LARGEST = (64, 64), 10**9  # a size that every step makes something of, at most this
_TYPES = {"int": int, "float": int | float, "str": str, "bool": bool}  # of fields, as annotated


@dataclass(frozen=True, slots=True)
class Recipe:
    """Steps in the order in which they are applied; the empty recipe shows the source as it is."""

    steps: tuple[Step, ...] = ()

    def to_json(self) -> str:
        """Canonical JSON, "" for the empty recipe; equal recipes give equal text."""
        if not self.steps:
            return ""
        rows = [row_of(step) for step in self.steps]
        return json.dumps(rows, separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """The inverse of `to_json`. Raises UserError for a step this version does not know."""
        try:
            rows = json.loads(text) if text else []
            return cls(tuple(step_of(dict(row)) for row in rows))
        except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
            raise UserError(
                f"A recipe can't be read: {error}.", "Take the picture's steps back and redo them."
            ) from error

    @property
    def active(self) -> tuple[Step, ...]:
        """The steps that are not switched off."""
        return tuple(step for step in self.steps if not step.off)

    def size_after(self, size: Size) -> Size:
        """The size in pixels of what it makes of a picture of this size."""
        for step in self.active:
            size = step.size_after(size)
        return size

    def size_before(self, place: int, size: Size) -> Size:
        """The size of the picture that the step at a place gets."""
        return Recipe(self.steps[:place]).size_after(size)

    def check(self, size: Size) -> None:
        """Raise UserError where it would make a picture of this size too large."""
        for step in self.active:
            before, size = size, step.size_after(size)
            if max(size) > MOST_PIXELS and math.prod(size) > math.prod(before):
                raise UserError(
                    f"The picture would become {size[0]:,} x {size[1]:,} pixels.",
                    f"Keep each side under {MOST_PIXELS:,}.",
                )

    def turned(self, turn: Turn) -> Recipe:
        """This recipe with one more turn at its end; turns that cancel each other leave no step."""
        before = list(self.steps)
        is_turned = bool(before) and isinstance(before[-1], Turn) and not before[-1].off
        last = before.pop() if is_turned else Turn(0)
        assert isinstance(last, Turn)
        both = last.then(turn)
        return Recipe((*before, both) if both != Turn(0) else tuple(before))

    def with_step(self, place: int, step: Step | None) -> Recipe:
        """Another step at a place, None for none there; one past the end adds it."""
        steps = list(self.steps)
        steps[place : place + 1] = [] if step is None else [step]
        return Recipe(tuple(steps))

    def moved(self, place: int, to: int) -> Recipe:
        """The step at a place moved to another."""
        steps = list(self.steps)
        steps.insert(to, steps.pop(place))
        return Recipe(tuple(steps))

    def switched(self, place: int) -> Recipe:
        """The step at a place switched off, or on again."""
        step = self.steps[place]
        return self.with_step(place, replace(step, off=not step.off))

    def key(self) -> str:
        """16 hex digits that name what it makes in caches; "" where it changes nothing."""
        text = Recipe(self.active).to_json()
        return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


def joined(recipes: Sequence[Recipe]) -> Recipe:
    """The recipes one after another."""
    return Recipe(tuple(step for recipe in recipes for step in recipe.steps))


def row_of(step: Step) -> dict[str, Any]:
    """A step as JSON holds it."""
    row: dict[str, Any] = {"kind": step.kind, **asdict(step)}
    if not step.off:
        del row["off"]
    for name in REGIONS:
        if name in row:
            row[name] = rows_of(getattr(step, name))
    return row


def step_of(row: dict[str, Any]) -> Step:
    """The inverse of `row_of`. Raises UserError for a kind that this version does not know.

    ValueError, TypeError, KeyError, AttributeError or ArithmeticError tell what else is wrong.
    """
    name = row.pop("kind")
    kind = STEPS.get(name)
    if kind is None:
        raise UserError(
            f'The project holds an editing step "{name}" that this version does not know.',
            "Open it with a newer version of Curator.",
        )
    for name in REGIONS:
        if name in row:
            row[name] = region_of(row[name])
    step = kind(**row)
    for field in fields(step):
        value, wanted = getattr(step, field.name), _TYPES.get(str(field.type))
        if wanted is not None and not isinstance(value, wanted):
            raise TypeError(f"{field.name} is no {field.type}")
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{field.name} is not finite")
    tried = step.size_after(_TRIED)
    if not 1 <= min(tried) <= max(tried) <= _LARGEST:
        raise ValueError("a step makes a size that no picture has")
    return step
