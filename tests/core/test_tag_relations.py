"""Tags that hold whenever another one does."""

from __future__ import annotations

import csv

import pytest

from curator.core.tag_groups import group_of
from curator.core.tag_relations import TABLE, implied_by, usual_words


@pytest.mark.parametrize(
    ("tag", "implied"),
    [
        ("black kitten", {"kitten", "cat", "animal"}),
        ("long_black_hair", {"long hair", "black hair"}),
        ("very long gray hair", {"very long hair", "long hair", "grey hair"}),
        ("white dress", {"dress"}),
        ("red pleated skirt", {"pleated skirt", "skirt"}),
        ("school swimsuit", {"one piece swimsuit", "swimsuit"}),
        ("black hair", set()),
        ("blue eyes", set()),
        ("white background", {"simple background"}),
        ("orange", set()),
        ("black", set()),
        ("fr3dd1e", set()),
    ],
)
def test_a_tag_brings_what_it_says_besides(tag: str, implied: set[str]) -> None:
    assert implied_by(tag) == implied


def test_words_have_one_spelling() -> None:
    assert usual_words("gray coloured wall") == "grey colored wall"


def test_no_tag_implies_itself_and_all_are_known() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [(row["tag"], row["implies"]) for row in csv.DictReader(file)]
    assert len(rows) == len(set(rows))
    for tag, implied in rows:
        assert tag not in implied_by(implied)
        assert group_of(tag)
        assert group_of(implied)
