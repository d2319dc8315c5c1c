"""What the formats of taggers have in common: tags in the order of scores, and how to prepare."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curator.core.tag_spelling import spaced
from curator.core.tagger_records import Preparation


@dataclass(frozen=True, slots=True)
class Labels:
    """Tags as captions write them, in the order of the model's scores, each with its group."""

    tags: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaggerFormat:
    """How one kind of tagger is used.

    `read`: labels from the text of the file beside the model, ValueError and the like for what is
    none. `side`: in pixels, of a model that takes any. `preparation`: of pictures for a side.
    `probabilities`: scores from 0 to 1 from what the model gives.
    """

    read: Callable[[str], Labels]
    side: int
    channels_last: bool
    preparation: Callable[[int], Preparation]
    probabilities: Callable[[NDArray[Any]], NDArray[np.float32]]


def labels_of(pairs: Iterable[tuple[str, str]]) -> Labels:
    """Labels from (name as the model's file has it, group).

    Commas and line breaks, which would end a tag of a caption, become spaces.
    """
    tags, groups = [], []
    for name, group in pairs:
        tags.append(" ".join(spaced(name.strip()).replace(",", " ").split()))
        groups.append(group)
    return Labels(tuple(tags), tuple(groups))


def as_they_are(found: NDArray[Any]) -> NDArray[np.float32]:
    """The scores of a model that gives probabilities."""
    return np.asarray(found, np.float32)


def sigmoid(found: NDArray[Any]) -> NDArray[np.float32]:
    """The scores of a model that gives logits."""
    return np.asarray(1 / (1 + np.exp(-np.clip(found, -30, 30))), np.float32)
