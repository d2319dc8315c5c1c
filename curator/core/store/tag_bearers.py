"""Which images carry a tag, and what is decided about many images: sets of ids for counting."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from curator.core.store.query_sql import compile_query


def bearers(db: sqlite3.Connection, tags: Sequence[str]) -> dict[str, set[int]]:
    """By tag, the ids of the images that carry it, removed ones included."""
    found: dict[str, set[int]] = {tag: set() for tag in tags}
    rows = db.execute(
        "SELECT text, image_id FROM tags JOIN image_tags ON tag_id = tags.id "
        "WHERE text IN (SELECT value FROM json_each(?))",
        (json.dumps(list(tags)),),
    )
    for text, image_id in rows:
        found[text].add(image_id)
    return found


def ratings(db: sqlite3.Connection, query: str) -> list[tuple[int, int, int | None]]:
    """(id, rating, set id) of what a query finds, in its order. Raises QueryError."""
    compiled = compile_query(query, "id, rating, set_id")
    return db.execute(compiled.sql, compiled.params).fetchall()
