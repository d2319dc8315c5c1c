"""Which picture of a group of duplicates is the one to keep, and why in plain words."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from curator.core.duplicates import Group
from curator.core.measures import Measures
from curator.core.records import Image, Rating

MOST_REASONS = 3
NO_LOSS = 97.0  # the JPEG quality at which nothing is seen to be lost


class Way(StrEnum):
    """How a keeper is chosen for many groups at once."""

    BEST = "best"
    OLDEST = "oldest"
    LARGEST = "largest"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The image to keep and why, the strongest reason first."""

    keeper: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """What counts for and against a picture, in powers of two unless it says otherwise.

    `pixels`: of the part that all show, without those that enlarging made up. `frame`: how much it
    shows. `quality`: JPEG quality, 1 to 100. `sharpness`: 0 to 100. `clean`: 1 without lettering
    over it and without a screen around it, else less. `work`: what the person has done for it.
    """

    pixels: float
    frame: float
    quality: float
    sharpness: float
    clean: float
    work: float


@dataclass(frozen=True, slots=True)
class _Criterion:
    """`weight`: points for each unit. `least`: a difference that is worth a word."""

    reason: str
    value: Callable[[_Member], float]
    weight: float
    least: float


_CRITERIA: Sequence[_Criterion] = (
    _Criterion("nothing lies over it or around it", lambda m: m.clean, 8.0, 0.2),
    _Criterion("shows more", lambda m: m.frame, 4.0, 0.06),
    _Criterion("more pixels", lambda m: m.pixels, 2.0, 0.1),
    _Criterion("less JPEG loss", lambda m: m.quality, 0.06, 4.0),
    _Criterion("sharper", lambda m: m.sharpness, 0.04, 5.0),
    _Criterion("has a rating or a caption", lambda m: m.work, 1.0, 0.5),
)


def propose(
    group: Group,
    images: Mapping[int, Image],
    measures: Mapping[int, Measures],
    way: Way = Way.BEST,
) -> Proposal:
    """The keeper of a group. `images` holds its members; what is not measured does not count."""
    ids = [id_ for id_ in group.ids if id_ in images]
    if way is Way.OLDEST:
        oldest = min(ids, key=lambda id_: (images[id_].added, id_))
        return Proposal(oldest, ("it was there first",))
    if way is Way.LARGEST:
        largest = max(ids, key=lambda id_: (images[id_].width * images[id_].height, -id_))
        return Proposal(largest, ("more pixels",))
    frames = _frames(group)
    known = [found.jpeg_quality for id_ in ids if (found := measures.get(id_))]
    usual = max((quality for quality in known if quality is not None), default=NO_LOSS)
    members = {id_: _member(images[id_], measures.get(id_), frames[id_], usual) for id_ in ids}
    keeper = max(ids, key=lambda id_: (_points(members[id_]), -id_))
    return Proposal(keeper, _reasons(members, keeper) or _no_reason(ids, keeper))


def _points(member: _Member) -> float:
    return sum(one.weight * one.value(member) for one in _CRITERIA)


def _reasons(members: Mapping[int, _Member], keeper: int) -> tuple[str, ...]:
    others = [member for id_, member in members.items() if id_ != keeper]
    found = []
    for one in _CRITERIA:
        ahead = one.value(members[keeper]) - max((one.value(m) for m in others), default=0.0)
        if ahead >= one.least:
            found.append((one.weight * ahead, one.reason))
        elif others and one.value(members[keeper]) - min(map(one.value, others)) >= one.least:
            found.append((0.0, one.reason))
    ordered = [reason for _ahead, reason in sorted(found, key=lambda f: -f[0])]
    return tuple(ordered[:MOST_REASONS])


def _no_reason(ids: Sequence[int], keeper: int) -> tuple[str, ...]:
    return ("as good as the others" + ", and there first" * (keeper == min(ids)),)


def _member(image: Image, measures: Measures | None, frame: float, usual: float) -> _Member:
    """`usual`: the JPEG quality of a picture that is none, for it is as good as what it was."""
    found = measures or Measures()
    enlarged = max(1.0, found.upscaled or 1.0)
    border = (found.border or 0.0) / 100
    pixels = math.log2(max(1.0, image.width * image.height * (1 - border) / enlarged**2))
    around = max(_beyond(found.page, 75.0), 0.5 * _beyond(found.border, 2.0))
    clean = 1 - max(_beyond(found.text, 40.0), around)
    quality = min(found.jpeg_quality or usual, NO_LOSS) - min(found.blocking or 0.0, 60.0) / 4
    work = 1.5 * (image.rating != Rating.UNRATED) + bool(image.caption) + 0.5 * bool(image.set_id)
    return _Member(pixels - frame, frame, quality, found.sharpness or 0.0, clean, work)


def _beyond(value: float | None, limit: float) -> float:
    """0 below a limit, up to 1 at 100."""
    return math.sqrt(max(0.0, ((value or 0.0) - limit) / (100 - limit)))


def _frames(group: Group) -> dict[int, float]:
    """How much each member shows beside the first, in powers of two, by the pairs between them."""
    beside: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for pair in group.pairs:
        wider = math.log2(max(pair.covers_a, 1e-3) / max(pair.covers_b, 1e-3))  # b against a
        beside[pair.a].append((pair.b, wider))
        beside[pair.b].append((pair.a, -wider))
    found = {group.ids[0]: 0.0}
    left = [group.ids[0]]
    while left:
        id_ = left.pop()
        for other, wider in beside[id_]:
            if other not in found:
                found[other] = found[id_] + wider
                left.append(other)
    return {id_: found.get(id_, 0.0) for id_ in group.ids}
