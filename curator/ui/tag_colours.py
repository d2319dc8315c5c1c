"""The colour of each kind of tag, in both themes."""

from __future__ import annotations

from collections.abc import Mapping

from curator.core.tag_categories import Category
from curator.ui.theme import DARK, Colours

_DARK: Mapping[Category, str] = {
    Category.ARTIST: "#ff9a94",
    Category.COPYRIGHT: "#d8a6f5",
    Category.CHARACTER: "#74d088",
    Category.SPECIES: "#f0a96c",
    Category.META: "#e3c66a",
    Category.LORE: "#8fd0c8",
    Category.INVALID: "#f5928b",
}
_LIGHT: Mapping[Category, str] = {
    Category.ARTIST: "#a8201a",
    Category.COPYRIGHT: "#76239c",
    Category.CHARACTER: "#17692b",
    Category.SPECIES: "#8a4200",
    Category.META: "#6a5200",
    Category.LORE: "#0d5f59",
    Category.INVALID: "#a8201a",
}


def tag_colour(category: Category | None, colours: Colours) -> str:
    """The colour of a tag's text, readable on a field; general and unknown ones are plain."""
    kinds = _DARK if colours is DARK else _LIGHT
    return kinds.get(category, colours.text) if category else colours.text
