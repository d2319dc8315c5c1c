"""What is measured of a picture, declared once: columns, query words, orders and help follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any

# Raise it when a formula changes: what an older one measured is measured again.
VERSION = 1


class Better(IntEnum):
    """Which way a measure tells a better picture."""

    LOWER = -1
    NEITHER = 0
    HIGHER = 1


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a measure is called and how it is written.

    `word`: in queries and orders. `unit`: after the number. `low`, `high`: what a picture is whose
    number is low or high. `help`: one sentence with the range.
    """

    name: str
    label: str
    word: str
    unit: str
    decimals: int
    low: str
    high: str
    better: Better
    help: str

    def shown(self, value: float) -> str:
        """The number as people read it, with its unit."""
        return f"{value:,.{self.decimals}f}{self.unit}"

    @property
    def spoken(self) -> str:
        """The label inside a sentence."""
        return self.label if self.label[:2].isupper() else self.label.lower()

    def judged(self, is_high: bool) -> str:
        """What a picture is whose number is high, or low."""
        return self.high if is_high else self.low


def _measure(  # noqa: PLR0913 - each is a part of the declaration
    label: str,
    word: str,
    ends: tuple[str, str],
    better: Better,
    help: str,  # noqa: A002 - the word every declaration uses
    *,
    unit: str = "",
    decimals: int = 0,
) -> Any:
    low, high = ends
    said = {"label": label, "word": word, "unit": unit, "decimals": decimals, "help": help}
    return field(default=None, metadata={**said, "low": low, "high": high, "better": better})


@dataclass(frozen=True, slots=True)
class Measures:
    """Numbers about a picture as it was imported; None where one has no meaning for it."""

    sharpness: float | None = _measure(
        "Sharpness",
        "sharp",
        ("soft", "sharp"),
        Better.HIGHER,
        "0 to 100: detail of the sharpest parts at about one megapixel, so that a blurred"
        " background does not count against a sharp subject; noise is taken off.",
    )
    jpeg_quality: float | None = _measure(
        "JPEG quality",
        "jpegq",
        ("more compressed", "less compressed"),
        Better.HIGHER,
        "1 to 100, as the file's quantization tables say; only JPEGs have it.",
    )
    blocking: float | None = _measure(
        "JPEG blocks",
        "blocks",
        ("without JPEG blocks", "blocky"),
        Better.LOWER,
        "How much steeper the picture is at the edges of 8 x 8 blocks, in percent of its usual"
        " slope; 0 where none are seen. PNGs that once were JPEGs have it too.",
        unit=" %",
    )
    upscaled: float | None = _measure(
        "Upscaled",
        "upscaled",
        ("of its own size", "upscaled"),
        Better.LOWER,
        "How many times larger the picture is than its detail; 1 where it was not enlarged.",
        unit="x",
        decimals=1,
    )
    noise: float | None = _measure(
        "Noise",
        "noise",
        ("clean", "noisy"),
        Better.LOWER,
        "Standard deviation in levels of 255 at about one megapixel, in the smoothest parts.",
        decimals=1,
    )
    clipped: float | None = _measure(
        "Clipped",
        "clipped",
        ("well exposed", "clipped"),
        Better.LOWER,
        "Percent of the pixels that are plain black or plain white.",
        unit=" %",
        decimals=1,
    )
    contrast: float | None = _measure(
        "Contrast",
        "contrast",
        ("flat", "rich in contrast"),
        Better.NEITHER,
        "Standard deviation of the brightness, in percent of its range; 50 at most.",
        unit=" %",
    )
    colourfulness: float | None = _measure(
        "Colour",
        "vivid",
        ("pale", "colourful"),
        Better.NEITHER,
        "Colourfulness: 0 for grey, some 35 for an ordinary photo, over 80 for a vivid one.",
    )
    border: float | None = _measure(
        "Border",
        "border",
        ("without a border", "bordered"),
        Better.LOWER,
        "Percent of the area that is plain border or letterbox.",
        unit=" %",
    )
    text: float | None = _measure(
        "Text",
        "text",
        ("without text", "with text or a watermark"),
        Better.LOWER,
        "0 to 100: how likely there is text or a watermark; from 40 on it is likely.",
    )
    page: float | None = _measure(
        "Page",
        "page",
        ("like a photo", "like a screenshot or page"),
        Better.LOWER,
        "0 to 100: how likely it is a screenshot or a page; from 75 on it is likely.",
    )
    faces: float | None = _measure(
        "Faces",
        "faces",
        ("without faces", "with many faces"),
        Better.NEITHER,
        "How many faces are seen; needs a face detector, see docs/quality.md.",
    )
    face: float | None = _measure(
        "Largest face",
        "face",
        ("with a small face", "with a large face"),
        Better.NEITHER,
        "Height of the largest face in percent of the picture's height; needs a face detector.",
        unit=" %",
    )


MEANINGS: Mapping[str, Meaning] = {
    declared.name: Meaning(name=declared.name, **declared.metadata) for declared in fields(Measures)
}
# By the word that queries and orders use.
BY_WORD: Mapping[str, Meaning] = {meaning.word: meaning for meaning in MEANINGS.values()}


def facts_of(measures: Measures) -> list[tuple[str, str]]:
    """(label, number) for people, without what has no meaning for the picture."""
    values = ((meaning, getattr(measures, name)) for name, meaning in MEANINGS.items())
    return [(one.label, one.shown(value)) for one, value in values if value is not None]
