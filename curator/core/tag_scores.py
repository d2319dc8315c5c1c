"""The scores of a tagger: packed, compared with thresholds, and what is proposed by them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from curator.core.tag_spelling import matcher, tag_key
from curator.core.tagger_records import SAFETY, Scored, Tagger, TagGroup

LEAST = 0.05  # lower scores are not kept
MOST_TAGS = 1 << 16  # of a tagger, so that a place among them takes two bytes
_FULL = 65535
_NEVER = _FULL + 1
_PACKED = np.dtype([("tag", "<u2"), ("score", "<u2")])
_LEAST_CHARACTER_CUT = 0.15
Probabilities = NDArray[np.float32]
Row = tuple[int, float, float, bytes]  # image id, MCut of general tags and of characters, packed


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a score must exceed. `per_tag`: for single tags, of whatever group, by their spelling.

    Copyrights go by the threshold of characters; ratings and tags about artists, quality and the
    like are proposed only where they have a threshold of their own. `mcut`: each picture has its
    own two thresholds, where its scores fall most.
    """

    general: float = 0.35
    character: float = 0.85
    mcut: bool = False
    per_tag: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A tag that a tagger found in a picture; `score` from 0 to 1."""

    tag: str
    group: str
    score: float


def packed(scores: Probabilities) -> bytes:
    """The scores of one picture that are high enough to be kept: 4 bytes each, in tags' order."""
    places = np.flatnonzero(scores >= LEAST)
    kept = np.empty(len(places), _PACKED)
    kept["tag"] = places
    kept["score"] = np.floor(
        scores[places] * _FULL
    )  # as thresholds are, so that none is above itself
    return kept.tobytes()


def scored(tagger: Tagger, image_id: int, recipe: str, scores: Probabilities) -> Scored:
    """What is kept of a picture's scores, one for each of the tagger's tags.

    What is not a number counts as 0; all are clipped to 0..1.
    """
    scores = np.clip(np.nan_to_num(scores, nan=0.0), 0, 1).astype(np.float32)
    groups = np.array(tagger.groups)
    general = mcut(scores[groups == TagGroup.GENERAL])
    character = max(_LEAST_CHARACTER_CUT, mcut(scores[groups == TagGroup.CHARACTER]))
    rated = np.flatnonzero(groups == TagGroup.RATING)
    safety = tagger.tags[rated[scores[rated].argmax()]] if len(rated) else ""
    return Scored(
        tagger.sha256,
        image_id,
        recipe,
        packed(scores),
        (general, character),
        safety if safety in SAFETY else "",
    )


def mcut(scores: Probabilities) -> float:
    """Maximum cut (Largeron, Moulin, Gery 2012): the middle of the widest gap between scores."""
    if len(scores) < 2:
        return 1.0
    falling = np.sort(scores)[::-1]
    widest = int((falling[:-1] - falling[1:]).argmax())
    return float((falling[widest] + falling[widest + 1]) / 2)


class Scores:
    """The scores that one tagger gave to many pictures.

    Arrays over all that was kept, picture by picture: `rows` (the picture's place in `ids`), `tags`
    (place among the tagger's), `values` (score * 65535).
    """

    def __init__(self, tagger: Tagger, rows: Iterable[Row]) -> None:
        found = list(rows)
        kept = np.frombuffer(b"".join(row[3] for row in found), _PACKED)
        lengths = [len(row[3]) // _PACKED.itemsize for row in found]
        self.tagger = tagger
        self.ids = [row[0] for row in found]
        self.place = {id_: place for place, id_ in enumerate(self.ids)}
        self.rows = np.repeat(np.arange(len(found), dtype=np.int32), lengths)
        self.tags = np.ascontiguousarray(kept["tag"])
        self.values = np.ascontiguousarray(kept["score"])
        self._never: tuple[tuple[str, ...], list[int]] | None = None
        self._starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self._cuts = np.floor(np.array([row[1:3] for row in found]).reshape(-1, 2) * _FULL)

    @cached_property
    def by_spelling(self) -> dict[str, int]:
        """The place of each tag by its spelling; of several the first."""
        return {tag_key(tag): place for place, tag in reversed([*enumerate(self.tagger.tags)])}

    @cached_property
    def _groups(self) -> NDArray[np.str_]:
        return np.array(self.tagger.groups)

    def proposed(
        self, thresholds: Thresholds, undesired: Collection[str] = ()
    ) -> NDArray[np.bool_]:
        """Which of all that was kept is proposed; never what fits an `undesired` pattern."""
        limits, own = self._limits(thresholds, undesired)
        above: NDArray[np.bool_] = self.values > limits[self.tags]
        if not thresholds.mcut or not len(self.ids):
            return above
        for column, group in enumerate((TagGroup.GENERAL, TagGroup.CHARACTER)):
            cut = ((self._groups == group) & ~own)[self.tags]
            above[cut] = self.values[cut] > self._cuts[self.rows[cut], column]
        return above

    def _limits(
        self, thresholds: Thresholds, undesired: Collection[str]
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """What each tag's value must exceed, and which tags have a limit of their own."""
        limits = np.full(len(self._groups), _NEVER, np.int32)
        for group, limit in (
            (TagGroup.GENERAL, thresholds.general),
            (TagGroup.CHARACTER, thresholds.character),
            (TagGroup.COPYRIGHT, thresholds.character),
        ):
            limits[self._groups == group] = int(limit * _FULL)
        own = np.zeros(len(limits), bool)
        for tag, limit in thresholds.per_tag.items():
            if (place := self.by_spelling.get(tag_key(tag))) is not None:
                limits[place], own[place] = int(limit * _FULL), True
        never = self._undesired(tuple(undesired))
        limits[never], own[never] = _NEVER, True
        return limits, own

    def _undesired(self, patterns: tuple[str, ...]) -> list[int]:
        """The places of the tags that fit a pattern; kept, for sliders ask it again and again."""
        if self._never is None or self._never[0] != patterns:
            fits = matcher(patterns)
            tags = self.tagger.tags if patterns else ()
            self._never = patterns, [place for place, tag in enumerate(tags) if fits(tag)]
        return self._never[1]

    def of(self, image_id: int, among: NDArray[np.bool_] | None = None) -> list[Found]:
        """What was found in a picture, in the tagger's order; `among`: only those of all kept."""
        place = self.place.get(image_id)
        if place is None:
            return []
        span = np.arange(self._starts[place], self._starts[place + 1])
        if among is not None:
            span = span[among[span]]
        tags, groups = self.tagger.tags, self.tagger.groups
        pairs = zip(self.tags[span].tolist(), self.values[span].tolist(), strict=True)
        return [Found(tags[tag], groups[tag], value / _FULL) for tag, value in pairs]

    def of_tag(self, tag: str) -> list[tuple[int, float]]:
        """(image id, score of this tag) of every picture that was scored, 0 where it is low."""
        place = self.by_spelling.get(tag_key(tag))
        scores = np.zeros(len(self.ids))
        if place is not None:
            its = self.tags == place
            scores[self.rows[its]] = self.values[its] / _FULL
        return list(zip(self.ids, scores.tolist(), strict=True))


def no_scores(tagger: Tagger) -> Scores:
    """The scores of no picture."""
    return Scores(tagger, ())


def ordered(found: Sequence[Found], *, by_score: bool) -> list[Found]:
    """In the tagger's order, or the surest first."""
    return sorted(found, key=lambda one: -one.score) if by_score else list(found)
