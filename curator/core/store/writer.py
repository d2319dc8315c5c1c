"""What the project's one writing thread does: whole transactions, each with its journal row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from curator.core.duplicates import Compared, Pair
from curator.core.edits import Edit, forget_images
from curator.core.records import (
    Arranged,
    Fact,
    Image,
    ImportNote,
    Measured,
    MirrorWritten,
    Moved,
    NewImage,
    Recordable,
    RejectGuesses,
)
from curator.core.store import (
    backups,
    changes,
    crops,
    duplicates,
    images,
    journal,
    lists,
    mirrors,
    quality,
    schema,
    tag_scores,
)
from curator.core.store.aftercare import Aftercare
from curator.core.store.connection import explained, log_left, open_writer, transaction
from curator.core.tagger_records import Scored, Tagger

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
        self._after = Aftercare(path, backups_folder)
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
        """Close the connection; the write-ahead log is folded into the database.

        Raises UserError when the backup before an edit could not be made; all else was done.
        """
        with closing(self._db):
            self._after.close()

    def apply(self, edit: Edit, facts: Sequence[Recordable]) -> None:
        """Facts, changes, what derives from them, and the journal row: all or nothing.

        A large edit is refused where the backup of what was before it can't be made; what is
        committed is held for that, and copied once the edit is written. One backup serves a group,
        for a job of many parts must not push yesterday out of the ten.
        """
        if len(edit.changes) < LARGE_EDIT:
            self._write(edit, facts, lambda: journal.packed(journal.written(edit.changes)))
            return
        is_saved = edit.group and edit.group == self._saved_from and not self._after.failed
        held = None if is_saved else self._after.hold()
        try:
            with ThreadPoolExecutor(1, "beside the edit") as beside, log_left(self._db):
                packing = beside.submit(journal.packed, journal.written(edit.changes))
                self._write(edit, facts, packing.result)
        except BaseException:
            if held is not None:
                held.close()
            raise
        self._after.follow(held)
        self._saved_from = edit.group

    def _write(self, edit: Edit, facts: Sequence[Recordable], packed: Callable[[], bytes]) -> None:
        with transaction(self._db, self._path) as db:
            self._record(facts)
            if edit:
                changes.write(db, edit.changes)
                changes.check_sets(db, edit.changes)
                journal.append(db, edit, packed())

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
            Measured: quality.insert,
            Arranged: quality.arrange,
            RejectGuesses: quality.guess,
            Pair: duplicates.insert_pairs,
            Compared: duplicates.insert_compared,
            Tagger: tag_scores.insert_taggers,
            Scored: tag_scores.insert,
        }
        for kind, insert in tables.items():
            if some := [fact for fact in facts if isinstance(fact, kind)]:
                insert(self._db, some)

    def undo(self, only: str = "") -> list[Edit]:
        """Take back the newest edit with its group; returns the inverted edits as written.

        `only`: nothing unless it has this label.
        """
        with log_left(self._db), transaction(self._db, self._path) as db:
            entries = journal.to_undo(db)
            if only and entries and entries[0].edit.label != only:
                return []
            edits = [changes.present(db, entry.edit).inverted() for entry in entries]
            for edit in edits:
                changes.write(db, edit.changes)
            if entries:
                journal.mark_undone(db, entries)
        self._fold_after(edits)
        return edits

    def redo(self) -> list[Edit]:
        """Make again what was undone last; returns the edits as written."""
        with log_left(self._db), transaction(self._db, self._path) as db:
            entries = journal.to_redo(db)
            edits = [changes.present(db, entry.edit) for entry in entries]
            for edit in edits:
                changes.write(db, edit.changes)
            journal.mark_redone(db, entries)
        self._fold_after(edits)
        return edits

    def _fold_after(self, edits: Sequence[Edit]) -> None:
        if sum(len(edit.changes) for edit in edits) >= LARGE_EDIT:
            self._after.follow(None)

    def go_to(self, entry_id: int) -> Iterator[list[Edit]]:
        """Undo or redo, one step at each turn, until this entry is the newest that stands.

        A step that holds it is left whole; final entries are passed over. Raises UserError when
        there is no such entry.
        """
        with explained(self._path):
            target, is_undone = journal.undoable(self._db, entry_id)
            if is_undone:
                while journal.undoable(self._db, target)[1]:
                    yield self.redo()
                return
            while step := journal.to_undo(self._db):
                if step[0].id <= target or target in {entry.id for entry in step}:
                    return
                yield self.undo()

    def forget(self, ids: Sequence[int], let_go: Callable[[Image], bool], group: str) -> Edit:
        """End the records of those that are removed and whose files `let_go` has seen to.

        A copy that belongs to another image too stays, and a picture of which a crop stays. Before
        the first of a group comes a backup.
        """
        if group != self._saved_from:
            self.back_up_if_old(0)
            self._saved_from = group
        with explained(self._path):
            removed = [image for image in images.read(self._db, ids) if image.removed]
            going = [image.id for image in removed]
            shared = images.with_shared_copy(self._db, going)
            kept = crops.sources_kept(self._db, going)
        gone = [i for i in removed if i.id not in kept and (i.id in shared or let_go(i))]
        edit = forget_images(gone, group)
        self.apply(edit, ())
        return edit

    def seal_history(self) -> None:
        """End undo for entries all of whose images were forgotten."""
        with transaction(self._db, self._path) as db:
            journal.seal(db)

    def back_up_if_old(self, min_age_s: float = BACKUP_AGE_S) -> None:
        """Make a backup unless nothing was edited, or one was made a moment ago."""
        self._after.wait()
        if backups.wanted(self._db, self._backups, min_age_s):
            backups.make(self._db, self._backups)
