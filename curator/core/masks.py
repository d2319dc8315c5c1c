"""Masks for the training, as data: which parts of a picture the loss looks at.

A mask is drawn on the picture's source, so that it stays where it is when the picture is cropped or
turned afterwards.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from curator.core.edits import IMAGE, Edit, FieldChange
from curator.core.errors import UserError
from curator.core.frames_of_reference import to_source
from curator.core.readable import count
from curator.core.recipe import Recipe
from curator.core.records import Image
from curator.core.regions import Region, region_of, rows_of


@dataclass(frozen=True, slots=True)
class TrainingMask:
    """A region in shares of the source; the training learns what is inside, or outside of it.

    `learns_inside`: else what is outside. `rest`: how much the other part still counts, 0 to 1.
    """

    region: Region
    learns_inside: bool = True
    rest: float = 0.0

    def to_json(self) -> str:
        """Canonical JSON, "" where the whole picture is learned; equal masks give equal text."""
        if not self.region or self.rest >= 1:
            return ""
        row = {
            "region": rows_of(self.region),
            "learns_inside": self.learns_inside,
            "rest": self.rest,
        }
        return json.dumps(row, separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> TrainingMask | None:
        """The inverse of `to_json`, None for "". Raises UserError for what is no mask."""
        if not text:
            return None
        try:
            row = json.loads(text)
            mask = cls(region_of(row["region"]), bool(row["learns_inside"]), float(row["rest"]))
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(f"A mask can't be read: {error}.", "Draw it again.") from error
        if not math.isfinite(mask.rest):
            raise UserError("A mask can't be read: its rest is no number.", "Draw it again.")
        return mask


def set_masks(masks: Mapping[Image, TrainingMask | None]) -> Edit:
    """Give each picture its own mask, or none."""
    changes = tuple(
        FieldChange(IMAGE, image.id, "mask", image.mask, text)
        for image, mask in masks.items()
        if (text := mask.to_json() if mask else "") != image.mask
    )
    which = count(len(masks), "image")
    taken = not any(masks.values())
    return Edit(f"Take the mask of {which} away" if taken else f"Mask {which}", changes)


def clear_masks(images: Sequence[Image]) -> Edit:
    """Learn the whole of these pictures."""
    return set_masks(dict.fromkeys(images))


def drawn_on(image: Image, shapes: Region) -> TrainingMask:
    """A picture's mask with what was drawn on the picture as it is shown. Raises UserError."""
    drawn = to_source(shapes, Recipe.from_json(image.recipe), (image.width, image.height))
    before = TrainingMask.from_json(image.mask) or TrainingMask(())
    return replace(before, region=(*before.region, *drawn))
