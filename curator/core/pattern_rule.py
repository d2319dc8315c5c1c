"""The rule of captions that searches with a regular expression."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import regex

from curator.core.errors import UserError
from curator.core.rule_context import CaptionRule, OfTag, OfText, RuleContext
from curator.core.settings import setting
from curator.core.spelling_rules import as_typed
from curator.core.tag_rules import NO, YES, listed
from curator.core.triggers import split_at_triggers

PATIENCE_S = 2.0  # for one pattern on all tags


def _whole(pattern: str) -> str:
    _compiled(pattern, ignore_case=False)
    return pattern


@dataclass(frozen=True, slots=True)
class Regex(CaptionRule):
    """Search with a regular expression and replace."""

    key: ClassVar[str] = "regex"
    title: ClassVar[str] = "Regular expression"
    pattern: str = setting(
        "", "Pattern", "Python's syntax; it looks into each tag by itself.", check=_whole
    )
    replacement: str = setting(
        "",
        "Becomes",
        r"\1 is what the first pair of parentheses found. What becomes empty is deleted.",
        check=as_typed("The replacement"),
    )
    ignore_case: str = setting(NO, "Ignore case", choices=(YES, NO))
    within: str = setting(
        "tags", "Where", "text: in the lines below the tags.", choices=("tags", "text")
    )

    def of_tags(self, context: RuleContext) -> OfTag | None:
        """What is left of a tag, which may be several where commas came in."""
        if self.within == "text" or not self.pattern:
            return None
        sub = self._sub()
        return lambda tag: (tag,) if (new := sub(tag)) == tag else tuple(listed(new))

    def of_texts(self) -> OfText | None:
        """The same of what stands between the triggers in the free text."""
        if self.within == "tags" or not self.pattern:
            return None
        sub = self._sub()

        def rewritten(text: str, triggers: tuple[str, ...]) -> str:
            parts = split_at_triggers(text, triggers)
            return "".join(sub(p) if n % 2 == 0 else p for n, p in enumerate(parts))

        return rewritten

    def check(self) -> None:
        """Raise UserError for a pattern or replacement that can't be read."""
        _compiled(self.pattern, self.ignore_case == YES)
        _check_replacement(self.pattern, self.replacement)

    def _sub(self) -> Callable[[str], str]:
        self.check()
        pattern = _compiled(self.pattern, self.ignore_case == YES)
        replacement, ends = self.replacement, time.monotonic() + PATIENCE_S

        def sub(text: str) -> str:
            left_s = ends - time.monotonic()
            try:
                return str(pattern.sub(replacement, text, timeout=max(left_s, 0.001)))
            except TimeoutError:
                raise UserError(
                    f'The pattern {self.pattern} takes too long, for example on "{text[:60]}".',
                    "Make it simpler; one + or * inside another, as in (a+)+, is the usual cause.",
                ) from None

        return sub


@lru_cache(maxsize=64)
def _compiled(pattern: str, ignore_case: bool) -> regex.Pattern[str]:
    try:
        return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)
    except regex.error as error:
        at = "" if error.pos is None else f", at character {error.pos + 1}"
        raise UserError(
            f"The pattern {pattern} can't be read: {error.msg}{at}.",
            r"A sign that means itself wants a \ before it, such as \( or \+.",
        ) from None
    except (RecursionError, OverflowError, MemoryError):
        raise UserError(f"The pattern {pattern[:60]} is too large.", "Make it simpler.") from None


@lru_cache(maxsize=64)
def _check_replacement(pattern: str, replacement: str) -> None:
    """A group that is not there shows only where something is found: here, in nothing at all."""
    try:
        regex.compile(f"(?:{pattern})?+").sub(replacement, "", count=1, timeout=PATIENCE_S)
    except TimeoutError:
        return
    except (regex.error, IndexError) as error:
        raise UserError(
            f"The replacement {replacement} can't be read: {error}.",
            r"\1 is the first pair of parentheses in the pattern; \\ is a backslash.",
        ) from None
