"""Rules that put tags into the place of tags."""

from __future__ import annotations

import pytest

from curator.core.caption_rules import apply_rules
from curator.core.rule_context import CaptionRule
from curator.core.tag_rules import Consolidate, Delete, Replace, Split


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (Delete("hat"), "a, Hat,hat , b", "a, b"),
        (Delete("blue eyes"), "a, blue_eyes", "a"),
        (Delete("* hair"), "a, long hair, hair, hair ribbon", "a, hair, hair ribbon"),
        (Delete("name (x)"), "name \\(x\\), b", "b"),
        (Delete(""), "a, b", "a, b"),
        (Replace("cap", "hat"), "cap, a", "hat, a"),
        (Replace("cap", "hat"), "cap, a, hat", "a, hat"),
        (Replace("cap", ""), "cap, a, cap", "a"),
        (Split("armor", "pauldron, gorget"), "a, armor, gorget", "a, pauldron, gorget"),
        (Consolidate("bow, ribbon", "black back bow"), "a, ribbon, b, bow", "a, black back bow, b"),
        (Consolidate("bow, ribbon", "bow"), "a, ribbon, bow", "a, bow"),
        (Consolidate("bow, ribbon", ""), "a, bow", "a, bow"),
    ],
)
def test_tags_give_way(rule: CaptionRule, before: str, after: str) -> None:
    assert apply_rules([rule], [before]) == [after]


def test_what_stood_twice_before_stays_where_no_rule_meets_it() -> None:
    assert apply_rules([Delete("b")], ["a, a, b"]) == ["a, a"]
