"""Rules of captions that write tags otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from curator.core.naming import check_line
from curator.core.rule_context import CaptionRule, OfTag, RuleContext
from curator.core.settings import setting
from curator.core.tag_rules import TAGS_HELP, listed
from curator.core.tag_spelling import escaped, matcher, spaced, underscored, unescaped, unweighted


def as_typed(label: str) -> Callable[[str], str]:
    """A check that keeps the white space around a text."""

    def check(text: str) -> str:
        check_line(label, text)
        return text

    return check


@dataclass(frozen=True, slots=True)
class Affix(CaptionRule):
    """Write something before or behind tags."""

    key: ClassVar[str] = "affix"
    title: ClassVar[str] = "Prefix and suffix"
    prefix: str = setting("", "Before", "A blank at its end counts.", check=as_typed("The prefix"))
    suffix: str = setting(
        "", "Behind", "Tags that have it already stay.", check=as_typed("The suffix")
    )
    tags: str = setting("*", "Tags", TAGS_HELP)

    def of_tags(self, context: RuleContext) -> OfTag:
        """The longer tag."""
        meant = matcher(listed(self.tags))

        def longer(tag: str) -> Sequence[str]:
            if not meant(tag):
                return (tag,)
            before = "" if tag.startswith(self.prefix.lstrip()) else self.prefix
            behind = "" if tag.endswith(self.suffix.rstrip()) else self.suffix
            return tuple(listed(f"{before}{tag}{behind}"))

        return longer


@dataclass(frozen=True, slots=True)
class Case(CaptionRule):
    """Write tags in small letters."""

    key: ClassVar[str] = "case"
    title: ClassVar[str] = "Small letters"

    def of_tags(self, context: RuleContext) -> OfTag:
        """The tag in small letters."""
        return lambda tag: (tag.lower(),)


@dataclass(frozen=True, slots=True)
class Underscores(CaptionRule):
    """Spaces for underscores or the other way round."""

    key: ClassVar[str] = "underscores"
    title: ClassVar[str] = "Underscores"
    become: str = setting(
        "spaces",
        "Write",
        "spaces: for underscores, but ^_^ and its like stay; underscores: for spaces.",
        choices=("spaces", "underscores"),
    )

    def of_tags(self, context: RuleContext) -> OfTag:
        """The tag written so."""
        write = spaced if self.become == "spaces" else underscored
        return lambda tag: tuple(listed(write(tag)))


@dataclass(frozen=True, slots=True)
class Escapes(CaptionRule):
    r"""Parentheses with or without the `\` that prompts want."""

    key: ClassVar[str] = "escapes"
    title: ClassVar[str] = "Escapes of parentheses"
    become: str = setting(
        "plain",
        "Write",
        r"plain: name (series), which trainers want; escaped: name \(series\), as in prompts.",
        choices=("plain", "escaped"),
    )

    def of_tags(self, context: RuleContext) -> OfTag:
        """The tag written so."""
        write = unescaped if self.become == "plain" else escaped
        return lambda tag: (write(tag),)


@dataclass(frozen=True, slots=True)
class Weights(CaptionRule):
    """Take away the weights of prompts, which no trainer reads."""

    key: ClassVar[str] = "weights"
    title: ClassVar[str] = "Strip weights"

    def of_tags(self, context: RuleContext) -> OfTag:
        """The tag without its weight."""
        return lambda tag: tuple(listed(unweighted(tag)))
