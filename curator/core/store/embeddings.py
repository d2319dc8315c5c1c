"""The cache of embeddings: of one model at a time, by the content that they were made from."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from curator.core.store.cache_file import in_parts, open_cache
from curator.core.store.connection import explained

NAME = "embeddings.db"
_VERSION = 1
_COLUMNS = (
    "key TEXT PRIMARY KEY, model TEXT NOT NULL, vector BLOB NOT NULL, "
    "compared INTEGER NOT NULL DEFAULT 0"
)


class EmbeddingCache:
    """Vectors by content, and which of them were compared with all others; safe in any thread."""

    def __init__(self, cache_dir: Path, model: str) -> None:
        """`model` tells what the vectors are made by; those of another are not seen."""
        self._path, self._model = cache_dir / NAME, model
        self._lock = threading.Lock()
        self._db = open_cache(self._path, _VERSION, "embeddings", _COLUMNS)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> EmbeddingCache:
        return self

    def __exit__(self, *_args: object) -> None:
        self.close()

    def put(self, rows: Sequence[tuple[str, bytes]]) -> None:
        """Keep (key, vector), and let go of those of other models. Raises UserError."""
        with self._lock, explained(self._path):
            self._db.execute("BEGIN")
            self._db.execute("DELETE FROM embeddings WHERE model != ?", (self._model,))
            self._db.executemany(
                "INSERT OR REPLACE INTO embeddings(key, model, vector) VALUES (?, ?, ?)",
                [(key, self._model, vector) for key, vector in rows],
            )
            self._db.execute("COMMIT")

    def mark_compared(self, keys: Iterable[str]) -> None:
        """Remember that these were compared with all others. Raises UserError."""
        with self._lock, explained(self._path):
            self._db.execute("BEGIN")
            for marks, part in in_parts(keys):
                self._db.execute(f"UPDATE embeddings SET compared = 1 WHERE key IN ({marks})", part)
            self._db.execute("COMMIT")

    def vectors(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The vectors by key."""
        return dict(self._read("key, vector", keys))

    def known(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys that there is a vector of."""
        return {row[0] for row in self._read("key", keys)}

    def compared(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys that were compared with all others."""
        return {key for key, compared in self._read("key, compared", keys) if compared}

    def _read(self, columns: str, keys: Iterable[str]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for marks, part in in_parts(keys):
            sql = f"SELECT {columns} FROM embeddings WHERE model = ? AND key IN ({marks})"
            values = (self._model, *part)
            with self._lock, explained(self._path), closing(self._db.execute(sql, values)) as rows:
                found += rows.fetchall()
        return found
