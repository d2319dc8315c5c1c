"""A tagger's proposals as tags of captions: which come, which go, and where they stand.

What the person decided always stands: a tag given by hand, by a file or by a rule stays, one that
the person took away never comes back. Triggers stay where they are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from curator.core import tag_sources
from curator.core.caption_edits import give_scored_tags
from curator.core.captions import split_tags, with_tags
from curator.core.edits import Edit
from curator.core.readable import count
from curator.core.records import Image, ImageSet
from curator.core.settings import ProjectSettings
from curator.core.tag_scores import Found, Scores, Thresholds, ordered
from curator.core.tag_spelling import tag_key
from curator.core.triggers import is_pinned, triggers_of


class Placement(StrEnum):
    """Where proposals stand: behind the tags that are there, before them, or, in place of all that
    any model gave before, where the first of those stood.
    """

    AFTER = "after"
    BEFORE = "before"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Proposing:
    """How scores become tags; what fits an `undesired` pattern never does.

    `by_score`: the surest first, else in the tagger's order.
    """

    thresholds: Thresholds = field(default_factory=Thresholds)
    undesired: tuple[str, ...] = ()
    placement: Placement = Placement.AFTER
    by_score: bool = False


def gives_way(giver: str, model: str, placement: Placement) -> bool:
    """Whether what somebody gave goes once it is not proposed.

    That is what this model gave, or any model where they are to be replaced.
    """
    return giver == model or (placement is Placement.REPLACE and giver not in tag_sources.NO_MODELS)


@dataclass(frozen=True, slots=True)
class Retagged:
    """A picture's caption with proposals in it; `scores` of the tags that are the model's now."""

    caption: str
    scores: Mapping[str, float]


def retagged(
    image: Image,
    found: Sequence[Found],
    model: str,
    how: Proposing,
    triggers: Sequence[str] = (),
) -> Retagged:
    """The picture's caption with what is proposed for it, in the order to be written."""
    sources = tag_sources.read(image.tag_sources)
    proposed = {tag_key(one.tag): one for one in found}
    for tag in tag_sources.removed(sources):
        proposed.pop(tag_key(tag), None)
    replaces = how.placement is Placement.REPLACE
    kept: list[str] = []
    scores: dict[str, float] = {}
    place: int | None = None
    for tag in split_tags(image.caption):
        source = None if is_pinned(tag, triggers) else sources.get(tag)
        yields = source is not None and gives_way(source.by, model, how.placement)
        one = proposed.get(tag_key(tag))
        if yields and (replaces or one is None):
            place = len(kept) if place is None else place
            continue
        kept.append(tag)
        if one is not None:
            del proposed[tag_key(tag)]
            if yields:
                scores[tag] = one.score
    come = [one for one in found if tag_key(one.tag) in proposed]
    scores |= {one.tag: one.score for one in come}
    if how.placement is Placement.BEFORE:
        place = _pinned_in_front(kept, triggers)
    elif not replaces or place is None:
        place = len(kept)
    tags = [*kept[:place], *(one.tag for one in come), *kept[place:]]
    return Retagged(with_tags(image.caption, tags), scores)


def _pinned_in_front(tags: Sequence[str], triggers: Sequence[str]) -> int:
    """How many tags at the front are triggers."""
    return next((n for n, tag in enumerate(tags) if not is_pinned(tag, triggers)), len(tags))


def tag_edit(
    images: Sequence[Image],
    scores: Scores,
    how: Proposing,
    settings: ProjectSettings,
    sets: Collection[ImageSet] = (),
) -> Edit:
    """One edit that gives these pictures, of those that were scored, what is proposed for them."""
    model = scores.tagger.name
    by_id = {one.id: one for one in sets}
    among = scores.proposed(how.thresholds, how.undesired)
    captions: dict[Image, tuple[str, Mapping[str, float]]] = {}
    for image in images:
        if image.id not in scores.place:
            continue
        found = ordered(scores.of(image.id, among), by_score=how.by_score)
        triggers = triggers_of(settings, by_id.get(image.set_id or 0))
        new = retagged(image, found, model, how, triggers)
        if new.caption != image.caption:
            captions[image] = (new.caption, new.scores)
    edit = give_scored_tags("", captions, model)
    return replace(edit, label=f"Tag {count(len(captions), 'image')}")
