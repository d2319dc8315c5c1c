"""What a rule of captions knows of the pictures and the project, and what a rule has to offer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar, NamedTuple

from curator.core import tag_sources
from curator.core.tag_index import TagIndex


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What rules may ask; every part may be left out.

    `triggers` and `sources` (`tag_sources`) are of each caption, in the captions' order. `count`
    tells how many pictures carry each tag; without it the captions themselves are counted. `index`
    gives what tag lists know; it is asked only by rules that use them, for it may take a while.
    """

    triggers: Sequence[tuple[str, ...]] = ()
    sources: Sequence[str] = ()
    count: Callable[[], Mapping[str, int]] | None = None
    index: Callable[[], TagIndex] | None = None

    def triggers_at(self, place: int) -> tuple[str, ...]:
        """The triggers of one caption."""
        return self.triggers[place] if self.triggers else ()

    def scores_at(self, place: int) -> dict[str, float]:
        """The scores at which a model gave tags of one caption."""
        sources = tag_sources.read(self.sources[place]) if self.sources else {}
        return {tag: one.score for tag, one in sources.items() if one.score is not None}

    def counted(self, lines: Sequence[Sequence[str]]) -> Mapping[str, int]:
        """How frequent each tag is; `lines` are the tags of the captions that rules work on."""
        return self.count() if self.count else Counter(chain.from_iterable(lines))


class Line(NamedTuple):
    """The tags of one caption, which of them are pinned, and what stands below them."""

    tags: Sequence[str]
    pinned: AbstractSet[str]
    triggers: tuple[str, ...]
    text: str
    place: int  # of the caption among all

    @property
    def free(self) -> list[str]:
        """The tags that are not pinned."""
        return [tag for tag in self.tags if tag not in self.pinned]

    @property
    def front(self) -> list[str]:
        """The pinned tags."""
        return [tag for tag in self.tags if tag in self.pinned]


class Lines(NamedTuple):
    """All captions that a rule is applied to, and every tag that may be among them."""

    tags: Sequence[Sequence[str]]
    vocabulary: Collection[str]
    context: RuleContext


OfTag = Callable[[str], Sequence[str]]
OfLine = Callable[[Line], Sequence[str]]
OfText = Callable[[str, tuple[str, ...]], str]


class CaptionRule:
    """A rule; each offers one of three ways to change captions, made ready once for all of them."""

    key: ClassVar[str]
    title: ClassVar[str]

    def of_tags(self, context: RuleContext) -> OfTag | None:
        """What becomes of a tag that is not pinned, whichever others stand beside it."""

    def of_lines(self, lines: Lines) -> OfLine | None:
        """What becomes of the tags of one caption; the same list where nothing does."""

    def of_texts(self) -> OfText | None:
        """What becomes of the free text, in which these triggers stay."""
