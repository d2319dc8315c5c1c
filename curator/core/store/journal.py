"""The journal: every edit as it was made, so that undo and redo outlive the program."""

from __future__ import annotations

import json
import re
import sqlite3
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from curator.core.edits import IMAGE, Edit, FieldChange
from curator.core.errors import UserError
from curator.core.records import HistoryEntry
from curator.core.timeline import ImageEvent

_STANDS, _WAITS = "undone = 0 AND final = 0", "undone > 0 AND final = 0"  # for undo, for redo
_PART = 200  # changes
_CONTROLS = bytes(range(32))
_PART_LENGTH = 100_000  # characters
# Within a text a quote is escaped, and behind its end stands no letter.
_BETWEEN_ROWS = re.compile(r'\],\["[a-z]')
_SPEED_OVER_SIZE = 1  # zlib level: a bulk edit's journal row must not slow the edit down


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal row with its edit."""

    id: int
    edit: Edit


def append(db: sqlite3.Connection, edit: Edit, packed: bytes) -> None:
    """Note an edit as made, of which `packed` holds the changes; nothing undone can be redone."""
    db.execute("DELETE FROM journal WHERE undone > 0")
    db.execute(
        "INSERT INTO journal(label, edit_group, created, change_count, changes, final) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (
            edit.label,
            edit.group,
            time.time(),
            len(edit.changes),
            packed,
            int(edit.final),
        ),
    )


# In parts, because nothing else runs while `json` is at work: a large edit would hold the window up
# for a second. While zlib is, everything does.


def written(changes: Sequence[FieldChange]) -> bytes:
    """A list in JSON."""
    parts = (changes[start : start + _PART] for start in range(0, len(changes), _PART))
    return b"[%b]" % b",".join(_plainly(part) or _escaped(part) for part in parts)


def _escaped(changes: Sequence[FieldChange]) -> bytes:
    rows = [[c.record, c.id, c.field, c.old, c.new] for c in changes]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return text[1:-1].encode("utf-8", "surrogatepass")


def _plainly(changes: Sequence[FieldChange]) -> bytes:
    """What `_escaped` gives, in a third of the time; b"" unless line breaks are all to escape."""
    rows = [
        f'["{c.record}",{c.id},"{c.field}","{c.old}","{c.new}"]'
        for c in changes
        if type(c.id) is int and type(c.old) is str and type(c.new) is str
    ]
    text = ",".join(rows)
    if len(rows) < len(changes) or text.count('"') != 8 * len(rows) or "\\" in text:
        return b""
    plain = text.replace("\n", "\\n").encode("utf-8", "surrogatepass")
    return plain if len(plain.translate(None, _CONTROLS)) == len(plain) else b""


def packed(changes: bytes) -> bytes:
    """The list, compressed."""
    return zlib.compress(changes, _SPEED_OVER_SIZE)


def _entries(db: sqlite3.Connection, where: str, params: Sequence[object]) -> list[Entry]:
    rows = db.execute(
        f"SELECT id, label, edit_group, changes FROM journal WHERE {where} ORDER BY id", params
    )
    return [
        Entry(row[0], Edit(row[1], tuple(FieldChange(*c) for c in _unpack(row[3])), row[2]))
        for row in rows
    ]


def _unpack(packed: bytes) -> list[Any]:
    """The changes as rows of record, id, field, old and new."""
    text = zlib.decompress(packed).decode("utf-8", "surrogatepass")
    rows: list[Any] = []
    at = 1
    while at < len(text) - 1:
        between = _BETWEEN_ROWS.search(text, at + _PART_LENGTH)
        end = between.start() + 1 if between else len(text) - 1
        rows += json.loads(f"[{text[at:end]}]")
        at = end + 1  # behind the comma
    return rows


def to_undo(db: sqlite3.Connection) -> list[Entry]:
    """What one undo takes back, the newest first.

    That is the newest edit, with its whole group. Where somebody edited the same fields in between,
    only the newest run of the group, so that the later edit is never overrun.
    """
    last = db.execute(
        f"SELECT id, edit_group FROM journal WHERE {_STANDS} ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if last is None:
        return []
    if not last[1]:
        return _entries(db, "id = ?", (last[0],))
    first = db.execute(
        f"SELECT min(id) FROM journal WHERE {_STANDS} AND edit_group = ?", (last[1],)
    ).fetchone()[0]
    since = _entries(db, f"{_STANDS} AND id >= ?", (first,))[::-1]
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
    number = db.execute(f"SELECT max(undone) FROM journal WHERE {_WAITS}").fetchone()[0]
    return _entries(db, f"{_WAITS} AND undone = ?", (number,)) if number else []


def mark_redone(db: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    """Note entries as made again."""
    db.executemany("UPDATE journal SET undone = 0 WHERE id = ?", [(e.id,) for e in entries])


def next_undo(db: sqlite3.Connection) -> str | None:
    """The label of what one undo would take back."""
    return _label(db, f"{_STANDS} ORDER BY id DESC")


def next_redo(db: sqlite3.Connection) -> str | None:
    """The label of what one redo would make again."""
    return _label(db, f"{_WAITS} ORDER BY undone DESC, id DESC")


def _label(db: sqlite3.Connection, where: str) -> str | None:
    row = db.execute(f"SELECT label FROM journal WHERE {where} LIMIT 1").fetchone()
    return row[0] if row else None


def undoable(db: sqlite3.Connection, entry_id: int) -> tuple[int, bool]:
    """The entry, or for a final one the last before it that is none; and whether it is undone.

    0 stands for before everything. Raises UserError for an entry that is not there any more.
    """
    if entry_id and not db.execute("SELECT 1 FROM journal WHERE id = ?", (entry_id,)).fetchone():
        raise UserError(
            "This step is not in the history any more.",
            "Undone steps leave it when something new is done.",
        )
    find = "SELECT id, undone > 0 FROM journal WHERE id <= ? AND final = 0 ORDER BY id DESC LIMIT 1"
    row = db.execute(find, (entry_id,)).fetchone()
    return (row[0], bool(row[1])) if row else (0, False)


def seal(db: sqlite3.Connection) -> None:
    """End undo for entries that speak of nothing but images that are gone for good."""
    if not db.execute("SELECT 1 FROM journal WHERE final = 1 LIMIT 1").fetchone():
        return  # nothing was ever forgotten
    there = {row[0] for row in db.execute("SELECT id FROM images")}
    rows = db.execute("SELECT id, changes FROM journal WHERE final = 0")
    empty = [
        (entry_id,)
        for entry_id, packed in rows
        if all(record == IMAGE and id_ not in there for record, id_, *_ in _unpack(packed))
    ]
    db.executemany("UPDATE journal SET final = 1 WHERE id = ?", empty)


def history(db: sqlite3.Connection, limit: int) -> list[HistoryEntry]:
    """The newest entries first."""
    rows = db.execute(
        "SELECT id, label, edit_group, created, undone > 0, change_count, final FROM journal "
        "ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [
        HistoryEntry(id_, label, group, created, bool(undone), count, bool(final))
        for id_, label, group, created, undone, count, final in rows
    ]


def of_image(db: sqlite3.Connection, image_id: int, limit: int) -> list[ImageEvent]:
    """What was done to one image, the newest first."""
    # In the text of a journal row; what is typed into a caption has its quotes escaped.
    mark = f'["{IMAGE}",{image_id},'
    rows = db.execute(
        "SELECT id, label, created, undone > 0, changes FROM journal ORDER BY id DESC"
    )
    events: list[ImageEvent] = []
    for entry_id, label, created, undone, packed in rows:
        unpacked = zlib.decompress(packed)
        if mark.encode() in unpacked:
            text = unpacked.decode("utf-8", "surrogatepass")
            changes = tuple(FieldChange(*row) for row in _rows_with(mark, text))
            events.append(ImageEvent(entry_id, label, created, bool(undone), changes))
            if len(events) == limit:
                break
    return events


def _rows_with(mark: str, text: str) -> Iterator[list[Any]]:
    """The rows that begin so; the thousands of others of a bulk edit are not parsed."""
    decoder, at = json.JSONDecoder(), text.find(mark)
    while at >= 0:
        row, end = decoder.raw_decode(text, at)
        yield row
        at = text.find(mark, end)


def last_id(db: sqlite3.Connection) -> int:
    """The number of the newest entry; it grows with every edit, also over undone ones."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").fetchone()
    return int(row[0]) if row else 0
