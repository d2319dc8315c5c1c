"""Regular expressions on tags and text."""

from __future__ import annotations

import pytest

from curator.core.caption_rules import apply_rules
from curator.core.errors import UserError
from curator.core.pattern_rule import Regex
from curator.core.rule_context import RuleContext


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (Regex(r"(\w+) hair$", r"hair \1"), "red hair, hairy", "hair red, hairy"),
        (Regex("^hat$", ""), "a, hat, b", "a, b"),
        (Regex(" and ", ", "), "cat and dog", "cat, dog"),
        (Regex("HAT", "cap"), "hat", "hat"),
        (Regex("HAT", "cap", "yes"), "hat", "cap"),
        (Regex("", "x"), "hat", "hat"),
        (Regex("dog", "cat", within="text"), "dog\nA dog, dogs.", "dog\nA cat, cats."),
        (Regex(".", "x", within="text"), "a\nA fr3dd1e B", "a\nxxfr3dd1exx"),
    ],
)
def test_what_is_found_is_replaced(rule: Regex, before: str, after: str) -> None:
    assert apply_rules([rule], [before], RuleContext([("fr3dd1e",)])) == [after]


@pytest.mark.parametrize(
    ("pattern", "replacement", "says"),
    [
        ("(a", "", "at character 3"),
        ("a)", "", "character"),
        ("[z-a]", "", "character"),
        ("a", r"\1", "group"),
        ("(a)", r"\2", "group"),
        ("a", r"\g<name>", "group"),
        ("a", "\\", "escape"),
    ],
)
def test_what_is_no_pattern_is_told_with_its_place(
    pattern: str, replacement: str, says: str
) -> None:
    with pytest.raises(UserError, match=says):
        apply_rules([Regex(pattern, replacement)], ["nothing of it"])


def test_a_pattern_without_an_end_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curator.core.pattern_rule.PATIENCE_S", 0.05)
    with pytest.raises(UserError, match="takes too long"):
        apply_rules([Regex("(a|aa)+$", "")], ["a" * 60 + "b"])
