"""What was measured of pictures, their order by likeness, and what was guessed of the undecided."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from curator.core.measures import MEANINGS, VERSION, Measures
from curator.core.records import Arranged, Measured, RejectGuess, RejectGuesses

_NAMES = tuple(MEANINGS)
_COLUMNS = ", ".join(_NAMES)
_KEPT = ("version", *_NAMES, "hue")


def insert(db: sqlite3.Connection, found: Sequence[Measured]) -> None:
    """Record measures, over older ones; of an image that was forgotten meanwhile none."""
    there = "SELECT {} FROM images WHERE id = ?"
    numbers = there.format(", ".join(["id", *("?" for _ in _KEPT)]))
    new = ", ".join(f"{name} = excluded.{name}" for name in _KEPT)
    db.executemany(
        f"INSERT INTO quality(image_id, {', '.join(_KEPT)}) {numbers} "
        f"ON CONFLICT(image_id) DO UPDATE SET {new}",
        [
            (VERSION, *(getattr(one.measures, name) for name in _NAMES), one.hue, one.image_id)
            for one in found
        ],
    )
    db.executemany(
        f"INSERT INTO likeness(image_id, descriptor) {there.format('id, ?')} "
        "ON CONFLICT(image_id) DO UPDATE SET descriptor = excluded.descriptor",
        [(one.descriptor, one.image_id) for one in found],
    )


def arrange(db: sqlite3.Connection, found: Sequence[Arranged]) -> None:
    """Record the newest order by likeness in place of the one before."""
    places = [(place, id_) for place, id_ in enumerate(found[-1].ids)]
    db.execute("UPDATE likeness SET place = NULL")
    db.executemany("UPDATE likeness SET place = ? WHERE image_id = ?", places)


def guess(db: sqlite3.Connection, found: Sequence[RejectGuesses]) -> None:
    """Record the newest guesses in place of those before."""
    db.execute("DELETE FROM reject_guesses")
    db.executemany(
        "INSERT INTO reject_guesses(image_id, score, reasons) SELECT id, ?, ? FROM images "
        "WHERE id = ?",
        [(one.score, json.dumps(one.reasons), one.image_id) for one in found[-1].guesses],
    )


def measures(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Measures]:
    """What was measured of those of these images that have been measured."""
    rows = _of(db, f"SELECT image_id, {_COLUMNS} FROM quality", ids)
    return {id_: Measures(*values) for id_, *values in rows}


def descriptors(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, bytes]:
    """What likeness is told by, of those of these images that have been measured."""
    return dict(_of(db, "SELECT image_id, descriptor FROM likeness", ids))


def guesses(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, RejectGuess]:
    """What was guessed, of those of these images it was guessed of."""
    rows = _of(db, "SELECT image_id, score, reasons FROM reject_guesses", ids)
    return {id_: RejectGuess(id_, score, tuple(json.loads(text))) for id_, score, text in rows}


def _of(db: sqlite3.Connection, select: str, ids: Iterable[int]) -> Iterator[Any]:
    wanted = json.dumps(list(ids))
    yield from db.execute(f"{select} WHERE image_id IN (SELECT value FROM json_each(?))", [wanted])
