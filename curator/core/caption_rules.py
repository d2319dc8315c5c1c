"""Rules that change many captions at once: what there is, kept as JSON, applied.

No rule touches a trigger, and a caption in which nothing changes comes back as the very same text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, fields
from itertools import chain
from typing import Any

from curator.core import line_rules, meaning_rules, pattern_rule, spelling_rules, tag_rules
from curator.core.captions import join_tags, split_all, split_caption, with_tags, with_text
from curator.core.errors import UserError
from curator.core.rule_context import CaptionRule, Line, Lines, OfTag, OfText, RuleContext
from curator.core.settings import parse_field
from curator.core.triggers import is_pinned

# In the order in which a menu offers them.
RULES: Mapping[str, type[CaptionRule]] = {
    rule.key: rule
    for rule in (
        tag_rules.Delete,
        tag_rules.Replace,
        pattern_rule.Regex,
        tag_rules.Consolidate,
        tag_rules.Split,
        meaning_rules.Synonyms,
        meaning_rules.Implications,
        line_rules.Deduplicate,
        line_rules.Sort,
        line_rules.Front,
        line_rules.Add,
        spelling_rules.Affix,
        spelling_rules.Case,
        spelling_rules.Underscores,
        spelling_rules.Escapes,
        spelling_rules.Weights,
        line_rules.Limit,
        line_rules.OneLine,
    )
}
NOTHING_KNOWN = RuleContext()


def rule_row(rule: CaptionRule) -> dict[str, Any]:
    """A rule as what JSON holds: {"rule": its key, its fields}."""
    return {"rule": rule.key, **asdict(rule)}  # type: ignore[call-overload]


def rule_from(row: object) -> CaptionRule:
    """The inverse of `rule_row`; fields that are left out have their defaults. Raises UserError."""
    named = row.get("rule") if isinstance(row, dict) else row
    if not isinstance(row, dict) or str(named) not in RULES:
        raise UserError(f'"{named}" is no rule.', f"There are {', '.join(RULES)}.")
    kind = RULES[str(named)]
    declared = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
    unknown = row.keys() - declared.keys() - {"rule"}
    if unknown:
        has = f"It has {', '.join(declared)}." if declared else "It has none."
        raise UserError(f'The rule "{kind.key}" has no field "{min(unknown)}".', has)
    values = {
        name: parse_field(one, _text(row[name])) for name, one in declared.items() if name in row
    }
    return kind(**values)


def _text(value: object) -> str:
    """What was written by hand may hold a list of tags, yes and no as JSON knows them, numbers."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def to_json(rules: Sequence[CaptionRule]) -> str:
    """The rules in one line; equal rules give equal text."""
    return json.dumps([rule_row(rule) for rule in rules], ensure_ascii=False)


def from_json(text: str) -> tuple[CaptionRule, ...]:
    """The inverse of `to_json`. Raises UserError."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"The rules can't be read: {error}.", "They are a list in JSON.") from None
    return rules_from(rows)


def rules_from(rows: object) -> tuple[CaptionRule, ...]:
    """Rules from what JSON holds: a list. Raises UserError."""
    if not isinstance(rows, list):
        raise UserError("The rules can't be read: they are no list.", 'Begin with [{"rule": ...}].')
    return tuple(map(rule_from, rows))


def apply_rules(
    rules: Iterable[CaptionRule], captions: Sequence[str], context: RuleContext = NOTHING_KNOWN
) -> list[str]:
    """The captions after all rules, one after the other. Raises UserError for a bad pattern."""
    batch = _Batch(captions, context)
    for rule in rules:
        batch.apply(rule)
    return batch.texts()


class _Batch:
    """Captions taken apart once, so that each rule thinks about each different tag once."""

    def __init__(self, captions: Sequence[str], context: RuleContext) -> None:
        self._captions = captions
        self._context = context
        self._before = split_all(captions)
        self._lines: list[Sequence[str]] = list(self._before)
        self._below = {n: split_caption(text)[1] for n, text in enumerate(captions) if "\n" in text}
        self._new_below: dict[int, str] = {}
        self._vocabulary: set[str] = set().union(*self._before)
        self._pinned: dict[tuple[str, ...], AbstractSet[str]] = {}

    def apply(self, rule: CaptionRule) -> None:
        """Change what this rule changes."""
        if of_tag := rule.of_tags(self._context):
            self._each_tag(of_tag)
        if of_line := rule.of_lines(Lines(self._lines, self._vocabulary, self._context)):
            come: set[str] = set()
            for place, tags in enumerate(self._lines):
                triggers = self._context.triggers_at(place)
                pinned, text = self._pinned_by(triggers), self._text(place)
                new = of_line(Line(tags, pinned, triggers, text, place))
                if new is not tags:
                    self._lines[place] = new
                    come.update(new)
            self._know(come)
        if of_text := rule.of_texts():
            self._each_text(of_text)

    def _each_tag(self, of_tag: OfTag) -> None:
        results = {tag: new for tag in self._vocabulary if (new := of_tag(tag)) != (tag,)}
        if not results:
            return
        free: dict[tuple[str, ...], _Results] = {}
        for place, tags in enumerate(self._lines):
            if results.keys().isdisjoint(tags):
                continue
            triggers = self._context.triggers_at(place)
            if triggers not in free:
                pinned = self._pinned_by(triggers)
                free[triggers] = _Results({t: n for t, n in results.items() if t not in pinned})
            self._lines[place] = free[triggers].put_into(tags)
        self._know(chain.from_iterable(results.values()))

    def _each_text(self, of_text: OfText) -> None:
        for place in self._below:
            text = self._text(place)
            if (new := of_text(text, self._context.triggers_at(place))) != text:
                self._new_below[place] = new

    def _know(self, tags: Iterable[str]) -> None:
        self._vocabulary.update(tags)
        self._pinned.clear()

    def _text(self, place: int) -> str:
        return self._new_below.get(place, self._below.get(place, ""))

    def _pinned_by(self, triggers: tuple[str, ...]) -> AbstractSet[str]:
        if not triggers:
            return frozenset()
        if triggers not in self._pinned:
            self._pinned[triggers] = {t for t in self._vocabulary if is_pinned(t, triggers)}
        return self._pinned[triggers]

    def texts(self) -> list[str]:
        """The captions as they are now."""
        texts = list(self._captions)
        for place, tags in enumerate(self._lines):
            before, caption = self._before[place], self._captions[place]
            if tags is not before and tuple(tags) != before:
                # Most are written plainly, and need not be taken apart again.
                is_plain = join_tags(before) == caption
                texts[place] = join_tags(tags) if is_plain else with_tags(caption, tags)
        for place, text in self._new_below.items():
            texts[place] = with_text(texts[place], text)
        return texts


class _Results:
    """What becomes of each tag; what would then stand twice in a caption comes once."""

    def __init__(self, results: Mapping[str, Sequence[str]]) -> None:
        self._results = results
        self._one = {tag: new[0] if new else "" for tag, new in results.items() if len(new) < 2}
        self._several = results.keys() - self._one.keys()

    def put_into(self, tags: Sequence[str]) -> Sequence[str]:
        """The tags after it; the same list where none of them is concerned."""
        if self._results.keys().isdisjoint(tags):
            return tags
        if self._several.isdisjoint(tags):
            new = list(filter(None, map(self._one.get, tags, tags)))
            if len(set(new)) == len(new):
                return new
        return self._carefully(tags)

    def _carefully(self, tags: Sequence[str]) -> list[str]:
        results = self._results
        there = {tag for tag in tags if tag in results.get(tag, (tag,))}
        replaced = []
        for tag in tags:
            for new in results.get(tag, (tag,)):
                if new == tag:
                    replaced.append(new)
                elif new not in there:
                    there.add(new)
                    replaced.append(new)
        return replaced
