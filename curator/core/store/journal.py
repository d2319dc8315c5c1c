"""The journal: every edit as it was made, so that undo and redo outlive the program."""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from curator.core.edits import IMAGE, Edit, FieldChange
from curator.core.records import HistoryEntry

_SPEED_OVER_SIZE = 1  # zlib level: a bulk edit's journal row must not slow the edit down


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal row with its edit."""

    id: int
    edit: Edit


def append(db: sqlite3.Connection, edit: Edit) -> None:
    """Note an edit as made; what had been undone can't be redone after it."""
    db.execute("DELETE FROM journal WHERE undone > 0")
    rows = [[c.record, c.id, c.field, c.old, c.new] for c in edit.changes]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    packed = zlib.compress(text.encode("utf-8", "surrogatepass"), _SPEED_OVER_SIZE)
    db.execute(
        "INSERT INTO journal(label, edit_group, created, change_count, changes) "
        "VALUES (?, ?, ?, ?, ?)",
        (edit.label, edit.group, time.time(), len(rows), packed),
    )


def _entries(db: sqlite3.Connection, where: str, params: Sequence[object]) -> list[Entry]:
    rows = db.execute(
        f"SELECT id, label, edit_group, changes FROM journal WHERE {where} ORDER BY id", params
    )
    return [Entry(row[0], Edit(row[1], _unpack(row[3]), row[2])) for row in rows]


def _unpack(packed: bytes) -> tuple[FieldChange, ...]:
    rows = json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass"))
    return tuple(FieldChange(*row) for row in rows)


def to_undo(db: sqlite3.Connection) -> list[Entry]:
    """What one undo takes back, the newest first.

    That is the newest edit, with its whole group. Where somebody edited the same fields in between,
    only the newest run of the group, so that the later edit is never overrun.
    """
    last = db.execute(
        "SELECT id, edit_group FROM journal WHERE undone = 0 ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if last is None:
        return []
    if not last[1]:
        return _entries(db, "id = ?", (last[0],))
    first = db.execute(
        "SELECT min(id) FROM journal WHERE undone = 0 AND edit_group = ?", (last[1],)
    ).fetchone()[0]
    since = _entries(db, "undone = 0 AND id >= ?", (first,))[::-1]
    mine = [entry for entry in since if entry.edit.group == last[1]]
    others = [entry for entry in since if entry.edit.group != last[1]]
    if _touched(mine) & _touched(others):
        run = next(n for n, entry in enumerate(since) if entry.edit.group != last[1])
        return since[:run]
    return mine


def _touched(entries: Sequence[Entry]) -> set[tuple[str, int | str, str]]:
    changes = [c for entry in entries for c in entry.edit.changes]
    images = {(c.record, c.id, c.field) for c in changes if c.record == IMAGE}
    # Sets and filters depend on each other through their names, so all of a kind go together.
    return images | {(c.record, "", "") for c in changes if c.record != IMAGE}


def mark_undone(db: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    """Note entries as undone together; the highest number was undone last."""
    number = db.execute("SELECT max(undone) + 1 FROM journal").fetchone()[0]
    db.executemany("UPDATE journal SET undone = ? WHERE id = ?", [(number, e.id) for e in entries])


def to_redo(db: sqlite3.Connection) -> list[Entry]:
    """What one redo makes again, the oldest first: what was undone last."""
    number = db.execute("SELECT coalesce(max(undone), 0) FROM journal").fetchone()[0]
    return _entries(db, "undone = ?", (number,)) if number else []


def mark_redone(db: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    """Note entries as made again."""
    db.executemany("UPDATE journal SET undone = 0 WHERE id = ?", [(e.id,) for e in entries])


def history(db: sqlite3.Connection, limit: int) -> list[HistoryEntry]:
    """The newest entries first."""
    rows = db.execute(
        "SELECT id, label, edit_group, created, undone > 0, change_count FROM journal "
        "ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [HistoryEntry(row[0], row[1], row[2], row[3], bool(row[4]), row[5]) for row in rows]


def last_id(db: sqlite3.Connection) -> int:
    """The number of the newest entry; it grows with every edit, also over undone ones."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").fetchone()
    return int(row[0]) if row else 0
