"""A caption as a row of chips: the triggers as switches in front, then every other tag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curator.core import tag_sources
from curator.core.captions import split_tags
from curator.core.readable import percent
from curator.core.records import TagSource
from curator.core.tag_moves import has_trigger
from curator.core.tag_sources import FILE, MANUAL, RULE

_BY = {FILE: "from a file", RULE: "by a rule", MANUAL: ""}


@dataclass(frozen=True, slots=True)
class Chip:
    """`place`: among the tags of the caption, -1 for a trigger that is not one of them.

    `is_on`: a trigger is named by the caption. `source`: None for a tag given by hand.
    """

    tag: str
    place: int
    is_trigger: bool = False
    is_on: bool = True
    source: TagSource | None = None

    @property
    def by(self) -> str:
        """Who gave the tag, in words; "" for the person."""
        if self.source is None:
            return ""
        words = _BY.get(self.source.by, f"by {self.source.by}")
        score = self.source.score
        return words if score is None else f"{words} at {percent(score)}"

    @property
    def spoken(self) -> str:
        """All that there is to see, in words."""
        if self.is_trigger:
            return f"Trigger {self.tag}, {'on' if self.is_on else 'off for this picture'}"
        return f"{self.tag}, {self.by}" if self.by else self.tag


def chips_of(caption: str, sources: str, triggers: Sequence[str]) -> list[Chip]:
    """The chips of a caption; `sources`: the image's `tag_sources`."""
    tags, known = split_tags(caption), tag_sources.read(sources)
    found = [
        Chip(word, tags.index(word) if word in tags else -1, True, has_trigger(tags, word))
        for word in triggers
    ]
    shown = {chip.place for chip in found}
    return found + [
        Chip(tag, place, source=known.get(tag))
        for place, tag in enumerate(tags)
        if place not in shown
    ]
