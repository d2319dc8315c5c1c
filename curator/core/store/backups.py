"""Copies of the database under `backups/`: the last ten, never half of one."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import time
from datetime import datetime
from pathlib import Path

from curator.core.files import sync_files, sync_folder, write_error
from curator.core.store import journal
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
        return journal.last_id(db) > 0
    newest = backups[-1]
    if newest.stem.rsplit("-", 1)[-1] == str(journal.last_id(db)):
        return False  # undo and redo lead from it to what there is now
    age_s = time.time() - newest.stat().st_mtime
    return not 0 <= age_s < min_age_s  # one from the future tells of a clock that was wrong


def check_room(db: sqlite3.Connection, folder: Path) -> None:
    """Raise UserError where there is no room for a backup of this database."""
    pages, size = (db.execute(f"PRAGMA {of}").fetchone()[0] for of in ("page_count", "page_size"))
    probe = folder / ".room"  # which no other thread clears away
    try:
        folder.mkdir(exist_ok=True)
        probe.touch()
        probe.unlink(missing_ok=True)
        if shutil.disk_usage(folder).free < pages * size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError as error:
        raise write_error(error, folder) from error


def make(db: sqlite3.Connection, folder: Path) -> Path:
    """Copy the database as it is now; the name holds the time and the number of the last edit.

    Raises UserError when the disk refuses; then the backups are those that there were.
    """
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
    final = folder / f"project-{stamp}-{journal.last_id(db)}.db"
    try:
        folder.mkdir(exist_ok=True)
        for leftover in folder.glob(".project-*.part*"):  # of a process that was killed
            leftover.unlink()
        with explained(folder):
            _copy(db, final)
        for old in existing(folder)[:-KEPT]:
            old.unlink()
    except OSError as error:
        raise write_error(error, folder) from error
    return final


def _copy(db: sqlite3.Connection, final: Path) -> None:
    beside = final.with_name(f".{final.name}.part")
    try:
        copy = sqlite3.connect(beside)
        try:
            db.backup(copy)
        finally:
            copy.close()
        sync_files([beside])
        beside.replace(final)
        sync_folder(final.parent)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
