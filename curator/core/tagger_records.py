"""What a tagger found in pictures, as it is kept: the tagger, the tags it knows, and the scores."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TagGroup(StrEnum):
    """What a tag of a tagger is about."""

    RATING = "rating"
    GENERAL = "general"
    CHARACTER = "character"
    COPYRIGHT = "copyright"
    ARTIST = "artist"
    META = "meta"
    QUALITY = "quality"
    MODEL = "model"


SAFETY = ("general", "sensitive", "questionable", "explicit")  # ratings, the mildest first


@dataclass(frozen=True, slots=True)
class Tagger:
    """A tagger that has scored pictures, known by the `sha256` of its model's file.

    `name`: by which `tag_sources` name it. `tags`: as captions write them, in the model's order,
    with the group of each in `groups`.
    """

    sha256: str
    name: str
    tags: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """What the tagger of this `sha256` found in a picture as this recipe shows it.

    `scores`: packed by `tag_scores.packed`. `cuts`: its MCut thresholds of general tags and of
    characters, from all scores. `safety`: one of `SAFETY`, "" from a tagger that knows none.
    """

    sha256: str
    image_id: int
    recipe: str
    scores: bytes
    cuts: tuple[float, float]
    safety: str


@dataclass(frozen=True, slots=True)
class Preparation:
    """How a picture becomes what a tagger takes: a square of floats, value * scale + offset.

    `padding`: "white", scaled bicubically after it is padded, or "edge", padded by its own rim
    after it was scaled to fit by areas. `bgr`: the order of channels, else RGB.
    """

    side: int
    padding: str
    bgr: bool
    channels_last: bool
    scale: float = 1.0
    offset: float = 0.0
