"""How a picture was fitted into its bucket, as SDXL is told while it learns it."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.buckets import Placement
from trainer.options import Size


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture's `original` size, what was cut off at the `left` and `top`, and its size now.

    Sizes are (width, height); all in pixels, the cuts after resizing.
    """

    original: Size
    left: int
    top: int
    target: Size

    @property
    def numbers(self) -> tuple[int, ...]:
        """As SDXL takes them: original height and width, top, left, height and width now."""
        return (*self.original[::-1], self.top, self.left, *self.target[::-1])


def frame_of(original: Size, placement: Placement, *, mirrored: bool) -> Frame:
    """The frame of a training picture; mirrored, its right side was cut off at the left.

    Podell et al. 2023, "SDXL", 2.2. sd-scripts computes the cuts for a picture that fits into the
    bucket instead of covering it, so that it names a cut at the top where one was at the left.
    """
    left, top, right, bottom = placement.crop
    if mirrored:
        left, right = placement.resized[0] - right, placement.resized[0] - left
    return Frame(original, left, top, (right - left, bottom - top))


def whole(size: Size) -> Frame:
    """The frame of a picture of which nothing was cut off, as sample pictures are drawn."""
    return Frame(size, 0, 0, size)
