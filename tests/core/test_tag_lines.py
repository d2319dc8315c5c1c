"""Tags found by typing, in orders, and in groups that fold."""

from __future__ import annotations

from curator.core.tag_categories import Category
from curator.core.tag_lines import Heading, Line, Order, arranged, fitting, in_groups
from curator.core.tag_table import TagRow


def row(tag: str, count: int, share: float = 0.0, group: str = "") -> TagRow:
    kind = Category.ARTIST if tag.startswith("by ") else None
    return TagRow(tag, count, 0.0, 0, share, kind, group)


ROWS = [
    row("Long_Hair", 5, 0.2, "hair"),
    row("sofa", 7),
    row("by me", 1, 0.9),
    row("hair ribbon", 5, 0.5, "clothes"),
]


def names(lines: list[TagRow]) -> list[str]:
    return [line.tag for line in lines]


def test_all_typed_words_are_to_be_in_a_tag_however_it_is_written() -> None:
    assert names(fitting(ROWS, "hair")) == ["Long_Hair", "hair ribbon"]
    assert names(fitting(ROWS, " hair long ")) == ["Long_Hair"]
    assert names(fitting(ROWS, "")) == names(ROWS)


def test_orders() -> None:
    assert names(arranged(ROWS, Order.COUNT)) == ["sofa", "hair ribbon", "Long_Hair", "by me"]
    assert names(arranged(ROWS, Order.RARE)) == ["by me", "hair ribbon", "Long_Hair", "sofa"]
    assert names(arranged(ROWS, Order.SHARE))[:2] == ["by me", "hair ribbon"]
    assert names(arranged(ROWS, Order.NAME)) == ["by me", "hair ribbon", "Long_Hair", "sofa"]
    assert names(arranged(ROWS, Order.CATEGORY))[0] == "by me"


def test_groups_stand_in_their_order_and_what_has_none_comes_last() -> None:
    titles = {"eyes": "Eyes", "clothes": "Clothes", "hair": "Hair"}
    lines: list[Line] = in_groups(ROWS, titles, {"hair"})
    assert lines == [
        Heading("clothes", "Clothes", 1, is_folded=False),
        ROWS[3],
        Heading("hair", "Hair", 1, is_folded=True),
        Heading("", "Other", 2, is_folded=False),
        ROWS[1],
        ROWS[2],
    ]
