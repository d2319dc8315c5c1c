"""A database that may be lost at any time: it is begun anew where it is damaged or outdated."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from curator.core.store.connection import explained

PER_READ = 500  # keys that are asked for in one statement


def open_cache(path: Path, version: int, table: str, columns: str) -> sqlite3.Connection:
    """Open or make a cache of one table, for any thread. Raises UserError.

    Its content is dropped where another version wrote it.
    """
    with explained(path):
        try:
            return _opened(path, version, table, columns)
        except sqlite3.OperationalError:  # in use, no room: nothing is wrong with it
            raise
        except sqlite3.DatabaseError:
            for end in ("", "-wal", "-shm"):
                path.with_name(path.name + end).unlink(missing_ok=True)
            return _opened(path, version, table, columns)


def _opened(path: Path, version: int, table: str, columns: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")  # what is lost is made again
        if db.execute("PRAGMA user_version").fetchone()[0] != version:
            db.execute(f"DROP TABLE IF EXISTS {table}")
        db.execute(f"CREATE TABLE IF NOT EXISTS {table}({columns})")
        db.execute(f"PRAGMA user_version = {int(version)}")
    except BaseException:
        with suppress(sqlite3.Error):
            db.close()
        raise
    return db


def in_parts(keys: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Keys in parts that one statement takes, each with its question marks."""
    wanted = list(keys)
    for start in range(0, len(wanted), PER_READ):
        part = wanted[start : start + PER_READ]
        yield ",".join("?" * len(part)), part
