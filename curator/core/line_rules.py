"""Rules of captions about all tags of a picture together, or the text below them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from curator.core.captions import count_tokens, one_line
from curator.core.rule_context import CaptionRule, Line, Lines, OfLine, OfText
from curator.core.settings import setting
from curator.core.tag_groups import group_place
from curator.core.tag_rules import NO, TAGS_HELP, YES, listed
from curator.core.tag_spelling import matcher, tag_key
from curator.core.triggers import is_pinned


@dataclass(frozen=True, slots=True)
class Deduplicate(CaptionRule):
    """Keep the first of tags that stand twice."""

    key: ClassVar[str] = "deduplicate"
    title: ClassVar[str] = "Remove what stands twice"
    ignore_case: str = setting(
        NO, "Ignore case and underscores", "The first stays as it is.", choices=(YES, NO)
    )

    def of_lines(self, lines: Lines) -> OfLine:
        """Each tag once; triggers as they are."""
        key = tag_key if self.ignore_case == YES else str

        def once(line: Line) -> Sequence[str]:
            keys = list(map(key, line.tags))
            if len(set(keys)) == len(keys):
                return line.tags
            seen: set[str] = set()
            tags = []
            for tag, its in zip(line.tags, keys, strict=True):
                if its not in seen or tag in line.pinned:
                    seen.add(its)
                    tags.append(tag)
            return tags

        return once


@dataclass(frozen=True, slots=True)
class Sort(CaptionRule):
    """Put tags in an order, behind the triggers."""

    key: ClassVar[str] = "sort"
    title: ClassVar[str] = "Sort"
    by: str = setting(
        "name",
        "By",
        "frequency: what most pictures have first; score: what a tagger was surest of first.",
        choices=("name", "frequency", "category", "score"),
    )

    def of_lines(self, lines: Lines) -> OfLine:
        """Triggers first, then the others in order; equal ones stay in theirs."""
        key = self._key(lines)

        def sorted_tags(line: Line) -> Sequence[str]:
            return line.front + sorted(line.free, key=key(line.place))

        return sorted_tags

    def _key(self, lines: Lines) -> Callable[[int], Callable[[str], Any]]:
        if self.by == "score":
            return lambda place: _surest_first(lines.context.scores_at(place))
        order: Mapping[str, Any]
        if self.by == "name":
            order = {tag: tag_key(tag) for tag in lines.vocabulary}
        elif self.by == "category":
            order = {tag: group_place(tag) for tag in lines.vocabulary}
        else:
            counts = lines.context.counted(lines.tags)
            order = {tag: -counts.get(tag, 0) for tag in lines.vocabulary}
        return lambda _place: order.__getitem__


def _surest_first(scores: Mapping[str, float]) -> Callable[[str], float]:
    """What no model scored was given by the person, who is sure."""
    return lambda tag: -scores.get(tag, 1.0)


@dataclass(frozen=True, slots=True)
class Front(CaptionRule):
    """Move tags to the front, behind the triggers."""

    key: ClassVar[str] = "front"
    title: ClassVar[str] = "Move to the front"
    tags: str = setting("", "Tags", f"In this order. {TAGS_HELP}")

    def of_lines(self, lines: Lines) -> OfLine | None:
        """Triggers, then these, then the others."""
        places: dict[str, int] = {}
        patterns = listed(self.tags)
        for place, pattern in enumerate(patterns):
            meant = matcher([pattern])
            places |= {t: place for t in lines.vocabulary if t not in places and meant(t)}
        if not places:
            return None
        last = len(patterns)

        def first(line: Line) -> Sequence[str]:
            if places.keys().isdisjoint(line.tags):
                return line.tags
            return line.front + sorted(line.free, key=lambda tag: places.get(tag, last))

        return first


@dataclass(frozen=True, slots=True)
class Add(CaptionRule):
    """Give pictures tags that they lack."""

    key: ClassVar[str] = "add"
    title: ClassVar[str] = "Add"
    tags: str = setting("", "Tags", "Commas between them.")
    where: str = setting(
        "end",
        "Where",
        "front: behind the triggers; a trigger itself takes its place among them.",
        choices=("end", "front"),
    )

    def of_lines(self, lines: Lines) -> OfLine | None:
        """With those that were not there."""
        wanted = listed(self.tags)

        def more(line: Line) -> Sequence[str]:
            there = set(map(tag_key, line.tags))
            come = [tag for tag in wanted if tag_key(tag) not in there]
            if not come:
                return line.tags
            pinned = [tag for tag in come if is_pinned(tag, line.triggers)]
            free = [tag for tag in come if tag not in pinned]
            tags = list(line.tags)
            for tag in pinned:
                tags.insert(_slot(tags, tag, line.triggers), tag)
            if self.where == "end":
                return tags + free
            front = next((n for n, t in enumerate(tags) if not is_pinned(t, line.triggers)), None)
            return tags + free if front is None else [*tags[:front], *free, *tags[front:]]

        return more if wanted else None


def _slot(tags: Sequence[str], new: str, triggers: Sequence[str]) -> int:
    """Where a trigger belongs among those at the front, which are in the triggers' order."""
    rank = _rank(new, triggers)
    for place, tag in enumerate(tags):
        if not is_pinned(tag, triggers) or _rank(tag, triggers) > rank:
            return place
    return len(tags)


def _rank(tag: str, triggers: Sequence[str]) -> int:
    return next(n for n, trigger in enumerate(triggers) if is_pinned(tag, (trigger,)))


@dataclass(frozen=True, slots=True)
class Limit(CaptionRule):
    """Drop the last tags until a caption is short enough."""

    key: ClassVar[str] = "limit"
    title: ClassVar[str] = "Limit tokens"
    tokens: int = setting(
        75,
        "Tokens",
        "Triggers and the text below the tags stay, however long; one tag always does.",
        bounds=(1, 1000),
    )

    def of_lines(self, lines: Lines) -> OfLine:
        """As many tags as fit."""
        tags = list(lines.vocabulary)
        with_comma = dict(zip(tags, count_tokens([f"{tag}," for tag in tags]), strict=True))
        alone = dict(zip(tags, count_tokens(tags), strict=True))

        def fewer(line: Line) -> Sequence[str]:
            length = sum(map(with_comma.__getitem__, line.tags))
            length += count_tokens([one_line(line.text)])[0]
            if length <= self.tokens:
                return line.tags
            left = list(line.tags)
            for place in range(len(left) - 1, -1, -1):
                # Behind the last tag there is no comma, if nothing follows.
                last = "" if line.text.strip() or not left else left[-1]
                spare = with_comma[last] - alone[last] if last else 0
                if length - spare <= self.tokens:
                    break
                if left[place] not in line.pinned and (len(left) > 1 or line.text.strip()):
                    length -= with_comma[left.pop(place)]
            return left if len(left) < len(line.tags) else line.tags

        return fewer


@dataclass(frozen=True, slots=True)
class OneLine(CaptionRule):
    """Write the text below the tags in one line."""

    key: ClassVar[str] = "one_line"
    title: ClassVar[str] = "Text in one line"

    def of_texts(self) -> OfText:
        """The text without line breaks."""
        return lambda text, _triggers: one_line(text)
