"""Lists of known tags as a1111-tagcomplete has them: name, category, count and aliases a line."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from curator.core.errors import UserError
from curator.core.tag_categories import Category, numbering_of

MAX_BYTES = 128 * 1024 * 1024
MAX_TAGS = 2_000_000
_MAX_LETTERS = 200  # of a tag; the longest of danbooru's has 170
_MAX_ALIASES = 200
_COLUMNS = ("name", "category", "count", "aliases")
_TITLES = {
    **dict.fromkeys(("name", "tag", "tags", "tag name", "tag_name"), "name"),
    **dict.fromkeys(("category", "type", "color", "tag_category"), "category"),
    **dict.fromkeys(("count", "post_count", "posts", "tag_count"), "count"),
    **dict.fromkeys(("aliases", "alias", "alternative"), "aliases"),
}


@dataclass(frozen=True, slots=True)
class TagList:
    """A list's tags as they are written there, beside each other in columns.

    `unread` is how many lines were passed over because they could not be read.
    """

    title: str
    tags: Sequence[str]
    categories: Sequence[Category]
    counts: Sequence[int]
    aliases: Sequence[Sequence[str]]
    unread: int = 0

    @classmethod
    def load(cls, path: Path) -> TagList:
        """Read a list that anybody may have written. Raises UserError when it is none."""
        rows, unread = _rows(_text(path))
        if not rows:
            raise UserError(
                f"{path} is no list of tags.",
                'Each line is to be: name,category,count,"alias,alias".',
            )
        names, numbers, counts, aliases = zip(*rows, strict=True)
        numbering = numbering_of(numbers, path.stem)
        categories = [numbering.get(number, Category.GENERAL) for number in numbers]
        return cls(path.stem, names, categories, counts, aliases, unread)


_Row = tuple[str, int, int, tuple[str, ...]]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(f"{path} can't be read: {reason}.", "Choose another file.") from error
    if len(raw) > MAX_BYTES:
        raise UserError(
            f"{path} is larger than {MAX_BYTES // 1024**2} MB.", "Choose a list of tags."
        )
    return raw.decode("utf-8-sig", "replace")


def _rows(text: str) -> tuple[list[_Row], int]:
    """What each line says, and how many lines could not be read."""
    lines = (line for part in text.split("\n") if (line := part.strip()))
    rows: list[_Row] = []
    unread, places = 0, tuple(range(len(_COLUMNS)))
    for number, line in enumerate(lines):
        if number == 0 and (titled := _header(line)):
            places = titled
            continue
        row = _row(_fields(line), places) if len(rows) < MAX_TAGS else None
        if row is None:
            unread += 1
        else:
            rows.append(row)
    return rows, unread


def _header(line: str) -> tuple[int, ...]:
    """Where each column stands when the line names them, -1 for one that is not there."""
    titles = [_TITLES.get(field.strip().casefold(), "") for field in line.split(",")]
    if "name" not in titles or not {"category", "count"} & set(titles):
        return ()
    return tuple(titles.index(name) if name in titles else -1 for name in _COLUMNS)


def _fields(line: str) -> Sequence[str]:
    """The fields of a line; quotes are rare before the aliases, and the reader of csv is slow."""
    if '"' not in line:
        return line.split(",")
    head, _, rest = line.partition(',"')
    if '"' not in head and rest.endswith('"') and '"' not in rest[:-1]:
        return [*head.split(","), rest[:-1]]
    try:
        return next(csv.reader([line]))
    except csv.Error:
        return ()


def _row(fields: Sequence[str], places: Sequence[int]) -> _Row | None:
    there = len(fields)
    name, category, count, aliases = [
        fields[place] if 0 <= place < there else "" for place in places
    ]
    name = name.strip()
    if not _is_tag(name):
        return None
    try:
        numbers = int(category or 0), int(float(count or 0))
    except (ValueError, OverflowError):
        return None
    return name, numbers[0], max(0, numbers[1]), _aliases(aliases) if aliases else ()


def _aliases(field: str) -> tuple[str, ...]:
    parts = field.split(",")[:_MAX_ALIASES]
    return tuple([alias for part in parts if _is_tag(alias := part.strip())])


def _is_tag(text: str) -> bool:
    return (
        0 < len(text) <= _MAX_LETTERS
        and text.isprintable()
        and "\N{REPLACEMENT CHARACTER}" not in text
    )
