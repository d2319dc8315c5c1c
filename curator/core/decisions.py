"""Deciding about duplicates: what becomes of each picture of a group, as edits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from curator.core import tag_sources
from curator.core.captions import split_tags, with_tags
from curator.core.duplicates import Verdict, between, pair_id
from curator.core.edits import VERDICT, Edit, FieldChange, Value, change_image, reject
from curator.core.readable import count
from curator.core.records import Image, Rating, RejectReason


class Fate(StrEnum):
    """What becomes of a picture of a group; PRIMARY and SUPPORTING keep it with that rating."""

    KEEP = "keep"
    PRIMARY = "primary"
    SUPPORTING = "supporting"
    REJECT = "reject"


_RATINGS = {Fate.PRIMARY: Rating.PRIMARY, Fate.SUPPORTING: Rating.SUPPORTING}


Known = Mapping[str, Verdict]  # by the name of the pair, see `pair_id`


def decide(
    images: Sequence[Image], fates: Mapping[int, Fate], known: Known = MappingProxyType({})
) -> Edit:
    """Reject those of a group that are not kept; what they are known for goes to the one that is.

    `images`: the whole group. `known`: what was decided about pairs before. Several that are kept
    are not asked about again. A single keeper takes the best rating, the tags, the set and the
    address that it lacks itself.
    """
    kept = [image for image in images if fates.get(image.id, Fate.KEEP) is not Fate.REJECT]
    gone = [image for image in images if fates.get(image.id, Fate.KEEP) is Fate.REJECT]
    changes = list(reject(gone, RejectReason.DUPLICATE).changes)
    for image in kept:
        fields: dict[str, Value] = {}
        if len(kept) == 1:
            fields |= _inherited(image, gone)
        rating = _RATINGS.get(fates.get(image.id, Fate.KEEP))
        if rating is not None:
            fields["rating"] = int(rating)
        changes += change_image("", image, fields).changes
    changes += _judged(between([image.id for image in kept]), Verdict.KEPT, known)
    return Edit(_label(kept, gone), tuple(changes))


def _label(kept: Sequence[Image], gone: Sequence[Image]) -> str:
    if not gone:
        return f"Keep all of {count(len(kept), 'duplicate')}"
    if len(kept) == 1:
        return f"Keep {kept[0].name} of {count(len(gone) + 1, 'duplicate')}"
    return f"Reject {len(gone):,} of {count(len(kept) + len(gone), 'duplicate')}"


def set_apart(
    ids: Iterable[int], others: Iterable[int], known: Known = MappingProxyType({})
) -> Edit:
    """Remember that some pictures are no duplicates of others."""
    ids, others = list(ids), list(others)
    pairs = [(a, b) for a in ids for b in others if a != b]
    return Edit(
        f"No duplicate: {count(len(ids), 'image')}", _judged(pairs, Verdict.DIFFERENT, known)
    )


def decide_all(decisions: Sequence[tuple[Sequence[Image], int]]) -> Edit:
    """Keep one of each group, (the group, the id of its keeper), in one step."""
    edits = [
        decide(images, {i.id: Fate.KEEP if i.id == keeper else Fate.REJECT for i in images})
        for images, keeper in decisions
    ]
    label = f"Keep one of each of {count(len(edits), 'group')} of duplicates"
    return Edit(label, tuple(change for edit in edits for change in edit.changes))


def _judged(
    pairs: Iterable[tuple[int, int]], verdict: Verdict, known: Known
) -> tuple[FieldChange, ...]:
    names = dict.fromkeys(pair_id(a, b) for a, b in pairs)
    return tuple(
        FieldChange(VERDICT, name, "verdict", old and old.value, verdict.value)
        for name in names
        if (old := known.get(name)) is not verdict
    )


def _inherited(keeper: Image, others: Sequence[Image]) -> dict[str, Value]:
    """The fields of the keeper that others fill."""
    found: dict[str, Value] = {}
    rated = [int(image.rating) for image in others if image.rating != Rating.UNRATED]
    if keeper.rating == Rating.UNRATED and rated:
        found["rating"] = min(rated)  # primary comes before supporting
    if keeper.set_id is None:
        found["set_id"] = next((i.set_id for i in others if i.set_id is not None), None)
    if not keeper.source_url:
        found["source_url"] = next((i.source_url for i in others if i.source_url), "")
    return found | _captioned(keeper, others)


def _captioned(keeper: Image, others: Sequence[Image]) -> dict[str, Value]:
    """The keeper's caption with the tags that only others have; a sentence is taken whole."""
    caption = keeper.caption or next((i.caption for i in others if i.caption), "")
    tags = split_tags(caption)
    sources = tag_sources.read(keeper.tag_sources)
    for image in others:
        is_taken = image.caption == caption and not keeper.caption
        if not is_taken and _is_prose(image.caption):
            continue
        known = set() if is_taken else {tag.casefold() for tag in tags}
        new = [tag for tag in split_tags(image.caption) if tag.casefold() not in known]
        tags += [] if is_taken else new
        found = tag_sources.read(image.tag_sources)
        sources |= {tag: how for tag, how in found.items() if tag in new}
    text = with_tags(caption, tags)
    if text == keeper.caption:
        return {}
    return {"caption": text, "tag_sources": tag_sources.stored(sources)}


def _is_prose(caption: str) -> bool:
    return ". " in caption or caption.rstrip().endswith(".")
