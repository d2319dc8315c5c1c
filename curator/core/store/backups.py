"""Copies of the database under `backups/`: the last ten, never half of one."""

from __future__ import annotations

import os
import sqlite3
import time
from datetime import datetime
from pathlib import Path

from curator.core.store.connection import explained

KEPT = 10
_PATTERN = "project-*.db"


def existing(folder: Path) -> list[Path]:
    """The backups, the oldest first."""
    return sorted(folder.glob(_PATTERN))


def wanted(db: sqlite3.Connection, folder: Path, min_age_s: float) -> bool:
    """Whether something was edited since the newest backup, and that one is at least so old."""
    backups = existing(folder)
    if not backups:
        return _edits(db) > 0
    newest = backups[-1]
    if newest.stem.rsplit("-", 1)[-1] == str(_edits(db)):
        return False
    return time.time() - newest.stat().st_mtime >= min_age_s


def _edits(db: sqlite3.Connection) -> int:
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").fetchone()
    return int(row[0]) if row else 0


def make(db: sqlite3.Connection, folder: Path) -> Path:
    """Copy the database as it is now; the name holds the time and the number of the last edit."""
    folder.mkdir(exist_ok=True)
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
    final = folder / f"project-{stamp}-{_edits(db)}.db"
    beside = folder / f".{final.name}.part"
    with explained(beside):
        try:
            copy = sqlite3.connect(beside)
            try:
                db.backup(copy)
            finally:
                copy.close()
            _flush(beside)
            beside.replace(final)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    for old in existing(folder)[:-KEPT]:
        old.unlink()
    for leftover in folder.glob(".project-*.part*"):
        leftover.unlink()
    return final


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
