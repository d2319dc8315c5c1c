"""Rules that know what tags mean."""

from __future__ import annotations

import pytest

from curator.core.caption_rules import apply_rules
from curator.core.errors import UserError
from curator.core.installed_tag_lists import known_tags
from curator.core.meaning_rules import Implications, Synonyms
from curator.core.rule_context import CaptionRule, RuleContext
from curator.core.tag_index import TagIndex

LISTS = RuleContext(index=lambda: TagIndex(known_tags()[0]))


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (Synonyms("closeup = close-up"), "a, Closeup", "a, close-up"),
        (Synonyms("a = b, b = c"), "a, b, x", "c, x"),
        (Synonyms("a = b, b = a"), "a, b", "a, b"),
        (Synonyms(from_lists="yes"), "closeup, hat", "close-up, hat"),
        (Synonyms("closeup = near", "yes"), "closeup", "near"),
        (Synonyms(), "closeup", "closeup"),
        (Implications("drop", "black cat > cat, cat > animal"), "animal, black cat", "black cat"),
        (Implications("drop", "black cat > cat"), "cat, hat", "cat, hat"),
        (Implications("drop", from_lists="yes"), "cat, black cat", "black cat"),
        (Implications("add", "black_cat > cat"), "black_cat, hat", "black_cat, cat, hat"),
        (Implications("add", "red cat > big cat"), "red_cat", "red_cat, big_cat"),
        (Implications("drop", "a > b, b > a"), "a, b", ""),
    ],
)
def test_one_word_is_used_for_one_thing(rule: CaptionRule, before: str, after: str) -> None:
    assert apply_rules([rule], [before], LISTS) == [after]


@pytest.mark.parametrize("rule", [Synonyms("a, b"), Implications("add", "a >"), Synonyms("= b")])
def test_a_pair_without_its_sign_is_refused(rule: CaptionRule) -> None:
    with pytest.raises(UserError, match="between two tags"):
        apply_rules([rule], ["a"])
