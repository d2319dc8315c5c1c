"""Pictures in groups, by set, day or source folder: their order and the titles between them."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from curator.core.archives import is_archive_name
from curator.core.naming import natural_key

# What to group by, and the column that decides it.
COLUMNS: Mapping[str, str] = {"set": "set_id", "day": "taken", "folder": "source"}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Section:
    """A group: `count` pictures, never none, from the row `first` on."""

    title: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Grouped:
    """The ids group by group; the sections cover them from the first to the last."""

    ids: array[int]
    sections: tuple[Section, ...]


def ungrouped(ids: array[int]) -> Grouped:
    """All in one section without a title."""
    return Grouped(ids, (Section("", 0, len(ids)),) if ids else ())


def grouped(rows: Iterable[tuple[int, Any]], by: str, sets: Mapping[int, str]) -> Grouped:
    """Groups in the natural order of their titles, the one of pictures that belong to none last.

    `rows` are ids with what stands in the column `COLUMNS[by]`, and keep their order inside a
    group; `sets` are names by id. Days are local ones. In titles of folders, bytes that are no text
    are shown as U+FFFD.
    """
    key, title = _KINDS[by]
    groups: dict[Hashable, array[int]] = defaultdict(lambda: array("q"))
    for id_, value in rows:
        groups[key(value, sets)].append(id_)
    titles = {of: title(of) for of in groups}
    ids, sections = array("q"), []
    for of in sorted(groups, key=lambda of: (of is None, natural_key(titles[of]), titles[of])):
        sections.append(Section(titles[of], len(ids), len(groups[of])))
        ids.extend(groups[of])
    return Grouped(ids, tuple(sections))


def _set(set_id: int | None, sets: Mapping[int, str]) -> str | None:
    return sets.get(set_id or 0)  # a set that was deleted is none


def _day(taken: float | None, _sets: Mapping[int, str]) -> date | None:
    try:
        return None if taken is None else datetime.fromtimestamp(taken).date()
    except (OverflowError, ValueError, OSError):  # beyond what the system's calendar knows
        return None


def _folder(source: str, _sets: Mapping[int, str]) -> str:
    head, slash, name = source.rpartition("/")
    # A name on Linux may hold a backslash; on Windows and in archives made there it separates.
    if "\\" in name and (not source.startswith("/") or "!/" in source):
        return head + slash + name.rpartition("\\")[0]
    return head or "/"


def _set_title(name: str | None) -> str:
    return "no set" if name is None else name


def _day_title(day: date | None) -> str:
    return "no date" if day is None else f"{day} {_WEEKDAYS[day.weekday()]}"


def _folder_title(folder: str) -> str:
    archive, _mark, inner = f"{folder}/".partition("!/")
    if is_archive_name(archive):
        inner = inner.replace("\\", "/")
        folder = f"{archive}/{inner}".removesuffix("/")
    return folder.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


_KINDS: Mapping[str, tuple[Callable[[Any, Mapping[int, str]], Hashable], Callable[[Any], str]]] = {
    "set": (_set, _set_title),
    "day": (_day, _day_title),
    "folder": (_folder, _folder_title),
}
