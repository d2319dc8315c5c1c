"""Writing the changes of an edit: each is made only where its `old` is what the database holds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from curator.core.captions import count_tokens, split_all
from curator.core.edits import (
    FIELDS,
    FILTER,
    FORGOTTEN,
    IMAGE,
    SET,
    SETTING,
    VERDICT,
    Edit,
    FieldChange,
)
from curator.core.errors import UserError
from curator.core.settings import NUMBER_NAMES
from curator.core.store import mirrors, shown_sizes, tags

_TABLES = {
    IMAGE: "images",
    SET: "sets",
    FILTER: "filters",
    SETTING: "settings",
    VERDICT: "verdicts",
}
_MIRRORED = frozenset({"caption", "rating", "rejected"})


class StaleEdit(UserError):
    """An edit was made for a state that the project is no longer in; nothing of it was written."""


def write(db: sqlite3.Connection, changes: Sequence[FieldChange]) -> None:
    """Write the changes in their order, inside the caller's transaction.

    Raises StaleEdit when an `old` differs, UserError for text that can't be kept or a name that is
    taken, ValueError for a field that nobody may change.
    """
    for run in _runs(changes):
        record, rows = run.record, run.rows
        if run.field not in FIELDS.get(record, ()):
            raise ValueError(f"{record}.{run.field} can't be edited")
        _check_texts(rows)
        _check_texts(run.sources.values())
        _make_rows(db, record, rows)
        if _update(db, run) != len(rows):
            raise _stale(db, [*rows, *run.sources.values()])
        if record == IMAGE:
            _follow(db, run.field, rows)
        if record == SETTING and any(c.id in NUMBER_NAMES for c in rows):
            mirrors.expect_judged(db)
    for record in {c.record for c in changes} & {SET, FILTER}:
        _check_names(db, record)


@dataclass(frozen=True, slots=True)
class _Run:
    """Changes of one field that follow each other; of captions with those of their sources."""

    record: str
    field: str
    rows: Sequence[FieldChange]
    sources: Mapping[int | str, FieldChange]


def _runs(changes: Sequence[FieldChange]) -> list[_Run]:
    runs = [
        _Run(*of, list(rows), {})
        for of, rows in groupby(changes, key=attrgetter("record", "field"))
    ]
    for n in range(len(runs)):
        near = {run.field: run for run in runs[n : n + 2] if run.record == IMAGE}
        if near.keys() == {"caption", "tag_sources"}:
            runs[n : n + 2] = _in_one(near["caption"], near["tag_sources"])
    return runs


def _in_one(captions: _Run, sources: _Run) -> list[_Run]:
    """The same in one run, for writing a wide row twice takes twice as long."""
    by_id, ids = {c.id: c for c in sources.rows}, {c.id for c in captions.rows}
    if len(by_id) < len(sources.rows) or len(ids) < len(captions.rows) or by_id.keys() - ids:
        return [captions, sources]
    return [replace(captions, sources=by_id)]


def _follow(db: sqlite3.Connection, field: str, rows: Sequence[FieldChange]) -> None:
    """Write what follows from changes of images."""
    if field in _MIRRORED:
        mirrors.expect(db, [c.id for c in rows])
    elif field == "recipe":
        shown_sizes.keep(db, {int(c.id): str(c.new) for c in rows})
    elif field == "removed":
        tags.show(db, [(int(c.id), bool(c.old), bool(c.new)) for c in rows])
        db.execute("DELETE FROM images WHERE removed = ?", (FORGOTTEN,))


def present(db: sqlite3.Connection, edit: Edit) -> Edit:
    """The edit without its changes of images that are gone for good."""
    ids = json.dumps(list(edit.image_ids))
    find = "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM images)"
    gone = {id_ for (id_,) in db.execute(find, (ids,))}
    if not gone:
        return edit
    left = tuple(c for c in edit.changes if c.record != IMAGE or c.id not in gone)
    return replace(edit, changes=left)


def check_sets(db: sqlite3.Connection, changes: Sequence[FieldChange]) -> None:
    """Refuse to put pictures into a set that was deleted meanwhile. Raises StaleEdit.

    Not for undo, which may bring a picture back into one, where it counts as in no set.
    """
    into = {c.new for c in changes if (c.record, c.field) == (IMAGE, "set_id")} - {None}
    for set_id in into:
        if not db.execute("SELECT 1 FROM sets WHERE id = ? AND removed = 0", (set_id,)).fetchone():
            raise _no_set()


def _check_texts(rows: Iterable[FieldChange]) -> None:
    """Half a surrogate pair, as a broken paste or JSON gives it, is no text to any database."""
    for change in rows:
        text = str(change.new)
        try:
            text.isascii() or text.encode()
        except UnicodeEncodeError:
            raise UserError(
                f"The {change.field} of {change.record} {change.id} holds a character that no text "
                "can hold.",
                "Type it again.",
            ) from None


def _check_names(db: sqlite3.Connection, record: str) -> None:
    """SQLite's index of names knows the case of A to Z alone."""
    twice = "WHERE removed = 0 GROUP BY casefold(name) HAVING count(*) > 1"
    if db.execute(f"SELECT 1 FROM {_TABLES[record]} {twice}").fetchone():
        raise _taken(record)


def _taken(record: str) -> UserError:
    return UserError(f"There is already a {record} of that name.", "Choose another name.")


def _no_set() -> StaleEdit:
    return StaleEdit("The set does not exist any more.", "Choose another one.")


def _make_rows(db: sqlite3.Connection, record: str, rows: Sequence[FieldChange]) -> None:
    """Sets, filters and settings come into being with their first change."""
    if record == IMAGE:
        return
    key = "name" if record == SETTING else "id"
    db.executemany(
        f"INSERT OR IGNORE INTO {_TABLES[record]}({key}) VALUES (?)", [(c.id,) for c in rows]
    )


def _update(db: sqlite3.Connection, run: _Run) -> int:
    if run.record == IMAGE and run.field == "caption":
        return _update_captions(db, run)
    key = "name" if run.record == SETTING else "id"
    sql = (
        f'UPDATE {_TABLES[run.record]} SET "{run.field}" = ? WHERE {key} = ? AND "{run.field}" IS ?'
    )
    try:
        return db.executemany(sql, [(c.new, c.id, c.old) for c in run.rows]).rowcount
    except sqlite3.IntegrityError as error:
        meant = _meant(run.record, error)
        if meant is None:
            raise
        raise meant from error


def _update_captions(db: sqlite3.Connection, run: _Run) -> int:
    rows = run.rows
    texts = [str(c.new) for c in rows]
    tokens, after = count_tokens(texts), split_all(texts)
    sources = [(c.new, c.old) if (c := run.sources.get(r.id)) else (None, None) for r in rows]
    written = db.executemany(
        "UPDATE images SET caption = ?, caption_folded = ?, tag_count = ?, token_count = ?, "
        "tag_sources = coalesce(?, tag_sources) "
        "WHERE id = ? AND caption IS ? AND tag_sources IS coalesce(?, tag_sources)",
        [
            (text, text.casefold(), len(split), count, new, c.id, c.old, old)
            for c, text, split, count, (new, old) in zip(
                rows, texts, after, tokens, sources, strict=True
            )
        ],
    ).rowcount
    if written == len(rows):
        before = split_all(str(c.old) for c in rows)
        tags.sync_tags(db, list(zip([int(c.id) for c in rows], before, after, strict=True)))
    return written


def _meant(record: str, error: sqlite3.IntegrityError) -> UserError | None:
    """What a constraint means to the user; None for one that only a mistake of ours can break."""
    return {
        sqlite3.SQLITE_CONSTRAINT_UNIQUE: _taken(record),
        sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: _no_set(),
    }.get(error.sqlite_errorcode)


def _stale(db: sqlite3.Connection, rows: Sequence[FieldChange]) -> StaleEdit:
    for change in rows:
        record, field = change.record, change.field
        key = "name" if record == SETTING else "id"
        sql = f'SELECT "{field}" FROM {_TABLES[record]} WHERE {key} = ?'
        now = db.execute(sql, (change.id,)).fetchone()
        if now is None:
            return StaleEdit(f"There is no {record} {change.id} in this project.")
        if now[0] not in (change.old, change.new):
            return StaleEdit(
                f"The {field} of {record} {change.id} is {now[0]!r} by now, not {change.old!r}.",
                "Nothing was changed; look at it again.",
            )
    return StaleEdit(
        "What should be changed was changed meanwhile.", "Nothing was changed; look at it again."
    )
