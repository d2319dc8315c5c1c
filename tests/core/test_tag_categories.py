"""The numbers of boorus' categories."""

from __future__ import annotations

import pytest

from curator.core.tag_categories import Category, numbering_of


@pytest.mark.parametrize(
    ("numbers", "title", "number", "meant"),
    [
        ([0, 1, 5], "danbooru", 5, Category.META),
        ([0, 1, 5], "e621_sfw", 5, Category.SPECIES),
        ([0, 5, 8], "tags", 5, Category.SPECIES),
        ([0, 5, 8], "tags", 8, Category.LORE),
        ([0, 5, 12], "merged", 5, Category.META),
        ([0, 5, 12], "merged", 12, Category.SPECIES),
        ([0, 5, 15], "danbooru_e621", 7, Category.GENERAL),
        ([0, 5, 15], "danbooru_e621", 15, Category.LORE),
        ([], "empty", 0, Category.GENERAL),
    ],
)
def test_a_list_s_numbers_tell_which_booru_it_is_from(
    numbers: list[int], title: str, number: int, meant: Category
) -> None:
    assert numbering_of(numbers, title)[number] == meant
