"""Measures are declared once: each has its words, and their numbers are readable."""

from __future__ import annotations

from dataclasses import fields

from curator.core.measures import BY_WORD, MEANINGS, Measures, facts_of
from curator.core.query_terms import FIELDS, IS_WORDS, SORT_KEYS


def test_every_measure_has_a_word_that_queries_and_orders_know() -> None:
    assert len(BY_WORD) == len(fields(Measures)) == len(MEANINGS)
    assert set(BY_WORD) <= set(FIELDS)
    assert set(BY_WORD) <= set(SORT_KEYS)
    assert not set(BY_WORD) & set(IS_WORDS)


def test_every_measure_explains_itself() -> None:
    for meaning in MEANINGS.values():
        assert meaning.help.endswith(".")
        assert meaning.low != meaning.high


def test_what_has_no_meaning_for_a_picture_is_not_told() -> None:
    facts = facts_of(Measures(sharpness=41.7, upscaled=2.04, clipped=0.31))
    assert facts == [("Sharpness", "42"), ("Upscaled", "2.0x"), ("Clipped", "0.3 %")]
    assert facts_of(Measures()) == []
