"""Which tags of a project look like one."""

from __future__ import annotations

from curator.core.tag_categories import Category
from curator.core.tag_index import TagIndex
from curator.core.tag_lists import TagList
from curator.core.tag_suggestions import Consolidation, Why, consolidations

G = Category.GENERAL
LIST = TagList(
    "l",
    ["close-up", "flower", "bow", "bows", "grey_sky"],
    [G] * 5,
    [9, 8, 7, 6, 5],
    [["closeup"], ["blossom"], [], [], []],
)


def suggested(counts: dict[str, int]) -> list[Consolidation]:
    return consolidations(counts, TagIndex([LIST], counts.items()))


def test_spellings_become_what_most_pictures_have() -> None:
    assert suggested({"Long_hair": 2, "long hair": 9, "long-hair": 1}) == [
        Consolidation("long hair", {"Long_hair": 2, "long-hair": 1}, Why.SPELLING)
    ]


def test_an_alias_becomes_the_tag_even_where_no_picture_has_that() -> None:
    assert suggested({"closeup": 3, "blossom": 8, "flower": 2}) == [
        Consolidation("flower", {"blossom": 8}, Why.ALIAS),
        Consolidation("close-up", {"closeup": 3}, Why.ALIAS),
    ]


def test_other_words_are_spellings_too() -> None:
    assert suggested({"gray sky": 3}) == [Consolidation("grey sky", {"gray sky": 3}, Why.SPELLING)]


def test_one_and_many_become_what_is_used_more() -> None:
    assert suggested({"puppies": 2, "puppy": 5, "boxes": 4, "box": 1, "grass": 2, "gras": 9}) == [
        Consolidation("puppy", {"puppies": 2}, Why.PLURAL),
        Consolidation("boxes", {"box": 1}, Why.PLURAL),
    ]


def test_what_a_list_tells_apart_is_let_be() -> None:
    assert suggested({"bow": 3, "bows": 4, "cat": 1}) == []
