"""Taggers like DeepDanbooru: RGB from 0 to 1, scaled to fit, padded by the picture's own rim."""

from __future__ import annotations

from functools import partial

from curator.core.tagger_records import Preparation, TagGroup
from curator.ml.taggers.labels import Labels, TaggerFormat, as_they_are, labels_of

_RATING = "rating:"
_SAFETY = {"safe": "general"}  # what the other taggers call it


def read(text: str) -> Labels:
    """The labels of `tags.txt`, one a line; ratings begin with "rating:"."""
    return labels_of(map(_label, text.split()))


def _label(name: str) -> tuple[str, str]:
    if name.startswith(_RATING):
        rating = name.removeprefix(_RATING)
        return _SAFETY.get(rating, rating), TagGroup.RATING
    return name, TagGroup.GENERAL


FORMAT = TaggerFormat(
    read=read,
    side=512,
    channels_last=True,
    preparation=partial(Preparation, padding="edge", bgr=False, channels_last=True, scale=1 / 255),
    probabilities=as_they_are,
)
