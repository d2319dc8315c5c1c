"""Tags that are probably mistyped."""

from __future__ import annotations

import pytest

from curator.core.typos import typos

OFTEN = ("looking at viewer", "blonde hair", "shirt", "sunglasses", "hand", "2girls", "photo 12")


def never(_tag: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("rare", "meant"),
    [
        ("lookign at viewer", "looking at viewer"),
        ("blode hair", "blonde hair"),
        ("blondehair", "blonde hair"),
        ("sunglases", "sunglasses"),
        ("sunnglases", "sunglasses"),
        ("hands", None),
        ("3girls", None),
        ("photo 13", None),
        ("band", None),
        ("something else", None),
    ],
)
def test_a_rare_tag_near_a_frequent_one_is_told(rare: str, meant: str | None) -> None:
    found = typos({**dict.fromkeys(OFTEN, 50), rare: 1}, never)
    assert found == ({rare: meant} if meant else {})


def test_a_tag_that_lists_know_or_that_is_not_rare_is_no_typo() -> None:
    assert typos({"shirt": 50, "skirt": 1}, lambda tag: tag == "skirt") == {}
    assert typos({"sunglasses": 50, "sunglases": 3}, never) == {}
    assert typos({"sunglasses": 6, "sunglases": 1}, never) == {}
    assert typos({"blue skirt": 9, "red shirt": 50, "red skirt": 1}, never) == {}


def test_a_sentence_without_blanks_takes_no_time() -> None:
    assert typos({"在花园里的浣熊" * 500: 1, "sunglasses": 50}, never) == {}
