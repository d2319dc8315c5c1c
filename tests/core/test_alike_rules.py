"""Tags that look like one are put together by few rules."""

from __future__ import annotations

from curator.core.alike_rules import alike_rules
from curator.core.caption_rules import apply_rules
from curator.core.tag_suggestions import Consolidation, Why

FOUND = [
    Consolidation("long hair", {"long_hair": 2, "Long hair": 1}, Why.SPELLING),
    Consolidation("cat", {"cats": 3}, Why.PLURAL),
    Consolidation("television", {"tv": 1}, Why.ALIAS),
]


def test_every_suggestion_is_followed() -> None:
    rules = alike_rules(FOUND)
    assert len(rules) == 2
    captions = ["long_hair, cats", "Long hair, tv", "cat, cats", "dog"]
    assert apply_rules(rules, captions) == ["long hair, cat", "long hair, television", "cat", "dog"]


def test_a_tag_that_no_list_of_synonyms_can_hold_is_left_alone() -> None:
    assert alike_rules([Consolidation("=_=", {"x=y": 1}, Why.ALIAS)]) == []
