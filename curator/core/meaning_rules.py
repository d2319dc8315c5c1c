"""Rules of captions that know which tags mean the same, and which say more than others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from curator.core.errors import UserError
from curator.core.rule_context import CaptionRule, Line, Lines, OfLine, OfTag, RuleContext
from curator.core.settings import setting
from curator.core.tag_rules import NO, YES, listed
from curator.core.tag_spelling import in_style_of, tag_key


@dataclass(frozen=True, slots=True)
class Synonyms(CaptionRule):
    """Write one of the words that mean the same."""

    key: ClassVar[str] = "synonyms"
    title: ClassVar[str] = "One word for synonyms"
    pairs: str = setting("", "Synonyms", "word = the one to use, commas between: closeup=close-up.")
    from_lists: str = setting(NO, "Those of the tag lists too", choices=(YES, NO))

    def of_tags(self, context: RuleContext) -> OfTag:
        """The word to use."""
        own = {tag_key(old): new for old, new in _pairs_in(self.pairs, "=")}
        index = context.index() if self.from_lists == YES and context.index else None

        def chosen(tag: str) -> Sequence[str]:
            new = _last(own, tag_key(tag))
            if new is None and index:
                new = index.usual(tag)
            # One that is only written otherwise is no synonym.
            return (tag,) if new is None or tag_key(new) == tag_key(tag) else (new,)

        return chosen


def _last(known: Mapping[str, str], key: str) -> str | None:
    """Where a chain of synonyms ends; none that runs in a circle has an end."""
    seen, found = {key}, None
    while (new := known.get(key)) is not None:
        key, found = tag_key(new), new
        if key in seen:
            return None
        seen.add(key)
    return found


@dataclass(frozen=True, slots=True)
class Implications(CaptionRule):
    """Leave out what another tag says already, or add it."""

    key: ClassVar[str] = "implications"
    title: ClassVar[str] = "Implied tags"
    implied: str = setting(
        "drop",
        "Implied tags",
        "drop: cat goes where black cat stands; add: it comes.",
        choices=("drop", "add"),
    )
    pairs: str = setting("", "Implications", "special > general, commas between: black cat > cat.")
    from_lists: str = setting(NO, "Those of the tag lists too", choices=(YES, NO))

    def of_lines(self, lines: Lines) -> OfLine | None:
        """The tags without what they imply, or with it."""
        found: dict[str, list[str]] = {}
        if self.from_lists == YES and lines.context.index:
            for tag, general_ones in lines.context.index().implications(lines.vocabulary).items():
                found[tag_key(tag)] = list(general_ones)
        for special, general in _pairs_in(self.pairs, ">"):
            found.setdefault(tag_key(special), []).append(general)
        implied = {tag: some for tag in lines.vocabulary if (some := _implied(found, tag_key(tag)))}
        if not implied:
            return None
        return _dropping(implied) if self.implied == "drop" else _adding(implied)


def _implied(found: Mapping[str, Iterable[str]], key: str) -> dict[str, str]:
    """Everything that a tag implies, also by way of others, by key."""
    all_of: dict[str, str] = {}
    waiting = [key]
    while waiting:
        for general in found.get(waiting.pop(), ()):
            if (of := tag_key(general)) not in all_of and of != key:
                all_of[of] = general
                waiting.append(of)
    return all_of


def _dropping(implied: Mapping[str, Mapping[str, str]]) -> OfLine:
    def fewer(line: Line) -> Sequence[str]:
        if implied.keys().isdisjoint(line.tags):
            return line.tags
        said = {key for tag in line.tags for key in implied.get(tag, ())}
        return [tag for tag in line.tags if tag in line.pinned or tag_key(tag) not in said]

    return fewer


def _adding(implied: Mapping[str, Mapping[str, str]]) -> OfLine:
    def more(line: Line) -> Sequence[str]:
        if implied.keys().isdisjoint(line.tags):
            return line.tags
        there = {tag_key(tag) for tag in line.tags}
        tags = []
        for tag in line.tags:
            tags.append(tag)
            for key, general in implied.get(tag, {}).items():
                if key not in there:
                    there.add(key)
                    tags.append(in_style_of(tag, general))
        return tags

    return more


def _pairs_in(text: str, sign: str) -> list[tuple[str, str]]:
    """The pairs in a text such as "a = b, c = d". Raises UserError for a part without the sign."""
    found = []
    for part in listed(text):
        left, there, right = (one.strip() for one in part.rpartition(sign))
        if not (left and there and right):
            raise UserError(
                f'"{part}" has no {sign} between two tags.', f"Write it as: one {sign} other."
            )
        found.append((left, right))
    return found
