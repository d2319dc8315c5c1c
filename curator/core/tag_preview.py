"""What a tagger's proposals would make of captions, tag by tag, as fast as a slider moves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curator.core import tag_sources
from curator.core.captions import split_tags
from curator.core.model_tags import Placement, gives_way
from curator.core.records import Image
from curator.core.tag_scores import Scores, Thresholds
from curator.core.tag_spelling import tag_key

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TagShift:
    """In how many pictures a tag stands, and in how many it would."""

    tag: str
    group: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that would come of thresholds; of tags that the tagger knows.

    `shifts`: in the tagger's order, of tags that stand somewhere, or would. `changed`: how many
    pictures would have another caption.
    """

    shifts: tuple[TagShift, ...] = ()
    changed: int = 0

    @property
    def before(self) -> int:
        """How many tags there are, over all pictures."""
        return sum(one.before for one in self.shifts)

    @property
    def after(self) -> int:
        """How many there would be."""
        return sum(one.after for one in self.shifts)


class TagPreview:
    """Captions laid beside scores once; thresholds then cost some milliseconds."""

    def __init__(
        self, scores: Scores, images: Sequence[Image], placement: Placement = Placement.AFTER
    ) -> None:
        """`images`: those that count; what was not scored is passed over."""
        self.scores = scores
        self._width = max(1, len(scores.tagger.tags))
        found = _Found(scores, placement)
        for image in images:
            found.add(image)
        self.scored = len(found.rows)
        inside = np.zeros(len(scores.ids), bool)
        inside[found.rows] = True
        self._at: slice | Places = slice(None)  # of the kept scores, those of these pictures
        if not inside.all():
            self._at = np.flatnonzero(inside[scores.rows])
        self._rows, self._tags = scores.rows[self._at], scores.tags[self._at]
        keys = self._rows.astype(np.int64) * self._width + self._tags  # rising: kept in order
        self._has, unkept = _marked(keys, found.there)
        self._yields = _marked(keys, found.yielding)[0]
        self._gone = _marked(keys, found.gone)[0]
        self._unkept = unkept
        self._unkept_yield = np.isin(unkept, np.array(found.yielding, np.int64))
        goes = unkept[self._unkept_yield] // self._width
        self._surely = np.concatenate([goes, np.array(found.lost, np.int64)])  # rows that change

    def outlook(self, thresholds: Thresholds, undesired: Collection[str] = ()) -> Outlook:
        """What these thresholds would make."""
        above = self.scores.proposed(thresholds, undesired)[self._at]
        then = np.where(self._has, ~self._yields | above, above & ~self._gone)
        before = self._counted(self._tags[self._has], self._unkept)
        after = self._counted(self._tags[then], self._unkept[~self._unkept_yield])
        rows = np.bincount(self._rows[then != self._has], minlength=len(self.scores.ids))
        rows[self._surely] += 1
        tags, groups = self.scores.tagger.tags, self.scores.tagger.groups
        shifts = (
            TagShift(tags[place], groups[place], int(before[place]), int(after[place]))
            for place in np.flatnonzero(before + after)
        )
        return Outlook(tuple(shifts), int(np.count_nonzero(rows)))

    def _counted(self, tags: Places, unkept: Places) -> Places:
        width = self._width
        return np.bincount(tags, minlength=width) + np.bincount(unkept % width, minlength=width)


class _Found:
    """What stands in captions, as row * number of tags + tag."""

    def __init__(self, scores: Scores, placement: Placement) -> None:
        self._scores = scores
        self._places = _Places(scores)
        self._yields = _Yields(scores.tagger.name, placement)
        self.rows: list[int] = []
        self.there: list[int] = []
        self.yielding: list[int] = []  # of those, what goes once it is not proposed
        self.gone: list[int] = []  # what the person took away
        self.lost: list[int] = []  # rows with a tag of the model that it does not know any more

    def add(self, image: Image) -> None:
        """Look at one caption."""
        row = self._scores.place.get(image.id)
        if row is None:
            return
        self.rows.append(row)
        start = row * len(self._scores.tagger.tags)
        given_by = tag_sources.givers(image.tag_sources)
        places, yields = self._places, self._yields
        for tag in split_tags(image.caption):
            place, giver = places[tag], given_by.get(tag)
            if place is not None:
                self.there.append(start + place)
            if giver is not None and yields[giver]:
                if place is None:
                    self.lost.append(row)
                else:
                    self.yielding.append(start + place)
        for tag, giver in given_by.items():
            if giver == tag_sources.REMOVED and (place := places[tag]) is not None:
                self.gone.append(start + place)


class _Places(dict[str, int | None]):
    """The place of each tag among the tagger's, looked up once."""

    def __init__(self, scores: Scores) -> None:
        super().__init__()
        self._scores = scores

    def __missing__(self, tag: str) -> int | None:
        place = self[tag] = self._scores.by_spelling.get(tag_key(tag))
        return place


class _Yields(dict[str, bool]):
    """Whether what somebody gave goes once it is not proposed."""

    def __init__(self, model: str, placement: Placement) -> None:
        super().__init__()
        self._model, self._placement = model, placement

    def __missing__(self, giver: str) -> bool:
        yields = self[giver] = gives_way(giver, self._model, self._placement)
        return yields


def _marked(keys: Places, wanted: Sequence[int]) -> tuple[NDArray[np.bool_], Places]:
    """Which of the rising keys are wanted, and what is wanted and no key; each once."""
    marks = np.zeros(len(keys), bool)
    found = np.unique(np.array(wanted, np.int64))
    places = np.searchsorted(keys, found)
    is_key = np.zeros(len(found), bool)
    inside = places < len(keys)
    is_key[inside] = keys[places[inside]] == found[inside]
    marks[places[is_key]] = True
    return marks, found[~is_key]
