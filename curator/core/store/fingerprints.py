"""The cache of fingerprints: a database of its own, because backups need not carry it.

It may be deleted at any time; what is missing is made again from the pictures.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from curator.core.store.cache_file import in_parts, open_cache
from curator.core.store.connection import explained

NAME = "fingerprints.db"
Row = tuple[str, bytes, bytes, bytes]
_COLUMNS = "key TEXT PRIMARY KEY, hashes BLOB NOT NULL, words BLOB NOT NULL, features BLOB NOT NULL"


class FingerprintCache:
    """Fingerprints by the content that they were made from; safe in any thread.

    Each has three parts, read one without the others: `hashes`, `words` and `features`.
    """

    def __init__(self, cache_dir: Path, version: int) -> None:
        """Open or make it; one that is damaged or of another version is begun anew."""
        self._path = cache_dir / NAME
        self._lock = threading.Lock()
        self._db = open_cache(self._path, version, "fingerprints", _COLUMNS)

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
        for marks, part in in_parts(keys):
            sql = f"SELECT {columns} FROM fingerprints WHERE key IN ({marks})"
            with self._lock, explained(self._path), closing(self._db.execute(sql, part)) as rows:
                yield from rows.fetchall()
