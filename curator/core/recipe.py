"""What is done to a picture, as data: ordered steps, rendered, never written into the source.

A new kind of step is a frozen dataclass with a `kind`, a row in `STEPS`, and a row in
`curator.imaging.render.STEPS` that says what it does to pixels.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from curator.core.errors import UserError

Size = tuple[int, int]  # width, height in pixels


@dataclass(frozen=True, slots=True)
class Turn:
    """Turn clockwise by `quarters` x 90 degrees, after mirroring left to right when `mirrored`."""

    kind: ClassVar[str] = "turn"
    quarters: int
    mirrored: bool = False

    def size(self, width: int, height: int) -> tuple[int, int]:
        """The size in pixels of what becomes of a picture of this size."""
        return (height, width) if self.quarters % 2 else (width, height)

    def then(self, other: Turn) -> Turn:
        """The one turn that equals this one followed by `other`.

        A mirror after a turn equals the mirror before the opposite turn: R(q) M = M R(-q).
        """
        quarters = -self.quarters if other.mirrored else self.quarters
        return Turn((quarters + other.quarters) % 4, self.mirrored != other.mirrored)

    def size_after(self, size: Size) -> Size:
        """The size of a picture of `size` after this step."""
        return size if self.quarters % 2 == 0 else (size[1], size[0])


Step = Turn  # a union of the steps, once there are more
STEPS: Mapping[str, type[Step]] = {step.kind: step for step in (Turn,)}


@dataclass(frozen=True, slots=True)
class Recipe:
    """Steps in the order in which they are applied; the empty recipe shows the source as it is."""

    steps: tuple[Step, ...] = ()

    def to_json(self) -> str:
        """Canonical JSON, "" for the empty recipe; equal recipes give equal text."""
        if not self.steps:
            return ""
        rows: list[dict[str, Any]] = [{"kind": step.kind, **asdict(step)} for step in self.steps]
        return json.dumps(rows, separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """The inverse of `to_json`. Raises UserError for a step this version does not know."""
        steps: list[Step] = []
        for row in json.loads(text) if text else []:
            kind = row.pop("kind")
            if kind not in STEPS:
                raise UserError(
                    f'The project holds an editing step "{kind}" that this version does not know.',
                    "Open it with a newer version of Curator.",
                )
            steps.append(STEPS[kind](**row))
        return cls(tuple(steps))

    def size(self, width: int, height: int) -> tuple[int, int]:
        """The size in pixels of what it makes of a picture of this size."""
        for step in self.steps:
            width, height = step.size(width, height)
        return width, height

    def turned(self, turn: Turn) -> Recipe:
        """This recipe with one more turn at its end; turns that cancel each other leave no step."""
        before = list(self.steps)
        last = before.pop() if before and isinstance(before[-1], Turn) else Turn(0)
        both = last.then(turn)
        return Recipe((*before, both) if both != Turn(0) else tuple(before))

    def size_after(self, size: Size) -> Size:
        """The size of a picture of `size` after all steps."""
        for step in self.steps:
            size = step.size_after(size)
        return size

    def key(self) -> str:
        """16 hex digits that name this recipe in caches; "" for the empty one."""
        text = self.to_json()
        return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""
