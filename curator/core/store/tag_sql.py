"""Queries about tags as SQL: which pictures have them, and who gave them.

Each function takes what makes a condition, with one parameter in it, of a column's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from curator.core.tag_sources import MANUAL, NO_MODELS

_Fits = Callable[[str], str]
# The lines of `core.tag_sources` as a list in JSON: their breaks are the only \n in it, since the
# backslashes of tags are written otherwise first. Versions before wrote an object in JSON.
_LINES = (
    r"""'[' || replace(replace(json_quote(substr(tag_sources, 2)), '\\', '\u005c'), """
    r"""'\n', '","') || ']'"""
)
_KEPT_AS_JSON = "tag_sources LIKE '{%'"
_BEHIND_TAG = "substr(value, instr(value, ',') + 1)"
_SOURCES = (
    "(SELECT key AS tag, json_extract(value, '$.by') AS giver "
    f"FROM json_each(CASE WHEN {_KEPT_AS_JSON} THEN tag_sources END) UNION ALL "
    "SELECT substr(value, 1, instr(value, ',') - 1), "
    f"rtrim(rtrim({_BEHIND_TAG}, '0123456789.e+-'), ',') "
    f"FROM json_each(CASE WHEN tag_sources <> '' AND NOT {_KEPT_AS_JSON} THEN {_LINES} END))"
)


def _tag(fits: _Fits) -> str:
    tags = f"tag_id IN (SELECT id FROM tags WHERE {fits('folded')})"
    return f"id IN (SELECT image_id FROM image_tags WHERE {tags})"


def _by(fits: _Fits) -> str:
    return f"EXISTS (SELECT 1 FROM {_SOURCES} WHERE {fits('casefold(giver)')})"


def _auto(fits: _Fits) -> str:
    """`tag_sources` names whoever is not the person."""
    others = ", ".join(f"'{name}'" for name in NO_MODELS)
    by_model = f"{fits('casefold(tag)')} AND giver NOT IN ({others})"
    return f"{_tag(fits)} AND EXISTS (SELECT 1 FROM {_SOURCES} WHERE {by_model})"


def _manual(fits: _Fits) -> str:
    given = f"SELECT tag FROM {_SOURCES} WHERE giver <> '{MANUAL}'"
    by_hand = f"image_id = images.id AND {fits('folded')} AND text NOT IN ({given})"
    tagged = f"SELECT 1 FROM image_tags JOIN tags ON tags.id = tag_id WHERE {by_hand}"
    return f"{_tag(fits)} AND EXISTS ({tagged})"


CONDITIONS: Mapping[str, Callable[[_Fits], str]] = {
    "tag": _tag,
    "by": _by,
    "auto": _auto,
    "manual": _manual,
}
