"""A sweep: one tag, and the pictures in which it is uncertain, to be asked about one by one.

What was answered is remembered with the tag's source, so that it is never asked again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from curator.core import tag_sources
from curator.core.captions import split_tags, with_tags
from curator.core.edits import IMAGE, Edit, FieldChange
from curator.core.readable import count
from curator.core.records import Image, TagSource
from curator.core.tag_sources import MANUAL, REMOVED, RULE

THRESHOLD = 0.35  # of general tags, see docs/tagger.md
LOW, HIGH = 0.15, 0.75  # between these scores the person is asked
_NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class Bounds:
    """Scores below `low` are a sure no, above `high` a sure yes; between them is uncertain."""

    low: float = LOW
    high: float = HIGH
    threshold: float = THRESHOLD


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is left to say about a tag: `asked` the most uncertain first, `yes` and `no` the ends.

    `scores`: how likely each picture has it, where that is known. `decided`: how many pictures the
    person has decided already. `now`: those whose caption has the tag.
    """

    tag: str
    asked: tuple[int, ...] = ()
    yes: tuple[int, ...] = ()
    no: tuple[int, ...] = ()
    scores: Mapping[int, float] | None = None
    decided: int = 0
    now: frozenset[int] = frozenset()

    def with_last(self, last: Collection[int]) -> Sweep:
        """The same, with these asked after all others."""
        asked = sorted(self.asked, key=lambda id_: id_ in last)  # stable
        return replace(self, asked=tuple(asked))

    def in_words(self) -> str:
        """ "37 of 800 need you; 12 are decided."."""
        number = len(self.asked) + len(self.yes) + len(self.no)
        if not number:
            return f"All {count(self.decided, 'picture')} are decided." if self.decided else ""
        decided = f" {self.decided:,} decided before." if self.decided else ""
        need = "needs" if len(self.asked) == 1 else "need"
        return f"{len(self.asked):,} of {count(number, 'picture')} {need} you.{decided}"

    def ends_in_words(self) -> str:
        """ "Accept 512 yes and 251 no"."""
        return f"Accept {len(self.yes):,} yes and {len(self.no):,} no"


def decided(image: Image, tag: str) -> bool | None:
    """What the person said about a tag: True, False, or None where a model or nobody gave it."""
    source = None
    if tag in image.tag_sources:  # reading it takes time
        source = tag_sources.read(image.tag_sources).get(tag)
    if has(image, tag):
        return True if source is None or source.by in (MANUAL, RULE) else None
    return False if source is not None and source.by == REMOVED else None


def has(image: Image, tag: str) -> bool:
    """Whether the caption has the tag."""
    return tag in image.caption and tag in split_tags(image.caption)


def by_scores(
    images: Sequence[Image], tag: str, scores: Mapping[int, float], bounds: Bounds
) -> Sweep:
    """The sweep by a tagger's scores; pictures without one are asked about last."""
    open_ = [image.id for image in images if decided(image, tag) is None]
    yes = [id_ for id_ in open_ if scores.get(id_, 0.0) > bounds.high]
    no = [id_ for id_ in open_ if id_ in scores and scores[id_] < bounds.low]
    ends = {*yes, *no}
    asked = [id_ for id_ in open_ if id_ not in ends]
    asked.sort(key=lambda id_: abs(scores[id_] - bounds.threshold) if id_ in scores else 2.0)
    return _sweep(images, tag, asked, (yes, no), scores)


def by_likeness(
    images: Sequence[Image], tag: str, descriptors: Mapping[int, bytes]
) -> tuple[Sweep, bool]:
    """The sweep without scores, and whether likeness tells anything.

    It is guessed of pictures that look alike, which is never a sure end.

    Of those of which nothing can be guessed, the ones that look most like a picture with the tag
    come first; all others keep their order.
    """
    open_ = [image for image in images if decided(image, tag) is None]
    known = {image.id: has(image, tag) for image in images if decided(image, tag) is not None}
    known |= {image.id: True for image in open_ if has(image, tag)}
    guesses = _guesses([image.id for image in open_], known, descriptors)
    is_mixed = len(set(known.values())) == 2
    aim = 0.5 if is_mixed else 1.0
    asked = [image.id for image in open_]
    asked.sort(key=lambda id_: abs(guesses[id_] - aim) if id_ in guesses else 2.0)
    return _sweep(images, tag, asked, ((), ()), guesses if is_mixed else {}), bool(guesses)


def _sweep(
    images: Sequence[Image],
    tag: str,
    asked: Sequence[int],
    ends: tuple[Sequence[int], Sequence[int]],
    scores: Mapping[int, float],
) -> Sweep:
    yes, no = map(tuple, ends)
    there = frozenset(image.id for image in images if has(image, tag))
    number = len(images) - len(asked) - len(yes) - len(no)
    return Sweep(tag, tuple(asked), yes, no, scores, number, there)


def _guesses(
    ids: Sequence[int], known: Mapping[int, bool], descriptors: Mapping[int, bytes]
) -> dict[int, float]:
    """By picture, how much of its nearest known neighbours have the tag, the nearer the more.

    Where all that is known is of one kind: how near the nearest one is, 1 for the same.
    """
    import numpy as np  # and SciPy: not at the window's start
    from scipy.spatial import cKDTree

    from curator.core.likeness import points_of

    told = [id_ for id_ in known if id_ in descriptors]
    open_ = [id_ for id_ in ids if id_ in descriptors]
    if not told or not open_:
        return {}
    values = np.array([known[id_] for id_ in told], float)
    tree = cKDTree(points_of([descriptors[id_] for id_ in told]))
    # A picture that has the tag from elsewhere is its own nearest neighbour; it says nothing.
    far, near = tree.query(points_of([descriptors[id_] for id_ in open_]), _NEIGHBOURS + 1)
    own = {id_: place for place, id_ in enumerate(told)}
    found = {}
    for id_, distances, places in zip(open_, far, near, strict=True):
        kept = (places < len(told)) & (places != own.get(id_, -1))
        if not kept.any():
            continue
        weights = 1 / (distances[kept][:_NEIGHBOURS] + 0.05)
        near_values = values[places[kept][:_NEIGHBOURS]]
        is_mixed = 0 < values.sum() < len(values)
        guess = np.average(near_values, weights=weights) if is_mixed else weights.max() / 20
        found[id_] = float(guess)
    return found


def answer(images: Sequence[Image], tag: str, is_there: bool) -> Edit:
    """Say of pictures that they have a tag, or that they don't; for good."""
    word = "yes" if is_there else "no"
    ids = {image.id for image in images}
    yes, no = (ids, set[int]()) if is_there else (set[int](), ids)
    return _answered(f'"{tag}": {word}, {count(len(images), "image")}', images, tag, yes, no)


def accept_ends(
    images: Sequence[Image], tag: str, yes: Collection[int], no: Collection[int]
) -> Edit:
    """Say it of both ends at once; what the person decided meanwhile stays."""
    open_ = [image for image in images if decided(image, tag) is None]
    ids = {image.id for image in open_}
    label = f'"{tag}": accept {len(ids & {*yes}):,} yes and {len(ids & {*no}):,} no'
    return _answered(label, open_, tag, yes, no)


def _answered(
    label: str, images: Sequence[Image], tag: str, yes: Collection[int], no: Collection[int]
) -> Edit:
    yes, no = frozenset(yes), frozenset(no)
    told = [image for image in images if image.id in yes or image.id in no]
    changes = [change for image in told for change in _changes(image, tag, image.id in yes)]
    return Edit(label, tuple(sorted(changes, key=lambda change: change.field)))


def _changes(image: Image, tag: str, is_there: bool) -> Iterator[FieldChange]:
    if decided(image, tag) is is_there:
        return
    old = split_tags(image.caption)
    new = old if (tag in old) == is_there else [*old, tag] if is_there else _without(old, tag)
    sources = tag_sources.read(image.tag_sources)
    sources.pop(tag, None)
    if not is_there:
        sources[tag] = TagSource(REMOVED)
    values = {
        "caption": with_tags(image.caption, new),
        "tag_sources": tag_sources.stored(sources),
    }
    for field, value in values.items():
        if (before := getattr(image, field)) != value:
            yield FieldChange(IMAGE, image.id, field, before, value)


def _without(tags: Sequence[str], tag: str) -> list[str]:
    return [one for one in tags if one != tag]
