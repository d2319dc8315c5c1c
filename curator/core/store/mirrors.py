"""Which mirror files (captions, ratings) are out of date, and what they held when last written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from curator.core.records import MirrorState, MirrorWritten
from curator.core.settings import from_stored
from curator.core.store import lists


def expect(db: sqlite3.Connection, ids: Iterable[int | str]) -> None:
    """Note the mirrors of these images as out of date; crops, which have no file, have none."""
    db.execute(
        "INSERT OR IGNORE INTO mirror_due(image_id) SELECT id FROM images "
        "WHERE parent_id IS NULL AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )


def expect_judged(db: sqlite3.Connection) -> None:
    """Note the mirrors of all images that are rated or rejected as out of date."""
    db.execute(
        "INSERT OR IGNORE INTO mirror_due(image_id) "
        "SELECT id FROM images WHERE (rating <> 0 OR rejected <> 0) AND parent_id IS NULL"
    )


def due(db: sqlite3.Connection, limit: int) -> list[int]:
    """Images whose mirror files are out of date."""
    rows = db.execute("SELECT image_id FROM mirror_due ORDER BY image_id LIMIT ?", (limit,))
    return [row[0] for row in rows]


def states(db: sqlite3.Connection, ids: Iterable[int]) -> dict[tuple[int, str], MirrorState]:
    """What the mirrors of these images held when last written, by (image id, kind)."""
    cursor = db.cursor()
    find = "SELECT image_id, kind, digest FROM mirror_states WHERE image_id = ?"
    found = (MirrorState(*row) for id_ in ids for row in cursor.execute(find, (id_,)))
    return {(state.image_id, state.kind): state for state in found}


def write(db: sqlite3.Connection, written: Sequence[MirrorWritten]) -> None:
    """Note mirrors as written; what changed since it was read stays on the list.

    Of an image that was forgotten meanwhile nothing is noted.
    """
    numbers = from_stored(lists.settings(db)).rating_numbers
    db.executemany(
        "INSERT INTO mirror_states SELECT id, ?, ? FROM images WHERE id = ? "
        "ON CONFLICT(image_id, kind) DO UPDATE SET digest = excluded.digest",
        [(s.kind, s.digest, s.image_id) for w in written for s in w.states],
    )
    db.executemany(
        "DELETE FROM mirror_due WHERE image_id = ? AND EXISTS (SELECT 1 FROM images "
        "WHERE id = ? AND caption = ? AND rating = ? AND rejected = ?)",
        [
            (w.image.id, w.image.id, w.image.caption, w.image.rating, int(w.image.rejected))
            for w in written
            if w.numbers == numbers
        ],
    )
