"""Taggers like cl_tagger: BGR from -1 to 1 on a white square, channels first, logits."""

from __future__ import annotations

import json
from functools import partial

from curator.core.tagger_records import Preparation, TagGroup
from curator.ml.taggers.labels import Labels, TaggerFormat, labels_of, sigmoid


def read(text: str) -> Labels:
    """The labels of `tag_mapping.json`, in either of its two shapes, by the place of their score.

    `{"0": {"tag": .., "category": ..}}` or `{"idx_to_tag": {"0": ..}, "tag_to_category": {..}}`.
    """
    mapping = json.loads(text)
    if "idx_to_tag" in mapping:
        groups = mapping["tag_to_category"]
        rows = {int(n): (tag, groups.get(tag, "")) for n, tag in mapping["idx_to_tag"].items()}
    else:
        rows = {int(n): (row["tag"], row["category"]) for n, row in mapping.items()}
    if set(rows) != set(range(len(rows))):
        raise ValueError("some scores have no tag")
    return labels_of((rows[n][0], _group(rows[n][1])) for n in range(len(rows)))


def _group(category: str) -> str:
    name = category.lower()
    return TagGroup(name) if name in list(TagGroup) else TagGroup.META


FORMAT = TaggerFormat(
    read=read,
    side=448,
    channels_last=False,
    preparation=partial(
        Preparation, padding="white", bgr=True, channels_last=False, scale=1 / 127.5, offset=-1.0
    ),
    probabilities=sigmoid,
)
