"""Which images show the same: the pairs that were found, and what a person decided about them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from curator.core.duplicates import COPIES, Compared, Kind, Pair, Verdict

_COLUMNS = "a, b, kind, likeness, changed, covers_a, covers_b, m0, m1, m2, m3, m4, m5"


def insert_pairs(db: sqlite3.Connection, pairs: Sequence[Pair]) -> None:
    """Record pairs, over what was known of them; pairs of images that are gone are left out."""
    marks = ", ".join("?" * 13)
    db.executemany(
        f"INSERT OR REPLACE INTO pairs({_COLUMNS}) SELECT {marks} WHERE "
        "(SELECT count(*) FROM images WHERE id IN (?, ?)) = 2",
        [
            (p.a, p.b, p.kind, p.likeness, p.changed, p.covers_a, p.covers_b, *p.matrix, p.a, p.b)
            for p in pairs
        ],
    )


def insert_compared(db: sqlite3.Connection, compared: Sequence[Compared]) -> None:
    """Record that images were compared; what an older version found of them is forgotten."""
    for one in compared:
        known = db.execute(
            "SELECT version FROM compared WHERE image_id = ?", (one.image_id,)
        ).fetchone()
        if known is not None and known[0] != one.version:
            db.execute("DELETE FROM pairs WHERE ? IN (a, b)", (one.image_id,))
    db.executemany(
        "INSERT OR REPLACE INTO compared(image_id, version) SELECT ?, ? WHERE "
        "EXISTS (SELECT 1 FROM images WHERE id = ?)",
        [(one.image_id, one.version, one.image_id) for one in compared],
    )


def compared(db: sqlite3.Connection, version: int) -> set[int]:
    """The images that were compared with one another, by the fingerprints of a version."""
    rows = db.execute("SELECT image_id FROM compared WHERE version = ?", (version,))
    return {id_ for (id_,) in rows}


def open_pairs(db: sqlite3.Connection, kinds: Iterable[Kind] = COPIES) -> list[Pair]:
    """Pairs about which nothing was decided, of images that are neither removed nor rejected."""
    return _of_kinds(db, "open_pairs", kinds)


def all_pairs(db: sqlite3.Connection, kinds: Iterable[Kind] = COPIES) -> list[Pair]:
    """All pairs of images that are not removed, whatever was decided."""
    shown = "(SELECT * FROM pairs WHERE NOT EXISTS "
    return _of_kinds(
        db, f"{shown}(SELECT 1 FROM images WHERE id IN (a, b) AND removed > 0))", kinds
    )


def _of_kinds(db: sqlite3.Connection, source: str, kinds: Iterable[Kind]) -> list[Pair]:
    wanted = list(kinds)
    marks = ", ".join("?" * len(wanted))
    return list(
        _pairs(db.execute(f"SELECT {_COLUMNS} FROM {source} WHERE kind IN ({marks})", wanted))
    )


def _pairs(rows: Iterable[Sequence[Any]]) -> Iterator[Pair]:
    for a, b, kind, likeness, changed, covers_a, covers_b, *matrix in rows:
        yield Pair(a, b, Kind(kind), likeness, changed, covers_a, covers_b, tuple(matrix))


def verdicts(db: sqlite3.Connection) -> dict[str, Verdict]:
    """What was decided about pairs, by the name of the pair."""
    rows = db.execute("SELECT id, verdict FROM verdicts WHERE verdict IS NOT NULL")
    return {name: Verdict(verdict) for name, verdict in rows}
