"""The cache of fingerprints: a database of its own, because backups need not carry it.

It may be deleted at any time; what is missing is made again from the pictures.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from curator.core.store.connection import explained

NAME = "fingerprints.db"
Row = tuple[str, bytes, bytes, bytes]
_PER_READ = 500


class FingerprintCache:
    """Fingerprints by the content that they were made from; safe in any thread.

    Each has three parts, read one without the others: `hashes`, `words` and `features`.
    """

    def __init__(self, cache_dir: Path, version: int) -> None:
        """Open or make it; one that is damaged or of another version is begun anew."""
        self._path = cache_dir / NAME
        self._lock = threading.Lock()
        with explained(self._path):
            try:
                self._db = self._opened(version)
            except sqlite3.OperationalError:  # in use, no room: nothing is wrong with it
                raise
            except sqlite3.DatabaseError:
                for end in ("", "-wal", "-shm"):
                    self._path.with_name(NAME + end).unlink(missing_ok=True)
                self._db = self._opened(version)

    def _opened(self, version: int) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")  # a lost fingerprint is made again
            if db.execute("PRAGMA user_version").fetchone()[0] != version:
                db.execute("DROP TABLE IF EXISTS fingerprints")
            db.execute(
                "CREATE TABLE IF NOT EXISTS fingerprints(key TEXT PRIMARY KEY, hashes BLOB NOT "
                "NULL, words BLOB NOT NULL, features BLOB NOT NULL)"
            )
            db.execute(f"PRAGMA user_version = {int(version)}")
        except BaseException:
            db.close()
            raise
        return db

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> FingerprintCache:
        return self

    def __exit__(self, *_args: object) -> None:
        self.close()

    def put(self, rows: Sequence[Row]) -> None:
        """Keep (key, hashes, words, features). Raises UserError when the disk refuses."""
        with self._lock, explained(self._path):
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR REPLACE INTO fingerprints VALUES (?, ?, ?, ?)", rows)
            self._db.execute("COMMIT")

    def known(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys that there is a fingerprint of."""
        return {row[0] for row in self._read("key", keys)}

    def hashes(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The hashes by key."""
        return dict(self._read("key, hashes", keys))

    def words(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The words by key."""
        return dict(self._read("key, words", keys))

    def features(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The features by key."""
        return dict(self._read("key, features", keys))

    def _read(self, columns: str, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        wanted = list(keys)
        for start in range(0, len(wanted), _PER_READ):
            part = wanted[start : start + _PER_READ]
            marks = ",".join("?" * len(part))
            sql = f"SELECT {columns} FROM fingerprints WHERE key IN ({marks})"
            with self._lock, explained(self._path), closing(self._db.execute(sql, part)) as rows:
                yield from rows.fetchall()
