"""A crop while it is drawn: what pulling, moving and nudging make of its box.

Boxes are in whole pixels of the picture that is cropped, and never leave it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from curator.core.geometry import (
    Box,
    Size,
    largest_inside,
    placed,
    rounded,
    scaled,
    smallest_around,
)
from curator.core.training_fit import fit_of
from trainer.buckets import BucketRule, bucket_resolutions

Handle = tuple[int, int]  # -1 left or top, 0 neither, 1 right or bottom
HANDLES: Sequence[Handle] = tuple(
    (across, down) for down in (-1, 0, 1) for across in (-1, 0, 1) if (across, down) != (0, 0)
)


@dataclass(frozen=True, slots=True)
class CropFrame:
    """The box in a picture of `size`; with a `ratio` (width, height) it keeps that."""

    size: Size
    box: Box
    ratio: Size | None = None

    @classmethod
    def whole(cls, size: Size, ratio: Size | None = None) -> CropFrame:
        """All of the picture, or as much of its middle as has the ratio."""
        inner = size if ratio is None else largest_inside(size, ratio)
        return cls(size, placed(inner, size), ratio)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is cut off."""
        return self.box == Box(0, 0, *self.size)

    def with_ratio(self, ratio: Size | None) -> CropFrame:
        """With another ratio: about the same middle, of about the same area."""
        if ratio is None:
            return replace(self, ratio=None)
        width, height = self.box.size
        wide = math.sqrt(width * height * ratio[0] / ratio[1])
        high = math.sqrt(width * height * ratio[1] / ratio[0])
        room = min(rounded(wide), self.size[0]), min(rounded(high), self.size[1])
        inner = largest_inside((max(room[0], 1), max(room[1], 1)), ratio)
        return replace(self, box=around(self.box, inner, self.size), ratio=ratio)

    def moved(self, across: int, down: int) -> CropFrame:
        """Moved by pixels, as far as the picture goes."""
        left, top, right, bottom = self.box
        across = min(max(across, -left), self.size[0] - right)
        down = min(max(down, -top), self.size[1] - bottom)
        box = Box(left + across, top + down, right + across, bottom + down)
        return replace(self, box=box)

    def grown(self, across: int, down: int) -> CropFrame:
        """Its right and bottom edges moved by pixels; with a ratio the other side follows."""
        if self.ratio is None or (across and down):
            return self.pulled((1, 1), self.box.right + across, self.box.bottom + down)
        if across:
            return self.pulled((1, 0), self.box.right + across, 0)
        return self.pulled((0, 1), 0, self.box.bottom + down)

    def pulled(self, handle: Handle, x: float, y: float) -> CropFrame:
        """With the edges of a handle pulled to a point of the picture; the others stay."""
        free = Box(*_edges(self.box, handle, (x, y), self.size))
        if self.ratio is None:
            return replace(self, box=free)
        across, down = handle
        wide, high = free.size
        if not across:
            wide = rounded(high * self.ratio[0] / self.ratio[1])
        elif not down or wide * self.ratio[1] > high * self.ratio[0]:
            high = rounded(wide * self.ratio[1] / self.ratio[0])
        else:
            wide = rounded(high * self.ratio[0] / self.ratio[1])
        room = (
            _room(across, self.box.left, self.box.right, self.size[0]),
            _room(down, self.box.top, self.box.bottom, self.size[1]),
        )
        inner = max(wide, 1), max(high, 1)
        if inner[0] > room[0] or inner[1] > room[1]:
            inner = largest_inside(room, self.ratio)
        left = _start(across, self.box.left, self.box.right, inner[0])
        top = _start(down, self.box.top, self.box.bottom, inner[1])
        box = Box(left, top, left + inner[0], top + inner[1])
        return replace(self, box=_inside(box, self.size))

    def framed_like(self, other: CropFrame) -> CropFrame:
        """The same part of this picture that `other` is of its own, with the same ratio."""
        box = scaled(other.box, other.size, self.size)
        if other.ratio is not None:
            box = around(box, largest_inside(box.size, other.ratio), self.size)
        return replace(self, box=box, ratio=other.ratio)


def around(box: Box, inner: Size, size: Size) -> Box:
    """A box of the size `inner` about the middle of another, moved into the picture."""
    left = (box.left + box.right - inner[0]) // 2
    top = (box.top + box.bottom - inner[1]) // 2
    return _inside(Box(left, top, left + inner[0], top + inner[1]), size)


def _inside(box: Box, size: Size) -> Box:
    left = min(max(box.left, 0), max(size[0] - box.size[0], 0))
    top = min(max(box.top, 0), max(size[1] - box.size[1], 0))
    return Box(left, top, min(left + box.size[0], size[0]), min(top + box.size[1], size[1]))


def _edges(
    box: Box, handle: Handle, to: tuple[float, float], size: Size
) -> tuple[int, int, int, int]:
    """Left, top, right and bottom with those of the handle at a point, a pixel apart at least."""
    starts, ends = [box.left, box.top], [box.right, box.bottom]
    for axis in (0, 1):
        at = min(max(rounded(to[axis]), 0), size[axis])
        if handle[axis] < 0:
            starts[axis] = min(at, ends[axis] - 1)
        elif handle[axis] > 0:
            ends[axis] = max(at, starts[axis] + 1)
    return starts[0], starts[1], ends[0], ends[1]


def _room(side: int, start: int, end: int, length: int) -> int:
    """How long a box may become whose other edge, or middle, stays where it is."""
    if side > 0:
        return length - start
    if side < 0:
        return end
    return min(start + end, 2 * length - start - end)


def _start(side: int, start: int, end: int, length: int) -> int:
    """Where a box of another length begins."""
    if side > 0:
        return start
    return end - length if side < 0 else (start + end - length) // 2


def nearest_ratios(size: Size, rule: BucketRule) -> list[Size]:
    """The ratios of the buckets as their sizes: the picture's own, then those nearest to it."""
    buckets = bucket_resolutions(rule.resolution, rule.min_reso, rule.max_reso, rule.step)
    own, first = math.log(size[0] / size[1]), fit_of(size, rule).bucket
    near = sorted(buckets, key=lambda one: (abs(math.log(one[0] / one[1]) - own), one))
    return [first, *(one for one in near if one != first)]


# How much around a face, in heights of it: above its top, and from there down.
_PARTS = {"upper body": (0.7, 4.2), "head": (0.55, 2.0)}
_AROUND = 0.05  # of a subject's longer side
Proposal = tuple[str, Box]
Face = tuple[float, float, float, float]  # left, top, width, height in shares of the picture


class Subject(NamedTuple):
    """What a mask covers, its edges in shares of the picture, and about where its face is."""

    left: float
    top: float
    right: float
    bottom: float
    face: Face


def proposals(face: Face, frame: CropFrame, subject: Subject | None = None) -> list[Proposal]:
    """Full, upper body and head about a face; full holds the subject where one is known.

    With a ratio they have it; a box that would leave the picture is moved into it.
    """
    width, height = frame.size
    tall = max(face[3] * height, 1.0)
    middle, top = (face[0] + face[2] / 2) * width, face[1] * height
    ratio = frame.ratio or (2, 3)
    found: list[Proposal] = []
    full = frame.size if frame.ratio is None else largest_inside(frame.size, frame.ratio)
    at = rounded(middle - full[0] / 2), rounded(top - tall)
    whole = _inside(Box(*at, at[0] + full[0], at[1] + full[1]), frame.size)
    found.append(("full", whole if subject is None else _about(subject, frame)))
    if subject is not None and not _is_upright(subject, frame.size):
        return found  # where the head of what lies or walks is, its outline does not tell
    for name, (above, down) in _PARTS.items():
        square = ratio if frame.ratio is not None or name != "head" else (1, 1)
        high = max(rounded(tall * down), 1)
        inner = max(rounded(high * square[0] / square[1]), 1), high
        if inner[0] > width or inner[1] > height:
            inner = largest_inside(frame.size, square)
        left, upper = rounded(middle - inner[0] / 2), rounded(top - tall * above)
        box = _inside(Box(left, upper, left + inner[0], upper + inner[1]), frame.size)
        if box not in [one for _name, one in found]:
            found.append((name, box))
    return found


def _is_upright(subject: Subject, size: Size) -> bool:
    wide, high = subject.right - subject.left, subject.bottom - subject.top
    return high * size[1] >= wide * size[0]


def _about(subject: Subject, frame: CropFrame) -> Box:
    """The box that holds a subject and a little around it, as far as the picture goes."""
    width, height = frame.size
    box = Box(
        rounded(subject.left * width),
        rounded(subject.top * height),
        rounded(subject.right * width),
        rounded(subject.bottom * height),
    )
    more = max(2 * rounded(max(box.size) * _AROUND), 1)
    inner = min(box.size[0] + more, width), min(box.size[1] + more, height)
    if frame.ratio is not None:
        inner = smallest_around(inner, frame.ratio)
        if inner[0] > width or inner[1] > height:
            inner = largest_inside(frame.size, frame.ratio)
    return around(box, inner, frame.size)
