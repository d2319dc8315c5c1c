"""What tags pictures have: counted for a query, or for any pictures that are chosen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping

from curator.core.query_words import with_term
from curator.core.store import images
from curator.core.store.tags import tally
from curator.core.tag_table import TagUsage


def of_images(db: sqlite3.Connection, ids: Collection[int]) -> dict[str, int]:
    """How many of these images, of any number, carry each tag; none may be named twice."""
    (shown,) = db.execute("SELECT count(*) FROM images WHERE removed = 0").fetchone()
    few = 2 * len(ids) <= shown
    return _named(db, tally(db, ids) if few else _numbers_of_many(db, set(ids)))


def usage(db: sqlite3.Connection, query: str) -> TagUsage:
    """The tags of a query's images, and of the primaries among them. Raises QueryError."""
    ids = images.select(db, query)
    primaries = images.select(db, with_term(query, "is:primary"))
    return TagUsage(len(ids), len(primaries), of_images(db, ids), of_images(db, primaries))


def _named(db: sqlite3.Connection, numbers: Mapping[int, int]) -> dict[str, int]:
    ids = (json.dumps(list(numbers)),)
    where = "id IN (SELECT value FROM json_each(?))"
    return {
        text: numbers[id_]
        for id_, text in db.execute(f"SELECT id, text FROM tags WHERE {where}", ids)
    }


def _numbers_of_many(db: sqlite3.Connection, ids: set[int]) -> dict[int, int]:
    """What is known of the whole, less what the few others have."""
    shown = {id_ for (id_,) in db.execute("SELECT id FROM images WHERE removed = 0")}
    if not ids <= shown:
        return tally(db, ids)
    others = tally(db, shown - ids)
    uses = db.execute("SELECT id, uses FROM tags WHERE uses > 0")
    return {id_: left for id_, number in uses if (left := number - others.get(id_, 0))}
