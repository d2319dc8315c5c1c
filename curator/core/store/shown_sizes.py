"""The size of each picture after its recipe, kept beside it for queries."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping

from curator.core.geometry import Size
from curator.core.shown_size import made_size
from curator.core.store.fit_sql import BUCKET
from curator.core.store.query_sql import compile_query


def add_columns(db: sqlite3.Connection) -> None:
    """From here on the size after the recipe is kept, and in the index that filters read."""
    for name in ("shown_width", "shown_height"):
        db.execute(f"ALTER TABLE images ADD COLUMN {name} INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE images SET shown_width = width, shown_height = height")
    keep(db, dict(db.execute("SELECT id, recipe FROM images WHERE recipe <> ''")))
    db.execute("DROP INDEX images_measured")
    db.execute(
        "CREATE INDEX images_measured ON images(removed, id, rating, rejected, reject_reason, "
        "set_id, width, height, format, frames, tag_count, token_count, size_bytes, added, taken, "
        "shown_width, shown_height)"
    )


def keep(db: sqlite3.Connection, recipes: Mapping[int, str]) -> None:
    """Keep what these recipes, by image, make of the sizes of their pictures."""
    rows = db.execute(
        "SELECT id, width, height FROM images WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(recipes)),),
    ).fetchall()
    db.executemany(
        "UPDATE images SET shown_width = ?, shown_height = ? WHERE id = ?",
        [(*made_size(recipes[id_], (width, height)), id_) for id_, width, height in rows],
    )


def sizes(db: sqlite3.Connection, query: str) -> Counter[Size]:
    """How many of a query's pictures have each size after their recipes. Raises QueryError."""
    compiled = compile_query(query, "shown_width, shown_height")
    return Counter(db.execute(compiled.sql, compiled.params))


def buckets(db: sqlite3.Connection) -> list[tuple[str, int]]:
    """The buckets of pictures that are not removed, and of how many each, the fullest first."""
    counted = f"SELECT {BUCKET} AS bucket, count(*) FROM images WHERE removed = 0"
    return db.execute(f"{counted} GROUP BY bucket ORDER BY count(*) DESC, bucket").fetchall()
