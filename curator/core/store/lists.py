"""The small tables: sets, saved filters, imports, settings, facts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from curator.core.records import Fact, ImageSet, ImportNote, SavedFilter


def sets(db: sqlite3.Connection) -> list[ImageSet]:
    """The sets that are not removed, by name."""
    rows = db.execute(
        'SELECT id, name, kind, "trigger", class_word, repeats FROM sets '
        "WHERE removed = 0 ORDER BY name COLLATE NOCASE"
    )
    return [ImageSet(*row) for row in rows]


def filters(db: sqlite3.Connection) -> list[SavedFilter]:
    """The saved filters, by name."""
    rows = db.execute(
        "SELECT id, name, query FROM filters WHERE removed = 0 ORDER BY name COLLATE NOCASE"
    )
    return [SavedFilter(*row) for row in rows]


def imports(db: sqlite3.Connection) -> list[ImportNote]:
    """What was imported, the oldest first."""
    rows = db.execute(
        "SELECT id, started, sources, note, licence, consent, rating_mapping FROM imports "
        "ORDER BY id"
    )
    return [ImportNote(row[0], row[1], tuple(json.loads(row[2])), *row[3:]) for row in rows]


def insert_imports(db: sqlite3.Connection, notes: Sequence[ImportNote]) -> None:
    """Record imports; one that is recorded again is brought up to date."""
    db.executemany(
        "INSERT INTO imports VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
        "note = excluded.note, licence = excluded.licence, consent = excluded.consent, "
        "rating_mapping = excluded.rating_mapping",
        [
            (n.id, n.started, json.dumps(n.sources), n.note, n.licence, n.consent, n.rating_mapping)
            for n in notes
        ],
    )


def settings(db: sqlite3.Connection) -> dict[str, str]:
    """The settings that differ from their defaults, as text."""
    return dict(db.execute("SELECT name, value FROM settings WHERE value IS NOT NULL"))


def facts(db: sqlite3.Connection, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
    """The known facts of a kind about these keys."""
    cursor = db.cursor()
    find = "SELECT value FROM facts WHERE kind = ? AND key = ?"
    found = ((key, cursor.execute(find, (kind, key)).fetchone()) for key in keys)
    return {key: row[0] for key, row in found if row}


def insert_facts(db: sqlite3.Connection, found: Sequence[Fact]) -> None:
    """Record facts, over what was known."""
    db.executemany(
        "INSERT INTO facts VALUES (?, ?, ?) "
        "ON CONFLICT(kind, key) DO UPDATE SET value = excluded.value",
        [(fact.kind, fact.key, fact.value) for fact in found],
    )


def highest_ids(db: sqlite3.Connection) -> dict[str, int]:
    """By table, the highest id that was ever given, also to rows that are gone."""
    return dict(db.execute("SELECT name, seq FROM sqlite_sequence"))
