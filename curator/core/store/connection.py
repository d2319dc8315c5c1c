"""SQLite connections: how they are opened, transactions, and what their errors mean to a person."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from curator.core.errors import UserError

READ_CACHE_KIB = 32 * 1024  # bounds the memory of each reading thread


def open_writer(path: Path) -> sqlite3.Connection:
    """The one connection that writes: WAL, every commit on disk before it is acknowledged."""
    with explained(path):
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            db.close()
            raise
    return db


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that can't write; works on a read-only disk too."""
    with explained(path):
        try:
            return _connect_reader(path, "mode=ro")
        except sqlite3.OperationalError:
            if not path.is_file():
                raise
        # A folder that can't be written has no room for the index of WAL; nobody writes there.
        return _connect_reader(path, "immutable=1")


def _connect_reader(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{mode}"
    db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        _prepare(db)
        db.execute(f"PRAGMA cache_size = -{READ_CACHE_KIB}")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection) -> None:
    db.text_factory = _text
    # For the names of sets, which are few; images keep columns of folded text.
    db.create_function("casefold", 1, str.casefold, deterministic=True)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")  # names of files may hold any bytes


@contextmanager
def transaction(db: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """All or nothing; SQLite's own refusals become sentences."""
    with explained(path):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.OperationalError):  # a full disk may have rolled back already
                db.execute("ROLLBACK")
            raise


_REASONS = {
    sqlite3.SQLITE_FULL: ("The disk is full", "Free some space; nothing of the project is lost."),
    sqlite3.SQLITE_READONLY: (
        "The project can't be written",
        "Check the rights of its folder, or open a copy.",
    ),
    sqlite3.SQLITE_IOERR: ("The disk refused to read or write", "Check the disk and its cable."),
    sqlite3.SQLITE_CANTOPEN: ("The project can't be opened", "Check the rights of its folder."),
    sqlite3.SQLITE_NOTADB: (
        "The project's database is damaged",
        "Put the newest file of its backups folder in its place.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The project's database is damaged",
        "Put the newest file of its backups folder in its place.",
    ),
    sqlite3.SQLITE_BUSY: (
        "Another program holds the project's database",
        "Close it and try again.",
    ),
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the disk did to SQLite into a UserError; a mistake in our SQL stays what it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
        if code not in _REASONS:
            raise
        says, hint = _REASONS[code]
        raise UserError(f"{says}: {path}.", hint) from error


class Readers:
    """A reading connection for each thread that asks for one; those of ended threads are closed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, sqlite3.Connection] = {}

    def here(self) -> sqlite3.Connection:
        """This thread's connection."""
        me = threading.current_thread()
        with self._lock:
            if me not in self._open:
                for thread in [t for t in self._open if not t.is_alive()]:
                    self._open.pop(thread).close()
                self._open[me] = open_reader(self._path)
            return self._open[me]

    def close(self) -> None:
        """Close them all."""
        with self._lock:
            for db in self._open.values():
                db.close()
            self._open.clear()
