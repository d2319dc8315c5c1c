"""How a picture looks in one showing: mirrored, cropped elsewhere, its colours changed a little."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from trainer.augment_options import face_range
from trainer.buckets import Box, Placement, covering, placed
from trainer.captions import Showing
from trainer.dataset import Item
from trainer.draws import generator
from trainer.frames import Frame, frame_of
from trainer.options import Size

_COLOUR_SHARE = 0.33  # of showings whose colours change
_HUE, _GAMMA = 8.0, 0.05  # at most so far: of 180, and from 1
_FACE_SHARE = 20  # a face is moved by up to 1 / so much of its size
_FACE_LEAST = 40  # pixels; smaller faces stay in the middle


@dataclass(frozen=True, slots=True)
class Look:
    """What is done to the pixels of a picture before they are encoded.

    `hue` is added to hues that go from 0 to 180. A value v of 0..255 becomes
    255 `gain` (v / 255) ** `gamma`.
    """

    placement: Placement
    mirrored: bool = False
    hue: float = 0.0
    gamma: float = 1.0
    gain: float = 1.0


def plain_look(item: Item) -> Look:
    """The look of a picture that nothing was done to but fitting it into its bucket."""
    return Look(item.placement)


def look_of(item: Item, showing: Showing) -> Look:
    """The look of a picture in one showing, by the options of its folder; pure."""
    subset = item.subset
    look = Look(
        _placement(item, showing),
        mirrored=subset.flip_aug and generator("flip", *showing.name).random() < 0.5,
    )
    if not subset.color_aug:
        return look
    return _coloured(look, generator("colour", *showing.name), exactly=subset.exactly_as_sd_scripts)


def looks_of(items: Sequence[Item], showings: Sequence[Showing]) -> list[Look]:
    """The looks of the pictures of a batch."""
    return [look_of(item, showing) for item, showing in zip(items, showings, strict=True)]


def frame(item: Item, look: Look) -> Frame:
    """How a picture was fitted into its bucket this time."""
    return frame_of((item.width, item.height), look.placement, mirrored=look.mirrored)


def _coloured(look: Look, chance: random.Random, *, exactly: bool) -> Look:
    """Every third time, half of them another hue, half another brightness.

    sd-scripts computes v ** gamma of values up to 255, which is 255 ** (gamma - 1) times as bright.
    """
    if chance.random() >= _COLOUR_SHARE:
        return look
    as_hue, change = chance.random() < 0.5, 2 * chance.random() - 1
    if as_hue:
        return replace(look, hue=change * _HUE)
    gamma = 1 + change * _GAMMA
    return replace(look, gamma=gamma, gain=255 ** (gamma - 1) if exactly else 1.0)


def _placement(item: Item, showing: Showing) -> Placement:
    subset, usual = item.subset, item.placement
    chance = generator("crop", *showing.name)
    aside = subset.exactly_as_sd_scripts and subset.rule.enabled
    if item.face is not None and subset.face_crop_aug_range and not aside:
        size, sizes = (item.width, item.height), face_range(subset.face_crop_aug_range)
        return around_face(size, usual.bucket, item.face, sizes, chance, wide=subset.random_crop)
    if not subset.random_crop:
        return usual
    left, top = (
        _whole(chance, 0, whole - part)
        for whole, part in zip(usual.resized, usual.bucket, strict=True)
    )
    return placed(usual.bucket, usual.resized, left, top)


def around_face(
    size: Size,
    bucket: Size,
    face: Box,
    sizes: tuple[float, float],
    chance: random.Random,
    *,
    wide: bool,
) -> Placement:
    """A crop around a face, so that the bucket's short side is `sizes` times as large as it.

    The scale is drawn evenly between short / (face high) and short / (face low), where `face` is
    its longer side; it never leaves part of the bucket empty and enlarges only for that (training
    reference 1.4). The face comes to the middle, but for a 20th of itself, or anywhere (`wide`).
    """
    least = max(covering(size, bucket)[0] / size[0], covering(size, bucket)[1] / size[1])
    length = max(face[2] - face[0], face[3] - face[1])
    low, high = (min(1.0, min(bucket) / (length * times)) for times in reversed(sizes))
    low, high = max(least, low), max(least, high)
    scale = low + (high - low) * chance.random()
    scaled = [int(side * scale + 0.5) for side in size]
    resized = max(scaled[0], bucket[0]), max(scaled[1], bucket[1])
    middle = (face[0] + face[2]) * scale / 2, (face[1] + face[3]) * scale / 2
    moved = int(length * scale) // _FACE_SHARE if length * scale >= _FACE_LEAST else 0
    starts = []
    for at in (0, 1):
        point = int(middle[at] + 0.5)
        start = point - bucket[at] // 2
        if wide:
            far = max(resized[at] - point, point)
            start += _whole(chance, 0, far) + _whole(chance, 0, far) - far
        elif sizes[0] != sizes[1]:
            start += _whole(chance, -moved, moved)
        starts.append(max(0, min(start, resized[at] - bucket[at])))
    return placed(bucket, resized, *starts)


def _whole(chance: random.Random, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int(chance.random() * (high - low + 1))
