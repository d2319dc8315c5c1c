"""SQLite connections: how they are opened, transactions, and what their errors mean to a person."""

from __future__ import annotations

import math
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import quote_from_bytes

from curator.core.errors import UserError
from curator.core.store.fit_sql import add_functions

READ_CACHE_KIB = 32 * 1024  # bounds the memory of each reading thread
FOLDED_AT_PAGES = 1000  # in the log; SQLite's own number
WRITE_CACHE_KIB = 64 * 1024  # so that a bulk edit writes each page once, at its end


def open_writer(path: Path) -> sqlite3.Connection:
    """The one connection that writes: WAL, every commit on disk before it is acknowledged."""
    with explained(path):
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            db.execute(f"PRAGMA cache_size = -{WRITE_CACHE_KIB}")
        except BaseException:
            db.close()
            raise
    return db


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that can't write; works on a read-only disk too."""
    with explained(path):
        try:
            return _connect_reader(path, "mode=ro")
        except sqlite3.OperationalError as error:
            if _primary(error) not in _NO_ROOM or not path.is_file():
                raise
        # A folder that can't be written has no room for the index of WAL; nobody writes there.
        if _has_unfolded(path):
            raise UserError(
                f"The last edits of {path.parent} can't be read where nothing can be written.",
                "Copy the whole folder to a disk that can be written, and open the copy.",
            )
        return _connect_reader(path, "immutable=1")


def _has_unfolded(path: Path) -> bool:
    """Whether edits wait in the log beside the database, which an immutable reading leaves out."""
    log = log_of(path)
    return log.is_file() and log.stat().st_size > 0


def log_of(path: Path) -> Path:
    """The write-ahead log; it is gone once a database was closed as it should be."""
    return path.with_name(f"{path.name}-wal")


def uri_of(path: PurePath, mode: str) -> str:
    """An absolute path for SQLite, which takes no server in it: a share has four slashes."""
    name = quote_from_bytes(os.fsencode(path.as_posix()))
    return f"file://{'' if name.startswith('/') else '/'}{name}?{mode}"


def _connect_reader(path: Path, mode: str) -> sqlite3.Connection:
    uri = uri_of(path.absolute(), mode)
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
    db.create_function("sqrt", 1, math.sqrt, deterministic=True)  # not in every SQLite
    add_functions(db)


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


@contextmanager
def log_left(db: sqlite3.Connection) -> Iterator[None]:
    """Leave the log to be folded into the database later than at these commits.

    Of a large edit that takes half as long as writing it.
    """
    db.execute("PRAGMA wal_autocheckpoint = 0")
    try:
        yield
    finally:
        db.execute(f"PRAGMA wal_autocheckpoint = {FOLDED_AT_PAGES}")


_RESTORE = (
    "Close it everywhere, move project.db, project.db-wal and project.db-shm out of its folder, "
    "and copy the newest file of its backups folder there as project.db."
)
_NO_ROOM = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
_REASONS = {
    sqlite3.SQLITE_FULL: ("The disk is full", "Free some space; nothing of the project is lost."),
    sqlite3.SQLITE_READONLY: (
        "The project can't be written",
        "Check the rights of its folder, or open a copy.",
    ),
    sqlite3.SQLITE_IOERR: ("The disk refused to read or write", "Check the disk and its cable."),
    sqlite3.SQLITE_CANTOPEN: ("The project can't be opened", "Check the rights of its folder."),
    sqlite3.SQLITE_NOTADB: ("The project's database is damaged", _RESTORE),
    sqlite3.SQLITE_CORRUPT: ("The project's database is damaged", _RESTORE),
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
        if _primary(error) not in _REASONS:
            raise
        says, hint = _REASONS[_primary(error)]
        raise UserError(f"{says}: {path}.", hint) from error


def _primary(error: sqlite3.Error) -> int:
    """SQLite's primary code, the low byte; 0 for what Python's module found."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def emptied(path: Path) -> UserError:
    """The refusal of a database without tables beside what belonged to one."""
    return UserError(f"The project's database is empty: {path}.", _RESTORE)


@dataclass(frozen=True, slots=True)
class _Reader:
    """A thread's connection; `busy` is held while it reads, for closing then could crash SQLite."""

    db: sqlite3.Connection
    busy: threading.RLock

    def close(self) -> None:
        with self.busy:
            self.db.close()


class Readers:
    """A reading connection for each thread that asks for one; those of ended threads are closed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, _Reader] = {}
        self._closed = False

    @contextmanager
    def here(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection. Raises UserError for what the disk does, and once closed."""
        with explained(self._path):
            reader = self._reader()
            with reader.busy:
                if self._closed:
                    raise self._gone()
                yield reader.db

    def _reader(self) -> _Reader:
        me = threading.current_thread()
        with self._lock:
            if self._closed:
                raise self._gone()
            if me not in self._open:
                for thread in [t for t in self._open if not t.is_alive()]:
                    self._open.pop(thread).close()
                self._open[me] = _Reader(open_reader(self._path), threading.RLock())
            return self._open[me]

    def _gone(self) -> UserError:
        return UserError(f"{self._path.parent} was closed.", "Open it again.")

    def close(self) -> None:
        """Close them all for good, each when what it is reading has been read."""
        with self._lock:
            self._closed = True
            readers = list(self._open.values())
            self._open.clear()
        for reader in readers:
            reader.close()
