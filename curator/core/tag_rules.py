"""Rules of captions that put tags into the place of tags, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from curator.core.captions import split_tags
from curator.core.rule_context import CaptionRule, Line, Lines, OfLine, OfTag, RuleContext
from curator.core.settings import setting
from curator.core.tag_spelling import matcher

YES, NO = "yes", "no"
TAGS_HELP = "Commas between them; * stands for anything; underscores and case don't matter."


def listed(text: str) -> list[str]:
    """The tags that a field of a rule lists."""
    return split_tags(text.replace("\n", ","))


@dataclass(frozen=True, slots=True)
class Delete(CaptionRule):
    """Take tags away."""

    key: ClassVar[str] = "delete"
    title: ClassVar[str] = "Delete"
    tags: str = setting("", "Tags", TAGS_HELP)

    def of_tags(self, context: RuleContext) -> OfTag:
        """None of these."""
        unwanted = matcher(listed(self.tags))
        return lambda tag: () if unwanted(tag) else (tag,)


@dataclass(frozen=True, slots=True)
class Replace(CaptionRule):
    """Put another tag into the place of one."""

    key: ClassVar[str] = "replace"
    title: ClassVar[str] = "Replace"
    old: str = setting("", "Tag", TAGS_HELP)
    new: str = setting("", "Becomes", "What stands in its place.")

    def of_tags(self, context: RuleContext) -> OfTag:
        """The new tags for the old one."""
        meant, new = matcher(listed(self.old)), tuple(listed(self.new))
        return lambda tag: new if meant(tag) else (tag,)


@dataclass(frozen=True, slots=True)
class Split(CaptionRule):
    """Put several tags into the place of one."""

    key: ClassVar[str] = "split"
    title: ClassVar[str] = "Split one into several"
    tag: str = setting("", "Tag", TAGS_HELP)
    into: str = setting("", "Becomes", "Such as: pauldron, gorget.")

    def of_tags(self, context: RuleContext) -> OfTag:
        """The parts."""
        return Replace(self.tag, self.into).of_tags(context)


@dataclass(frozen=True, slots=True)
class Consolidate(CaptionRule):
    """Put one tag into the place of several."""

    key: ClassVar[str] = "consolidate"
    title: ClassVar[str] = "Several into one"
    tags: str = setting("", "Tags", TAGS_HELP)
    into: str = setting("", "Become", "It stands where the first of them stood.")

    def of_lines(self, lines: Lines) -> OfLine | None:
        """One tag where any of several stood."""
        meant, into = matcher(listed(self.tags)), listed(self.into)
        hit = {tag for tag in lines.vocabulary if meant(tag) and tag not in into}
        if not hit or not into:
            return None

        def merged(line: Line) -> Sequence[str]:
            gone = hit.difference(line.pinned).intersection(line.tags)
            if not gone:
                return line.tags
            come = [tag for tag in into if tag not in line.tags]
            first = next(at for at, tag in enumerate(line.tags) if tag in gone)
            before, behind = line.tags[:first], line.tags[first:]
            return [*before, *come, *(tag for tag in behind if tag not in gone)]

        return merged
