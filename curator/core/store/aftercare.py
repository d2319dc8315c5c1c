"""What a large edit leaves to be done beside the next ones: a backup, and the log folded in."""

from __future__ import annotations

import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

from curator.core.errors import UserError
from curator.core.store import backups
from curator.core.store.connection import explained, open_reader, open_writer


class Aftercare:
    """A thread of its own, one thing after the other; all but `close` are called by the writer."""

    def __init__(self, path: Path, backups_folder: Path) -> None:
        self._path = path
        self._backups = backups_folder
        self._pool = ThreadPoolExecutor(1, "after the edit")
        self._doing: Future[None] | None = None
        self._failure: UserError | None = None

    @property
    def failed(self) -> bool:
        """Whether the last backup that was begun could not be made."""
        return self._failure is not None

    def hold(self) -> sqlite3.Connection | None:
        """What is committed now, held for a backup once more is; None where there is one of it.

        Raises UserError where a backup can't be made.
        """
        with explained(self._path):
            held = open_reader(self._path)
            try:
                held.execute("BEGIN")
                if backups.wanted(held, self._backups, 0):
                    backups.check_room(held, self._backups)
                    return held
            except BaseException:
                held.close()
                raise
        held.close()
        return None

    def follow(self, held: sqlite3.Connection | None) -> None:
        """Back up what was held, if anything, and fold the log into the database."""
        self._doing = self._pool.submit(self._do, held)

    def _do(self, held: sqlite3.Connection | None) -> None:
        if held is not None:
            try:
                with closing(held):
                    backups.make(held, self._backups)
                self._failure = None
            except UserError as error:
                self._failure = error
        # What could not be folded is whole in the log, and the next fold takes it along.
        with suppress(UserError), closing(open_writer(self._path)) as db, explained(self._path):
            db.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def wait(self) -> None:
        """Until nothing is left to be done."""
        if self._doing is not None:
            self._doing.result()

    def close(self) -> None:
        """Wait, and end the thread. Raises UserError where the last backup could not be made."""
        self._pool.shutdown()
        if self._failure is not None:
            raise self._failure
