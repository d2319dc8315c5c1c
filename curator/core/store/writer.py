"""What the project's one writing thread does: whole transactions, each with its journal row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from curator.core.edits import Edit
from curator.core.records import Fact, ImportNote, MirrorWritten, Moved, NewImage, Recordable
from curator.core.store import backups, changes, images, journal, lists, mirrors, schema
from curator.core.store.connection import explained, open_writer, transaction

BACKUP_AGE_S = 15 * 60  # many short commands must not push yesterday out of the ten backups
LARGE_EDIT = 1000  # changes before which a backup is made
Kind = TypeVar("Kind")


class Writer:
    """The writing connection; every method is one transaction, and is called from one thread."""

    def __init__(self, path: Path, backups_folder: Path) -> None:
        """Open or create the database, and bring an older one to this version, after a backup.

        Raises UserError for one that a newer version has written.
        """
        self._path = path
        self._backups = backups_folder
        self._saved_from = ""  # the group before which the last backup was made
        self._db = open_writer(path)
        try:
            self._upgrade()
        except BaseException:
            self._db.close()
            raise

    def _upgrade(self, steps: Sequence[schema.Migration] = schema.MIGRATIONS) -> None:
        with explained(self._path):
            found = schema.version(self._db)
            schema.refuse_newer(found, self._path.parent, steps)
            if 0 < found < len(steps):
                backups.make(self._db, self._backups)
            schema.migrate(self._db, steps)

    def close(self) -> None:
        """Close the connection; the write-ahead log is folded into the database."""
        self._db.close()

    def apply(self, edit: Edit, facts: Sequence[Recordable]) -> None:
        """Facts, changes, what derives from them, and the journal row: all or nothing.

        A large edit is refused where the backup before it can't be made. One backup serves a
        group, for a job of many parts must not push yesterday out of the ten.
        """
        if len(edit.changes) >= LARGE_EDIT and not (edit.group and edit.group == self._saved_from):
            self.back_up_if_old(0)
            self._saved_from = edit.group
        with transaction(self._db, self._path) as db:
            self._record(facts)
            if edit:
                changes.write(db, edit.changes)
                changes.check_sets(db, edit.changes)
                journal.append(db, edit)

    def record(self, facts: Sequence[Recordable]) -> None:
        """Facts alone."""
        with transaction(self._db, self._path):
            self._record(facts)

    def _record(self, facts: Sequence[Recordable]) -> None:
        tables: dict[type, Callable[[Any, Any], None]] = {
            ImportNote: lists.insert_imports,
            NewImage: images.insert,
            Fact: lists.insert_facts,
            MirrorWritten: mirrors.write,
            Moved: images.move,
        }
        for kind, insert in tables.items():
            if some := [fact for fact in facts if isinstance(fact, kind)]:
                insert(self._db, some)

    def undo(self) -> list[Edit]:
        """Take back the newest edit with its group; returns the inverted edits as written."""
        with transaction(self._db, self._path) as db:
            entries = journal.to_undo(db)
            edits = [entry.edit.inverted() for entry in entries]
            for edit in edits:
                changes.write(db, edit.changes)
            if entries:
                journal.mark_undone(db, entries)
        return edits

    def redo(self) -> list[Edit]:
        """Make again what was undone last; returns the edits as written."""
        with transaction(self._db, self._path) as db:
            entries = journal.to_redo(db)
            for entry in entries:
                changes.write(db, entry.edit.changes)
            journal.mark_redone(db, entries)
        return [entry.edit for entry in entries]

    def back_up_if_old(self, min_age_s: float = BACKUP_AGE_S) -> None:
        """Make a backup unless nothing was edited, or one was made a moment ago."""
        if backups.wanted(self._db, self._backups, min_age_s):
            backups.make(self._db, self._backups)
