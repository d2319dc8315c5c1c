"""Rules that write tags otherwise."""

from __future__ import annotations

import pytest

from curator.core.caption_rules import apply_rules
from curator.core.rule_context import CaptionRule
from curator.core.spelling_rules import Affix, Case, Escapes, Underscores, Weights
from curator.core.tag_spelling import KAOMOJI


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (Underscores(), "blue_eyes, ^_^, a_b_c", "blue eyes, ^_^, a b c"),
        (Underscores(), "blue_eyes, blue eyes", "blue eyes"),
        (Underscores("underscores"), "blue eyes, ^_^", "blue_eyes, ^_^"),
        (Escapes(), "name \\(x\\), \\[b\\]", "name (x), [b]"),
        (Escapes("escaped"), "name (x), b \\(y\\)", "name \\(x\\), b \\(y\\)"),
        (
            Weights(),
            "(hat:1.2), ((cap:.9):2), poster (object), (a)",
            "hat, cap, poster (object), (a)",
        ),
        (Case(), "Red Hat, ÄÖ", "red hat, äö"),
        (Affix("very "), "big, very tall", "very big, very tall"),
        (Affix("", " hair", "red, b*"), "red, blue, green", "red hair, blue hair, green"),
    ],
)
def test_tags_are_written_otherwise(rule: CaptionRule, before: str, after: str) -> None:
    assert apply_rules([rule], [before]) == [after]


def test_the_nineteen_faces_keep_their_underscores() -> None:
    line = ", ".join(sorted(KAOMOJI))
    assert len(KAOMOJI) == 19
    assert apply_rules([Underscores()], [line]) == [line]
