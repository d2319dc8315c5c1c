"""Small pictures with copies of them, as somebody scrapes them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from tests.helpers.pictures import photo, write

SIZE = (240, 180)
SHAPES = 80


def original(seed: int) -> Image.Image:
    """A picture with detail at every scale, and with corners to know it by."""
    picture = photo(seed, SIZE)
    pen, dice = ImageDraw.Draw(picture), random.Random(seed)
    for _ in range(SHAPES):
        left, top = dice.randrange(SIZE[0]), dice.randrange(SIZE[1])
        box = (left, top, left + dice.randint(4, 40), top + dice.randint(4, 40))
        colour = tuple(dice.randrange(256) for _ in range(3))
        dice.choice((pen.rectangle, pen.ellipse))(box, fill=colour)
    return picture


def _half(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // 2, picture.height // 2))


def _cut(picture: Image.Image) -> Image.Image:
    return picture.crop((20, 10, picture.width - 30, picture.height - 20))


# The name of a copy, what is done to the picture, and the kind of duplicate that this makes.
WAYS: Mapping[str, tuple[Callable[[Image.Image], Image.Image], str]] = {
    "same.bmp": (lambda picture: picture, "pixels"),
    "small.jpg": (_half, "reencoded"),
    "cut.jpg": (_cut, "edited"),
    "mirrored.jpg": (ImageOps.mirror, "edited"),
}


def scraped(folder: Path, strangers: int = 1) -> dict[str, str]:
    """Write an original `0.png` .. for each way, a copy `0 same.bmp` .., and some without a copy.

    Returns the kind by the name of the copy.
    """
    kinds = {}
    for seed, (name, (edit, kind)) in enumerate(WAYS.items()):
        write(folder / f"{seed}.png", original(seed))
        write(folder / f"{seed} {name}", edit(original(seed)))
        kinds[f"{seed} {name}"] = kind
    for seed in range(len(WAYS), len(WAYS) + strangers):
        write(folder / f"{seed}.png", original(seed))
    return kinds
