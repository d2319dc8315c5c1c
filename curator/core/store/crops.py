"""Crops of a picture as images of their own: the step that makes room for them, and who has any."""

from __future__ import annotations

import json
import re
import sqlite3
from array import array
from collections.abc import Iterable, Sequence

_ONCE = re.compile(r",\s*UNIQUE\(sha256, frame\)")
_NEW_COLUMNS = """,
    parent_id INTEGER REFERENCES images(id),
    mask TEXT NOT NULL DEFAULT ''"""
_NEW_INDEXES = (
    # A crop shares content and frame with its source; of sources there is one for each.
    "CREATE UNIQUE INDEX images_identity ON images(sha256, frame) WHERE parent_id IS NULL",
    "CREATE INDEX images_crops ON images(parent_id) WHERE parent_id IS NOT NULL",
    "CREATE INDEX images_masked ON images(id) WHERE mask <> ''",
)


def make_room(db: sqlite3.Connection) -> None:
    """Rebuild the table of images, for a constraint of a table can't be dropped.

    Foreign keys must be off, or the rows that refer to images would go with the old table.
    """
    table, indexes = _schema(db, "table", "name"), _schema(db, "index", "tbl_name")
    views = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall()
    highest = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'images'").fetchone()
    names = ", ".join(f'"{row[1]}"' for row in db.execute("PRAGMA table_info(images)"))
    for name, _sql in views:  # which name the table that is about to be away
        db.execute(f'DROP VIEW "{name}"')
    new = _ONCE.sub(_NEW_COLUMNS, table[0]).replace("TABLE images(", "TABLE images_new(", 1)
    db.execute(new)
    db.execute(f"INSERT INTO images_new({names}) SELECT {names} FROM images")
    db.execute("DROP TABLE images")
    db.execute("ALTER TABLE images_new RENAME TO images")
    db.execute("DELETE FROM sqlite_sequence WHERE name = 'images'")
    if highest:  # ids of pictures that are gone are not given again
        db.execute("INSERT INTO sqlite_sequence(name, seq) VALUES ('images', ?)", highest)
    for sql in (*indexes, *(sql for _name, sql in views), *_NEW_INDEXES):
        db.execute(sql)


def _schema(db: sqlite3.Connection, kind: str, column: str) -> list[str]:
    rows = db.execute(
        f"SELECT sql FROM sqlite_master WHERE type = ? AND {column} = 'images' AND sql NOT NULL",
        (kind,),
    )
    return [sql for (sql,) in rows]


def of(db: sqlite3.Connection, ids: Iterable[int], *, removed: bool = False) -> dict[int, int]:
    """By the id of a crop that of its source, for all crops of these images.

    `removed`: those too that are removed.
    """
    shown = "" if removed else "AND removed = 0 "
    rows = db.execute(
        f"SELECT id, parent_id FROM images WHERE parent_id IS NOT NULL {shown}"
        "AND parent_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(ids)),),
    )
    return dict(rows.fetchall())


def sources_kept(db: sqlite3.Connection, going: Sequence[int]) -> set[int]:
    """Those of these images that have a crop which is not among them."""
    crops, leaving = of(db, going, removed=True), set(going)
    return {source for id_, source in crops.items() if id_ not in leaving}


def are_there(db: sqlite3.Connection) -> bool:
    """Whether there are any crops, removed ones included."""
    found = "SELECT 1 FROM images INDEXED BY images_crops WHERE parent_id IS NOT NULL LIMIT 1"
    return db.execute(found).fetchone() is not None


def beside_sources(db: sqlite3.Connection, ids: array[int]) -> array[int]:
    """These ids in their order, but crops right behind their source where it is among them."""
    rows = db.execute(
        "SELECT id, parent_id FROM images INDEXED BY images_crops WHERE parent_id IS NOT NULL "
        "ORDER BY id"
    ).fetchall()
    return ordered_beside(ids, rows) if rows else ids


def ordered_beside(ids: array[int], rows: Sequence[tuple[int, int]]) -> array[int]:
    """`beside_sources`, by (id of a crop, id of its source) in the order of ids."""
    there = set(ids)
    crops: dict[int, list[int]] = {}
    for id_, source in rows:
        if id_ in there and source in there:
            crops.setdefault(source, []).append(id_)
    if not crops:
        return ids
    moved = {id_ for some in crops.values() for id_ in some}
    found = array("q")
    for id_ in ids:
        if id_ not in moved:
            found.append(id_)
            found.extend(crops.get(id_, ()))
    return found
