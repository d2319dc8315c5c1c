"""Queries about tags as SQL: which pictures have them, and who gave them.

Each function takes what makes a condition, with one parameter in it, of a column's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from curator.core.tag_sources import MANUAL, NO_MODELS

_Fits = Callable[[str], str]
_BY = "json_extract(value, '$.by')"
_SOURCES = "json_each(nullif(tag_sources, ''))"


def _tag(fits: _Fits) -> str:
    tags = f"tag_id IN (SELECT id FROM tags WHERE {fits('folded')})"
    return f"id IN (SELECT image_id FROM image_tags WHERE {tags})"


def _by(fits: _Fits) -> str:
    return f"EXISTS (SELECT 1 FROM {_SOURCES} WHERE {fits(f'casefold({_BY})')})"


def _auto(fits: _Fits) -> str:
    """`tag_sources` names whoever is not the person."""
    others = ", ".join(f"'{name}'" for name in NO_MODELS)
    by_model = f"{fits('casefold(key)')} AND {_BY} NOT IN ({others})"
    return f"{_tag(fits)} AND EXISTS (SELECT 1 FROM {_SOURCES} WHERE {by_model})"


def _manual(fits: _Fits) -> str:
    given = f"SELECT key FROM {_SOURCES} WHERE {_BY} <> '{MANUAL}'"
    by_hand = f"image_id = images.id AND {fits('folded')} AND text NOT IN ({given})"
    tagged = f"SELECT 1 FROM image_tags JOIN tags ON tags.id = tag_id WHERE {by_hand}"
    return f"{_tag(fits)} AND EXISTS ({tagged})"


CONDITIONS: Mapping[str, Callable[[_Fits], str]] = {
    "tag": _tag,
    "by": _by,
    "auto": _auto,
    "manual": _manual,
}
