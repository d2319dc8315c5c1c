"""What tags pictures have: counted for a query, or for any pictures that are chosen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from curator.core.store import images
from curator.core.store.tags import tally
from curator.core.tag_table import TagUsage


def of_images(db: sqlite3.Connection, ids: Iterable[int]) -> dict[str, int]:
    """How many of these images, of any number, carry each tag."""
    return _named(db, _numbers(db, set(ids)))


def usage(db: sqlite3.Connection, query: str) -> TagUsage:
    """The tags of a query's images, and of the primaries among them. Raises QueryError."""
    ids = set(images.select(db, query))
    primaries = ids & set(images.select(db, "is:primary"))
    counts, of_primaries = (_named(db, _numbers(db, some)) for some in (ids, primaries))
    return TagUsage(len(ids), len(primaries), counts, of_primaries)


def _named(db: sqlite3.Connection, numbers: Mapping[int, int]) -> dict[str, int]:
    ids = (json.dumps(list(numbers)),)
    where = "id IN (SELECT value FROM json_each(?))"
    return {
        text: numbers[id_]
        for id_, text in db.execute(f"SELECT id, text FROM tags WHERE {where}", ids)
    }


def _numbers(db: sqlite3.Connection, ids: set[int]) -> dict[int, int]:
    """How many of these images carry each tag, by the tags' ids."""
    shown = {id_ for (id_,) in db.execute("SELECT id FROM images WHERE removed = 0")}
    if 2 * len(ids) <= len(shown) or not ids <= shown:
        return tally(db, ids)
    # Most of the project: what is known of the whole, less what the others have.
    others = tally(db, shown - ids)
    uses = db.execute("SELECT id, uses FROM tags WHERE uses > 0")
    return {id_: left for id_, number in uses if (left := number - others.get(id_, 0))}
