"""Rules about all tags of a picture together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.caption_rules import apply_rules
from curator.core.captions import count_tokens, join_tags, split_tags, training_line
from curator.core.line_rules import Add, Deduplicate, Front, Limit, OneLine, Sort
from curator.core.rule_context import CaptionRule, RuleContext

WITH_TRIGGERS = RuleContext([("fr3dd1e", "r3d")])


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (Deduplicate(), "a, b, a, A", "a, b, A"),
        (Deduplicate("yes"), "Sun_hat, b, sun hat", "Sun_hat, b"),
        (Sort(), "fr3dd1e, c, B, a", "fr3dd1e, a, B, c"),
        (Sort(), "c, fr3dd1e, a", "fr3dd1e, a, c"),
        (Sort("category"), "outdoors, hat, blonde hair", "blonde hair, hat, outdoors"),
        (Front("b, c*"), "fr3dd1e, a, c1, b", "fr3dd1e, b, c1, a"),
        (Add("hat, new"), "fr3dd1e, Hat", "fr3dd1e, Hat, new"),
        (Add("new", "front"), "fr3dd1e, hat", "fr3dd1e, new, hat"),
        (Add("fr3dd1e"), "hat", "fr3dd1e, hat"),
        (Add("fr3dd1e"), "r3d, hat", "fr3dd1e, r3d, hat"),
        (Add("r3d", "front"), "fr3dd1e, hat", "fr3dd1e, r3d, hat"),
        (Add("fr3dd1e"), "", "fr3dd1e"),
        (OneLine(), "a\nOne\n two.", "a\nOne two."),
    ],
)
def test_captions_are_put_in_order(rule: CaptionRule, before: str, after: str) -> None:
    assert apply_rules([rule], [before], WITH_TRIGGERS) == [after]


def test_the_most_frequent_tags_come_first() -> None:
    assert apply_rules([Sort("frequency")], ["a, b, c", "c, b", "c"])[0] == "c, b, a"
    counted = RuleContext(count=lambda: {"a": 5, "b": 9})
    assert apply_rules([Sort("frequency")], ["a, b, c"], counted) == ["b, a, c"]


def test_what_a_model_was_surest_of_comes_first_behind_what_the_person_gave() -> None:
    scored = RuleContext(sources=["\na,wd,0.4\nb,wd,0.9"])
    assert apply_rules([Sort("score")], ["a, mine, b"], scored) == ["mine, b, a"]


@given(st.lists(st.sampled_from(["hat", "fr3dd1e", "blue eyes", "?!", "a"])), st.integers(1, 20))
def test_as_many_tags_stay_as_fit(tags: list[str], tokens: int) -> None:
    for text in ("", "\nA text, too."):
        caption = join_tags(tags) + text
        (new,) = apply_rules([Limit(tokens)], [caption], WITH_TRIGGERS)
        fits = count_tokens([training_line(new)])[0] <= tokens
        left = [tag for tag in new.split("\n")[0].split(", ") if tag not in ("fr3dd1e", "")]
        assert fits or not left or (left == split_tags(new) and len(left) == 1 and not text)
        if count_tokens([training_line(caption)])[0] <= tokens:
            assert new == caption


def test_the_last_tags_go_first() -> None:
    assert apply_rules([Limit(4)], ["a, b, c, d"]) == ["a, b"]
    assert apply_rules([Limit(5)], ["a, b, c, d"]) == ["a, b, c"]
    assert apply_rules([Limit(1)], ["a very long tag, b"]) == ["a very long tag"]
