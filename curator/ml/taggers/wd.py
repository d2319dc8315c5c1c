"""SmilingWolf's WD14 and WD v3 taggers: BGR from 0 to 255 on a white square, scores as they are."""

from __future__ import annotations

import csv
import io
from functools import partial

from curator.core.tagger_records import Preparation, TagGroup
from curator.ml.taggers.labels import Labels, TaggerFormat, as_they_are, labels_of

# Danbooru's categories, and 9, by which the first four rows are the ratings.
_GROUPS = {
    "0": TagGroup.GENERAL,
    "1": TagGroup.ARTIST,
    "3": TagGroup.COPYRIGHT,
    "4": TagGroup.CHARACTER,
    "5": TagGroup.META,
    "9": TagGroup.RATING,
}


def read(text: str) -> Labels:
    """The labels of `selected_tags.csv`: tag_id, name, category, count; a row for each score."""
    rows = csv.DictReader(io.StringIO(text))
    return labels_of((row["name"], _GROUPS.get(row["category"], TagGroup.META)) for row in rows)


FORMAT = TaggerFormat(
    read=read,
    side=448,
    channels_last=True,
    preparation=partial(Preparation, padding="white", bgr=True, channels_last=True),
    probabilities=as_they_are,
)
