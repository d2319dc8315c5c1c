"""Completion of tags: what comes first, and in which spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.tag_categories import Category
from curator.core.tag_index import Completion, TagIndex
from curator.core.tag_lists import TagList

G = Category.GENERAL
LISTED = {
    "hair": 10,
    "hair_bow": 40,
    "long_hair": 90,
    "chair": 95,
    "bow": 30,
    "parallel_speed_lines": 5,
    "speed_of_lines": 4,
    "ribbon": 70,
    "close-up": 60,
    "hatsune_miku_(append)": 3,
    "^_^": 2,
    "x-ray": 1,
}
ALIASES = {"ribbon": ["hair_tie"], "close-up": ["closeup"], "bow": ["mohair_knot"]}
LIST = TagList(
    "list",
    list(LISTED),
    [Category.CHARACTER if "miku" in tag else G for tag in LISTED],
    list(LISTED.values()),
    [ALIASES.get(tag, []) for tag in LISTED],
)


def tags(index: TagIndex, text: str, limit: int = 20) -> list[str]:
    return [one.tag for one in index.complete(text, limit)]


def test_the_better_a_tag_fits_the_earlier_it_comes() -> None:
    found = tags(TagIndex([LIST]), "hair")
    assert found == ["hair", "hair bow", "long hair", "chair", "ribbon", "bow"]


def test_the_project_s_tags_come_first_among_those_that_fit_as_well() -> None:
    index = TagIndex([LIST], [("hair clip", 2), ("blue hair", 1), ("hair down", 9)])
    assert tags(index, "hair")[:5] == ["hair", "hair down", "hair clip", "hair bow", "blue hair"]


def test_a_tag_of_project_and_list_comes_once_with_the_project_s_count() -> None:
    index = TagIndex([LIST], [("Long_Hair", 7)])
    assert index.complete("long") == [Completion("Long_Hair", "", G, 7, in_project=True)]


def test_an_alias_leads_to_its_tag() -> None:
    index = TagIndex([LIST])
    assert index.complete("hair tie") == [Completion("ribbon", "hair tie", G, 70, False)]
    found = index.with_counts([("ribbon", 4)]).complete("hair t", fuzzy=False)
    assert found == [Completion("ribbon", "hair tie", G, 4, True)]


def test_an_alias_typed_in_full_is_as_good_as_the_tag() -> None:
    index = TagIndex([LIST], [("closeups of hands", 3)])
    assert tags(index, "closeup") == ["close-up", "closeups of hands"]


@pytest.mark.parametrize("text", ["eed lin", "eed_lin", "EED LIN", "peed  lines"])
def test_a_piece_of_the_middle_is_found(text: str) -> None:
    assert tags(TagIndex([LIST]), text)[0] == "parallel speed lines"


def test_words_are_found_apart_too_those_in_order_first() -> None:
    index = TagIndex([LIST])
    assert tags(index, "par lin") == ["parallel speed lines"]
    assert tags(index, "lin spe") == ["parallel speed lines", "speed of lines"]
    assert tags(index, "of speed") == ["speed of lines"]
    assert index.complete("par lin", fuzzy=False) == []
    assert index.complete("moh knot") == [Completion("bow", "mohair knot", G, 30, False)]


def test_the_spelling_is_that_of_the_project() -> None:
    spaced = TagIndex([LIST], [("blue sky", 5), ("red_rose", 1)])
    joined = TagIndex([LIST], [("blue_sky", 5), ("red rose", 1)])
    assert tags(spaced, "long") == ["long hair"]
    assert tags(joined, "long") == ["long_hair"]
    assert tags(joined, "blue") == ["blue_sky"]


def test_faces_are_found_as_they_are_typed() -> None:
    index = TagIndex([LIST])
    assert tags(index, "^_") == ["^_^"]
    assert tags(index, "x-r") == ["x-ray"]
    assert tags(index, "x_r") == ["x-ray"]


def test_a_blank_at_the_end_asks_for_another_word() -> None:
    assert tags(TagIndex([LIST]), "hair ") == ["hair bow", "ribbon", "bow"]


def test_nothing_typed_offers_what_the_project_uses_most() -> None:
    assert tags(TagIndex([LIST], [("b", 1), ("a", 3), ("c", 2)]), "", 2) == ["a", "c"]
    assert tags(TagIndex([LIST]), " ") == []


def test_escaped_parentheses_are_found() -> None:
    index = TagIndex([LIST], [(r"hatsune miku \(append\)", 1)])
    assert tags(index, "(app") == [r"hatsune miku \(append\)"]
    assert tags(index, r"miku \(app") == [r"hatsune miku \(append\)"]


def test_the_category_is_known_in_any_spelling() -> None:
    index = TagIndex([LIST])
    assert index.category_of("Hatsune Miku (append)") == Category.CHARACTER
    assert index.category_of("unheard of") is None


def test_synonyms_are_spelled_as_the_project_does() -> None:
    own = [("closeup", 9), ("hair tie", 2), ("Long_Hair", 4), ("long hair", 7), ("gray_cat", 1)]
    assert TagIndex([LIST], own).synonyms() == {
        "closeup": "close-up",
        "hair tie": "ribbon",
        "Long_Hair": "long hair",
        "gray_cat": "grey cat",
    }


def test_a_tag_of_a_list_is_no_synonym_even_where_it_is_an_alias_too() -> None:
    both = TagList("l", ["ribbon", "bow"], [G, G], [9, 5], [["bow"], []])
    assert TagIndex([both]).synonyms(["bow", "unheard of"]) == {}


def test_implied_tags_are_spelled_as_the_project_does() -> None:
    index = TagIndex([LIST], [("black_kitten", 1), ("Cat", 3), ("smile", 2)])
    assert index.implications() == {
        "black_kitten": ("animal", "Cat", "kitten"),
        "Cat": ("animal",),
    }
    assert index.implications(["extreme closeup"]) == {}
    assert index.implications(["extreme close-up"]) == {"extreme close-up": ("close-up",)}


def test_no_more_than_asked_for_come_in_very_many() -> None:
    many = [f"tag {n}" for n in range(5000)]
    big = TagList("big", many, [G] * 5000, list(range(5000)), [()] * 5000)
    assert tags(TagIndex([big]), "t", 3) == ["tag 4999", "tag 4998", "tag 4997"]
    assert tags(TagIndex([big]), "ag 4999", 3) == ["tag 4999"]


words = st.from_regex("[ab]{2,3}( [ab]{1,2})?", fullmatch=True)


@given(st.dictionaries(words, st.integers(0, 9), max_size=8), st.lists(words, max_size=4), words)
def test_whatever_holds_the_text_is_found_once(
    listed: dict[str, int], own: list[str], text: str
) -> None:
    known = TagList("l", list(listed), [G] * len(listed), list(listed.values()), [()] * len(listed))
    index = TagIndex([known], [(tag, 1) for tag in dict.fromkeys(own)])
    found = [one.tag for one in index.complete(text, 50)]
    assert {tag for tag in [*listed, *own] if text in tag} <= set(found)
    assert len(found) == len(set(found))
