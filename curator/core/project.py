"""A project: a folder with a database, and the one door through which it changes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, nullcontext, suppress
from pathlib import Path
from typing import Self

from filelock import FileLock

from curator.core.edits import Edit, change_settings
from curator.core.errors import UserError
from curator.core.files import remove_leftovers
from curator.core.invocation import typed
from curator.core.project_folder import (
    FOLDERS,
    ProjectInUse,
    is_emptied,
    is_unfinished,
    locked,
    make_folders,
    take_away,
)
from curator.core.records import Image, Recordable
from curator.core.settings import check_together, stored_name, to_stored
from curator.core.store import lists, schema
from curator.core.store.connection import emptied, log_of
from curator.core.store.writer import Writer
from curator.core.view import DATABASE, ProjectView
from curator.core.writing_thread import WritingThread

Listener = Callable[[Edit], None]


class Project(ProjectView):
    """An open project: what can be read of it, and one thread of its own that writes.

    Listeners are called in that thread, after the commit; they may look, never edit or close.
    """

    def __init__(self, root: Path, lock: FileLock | None) -> None:
        """Use `create` or `open`."""
        super().__init__(root)
        self._lock = lock
        self._thread = WritingThread(root)
        self._submit = self._thread.submit
        self._care: Future[None] | None = None
        self._listeners: list[Listener] = []
        self._ids: dict[str, int] = {}
        self._ids_lock = threading.Lock()

    # -- opening and closing

    @classmethod
    def create(cls, root: Path) -> Self:
        """Make a project in a folder that is new or empty, and open it. Raises UserError."""
        root = Path(os.path.abspath(root))  # noqa: PTH100 - symlinks in the user's path stay
        try:
            if root.exists() and not is_unfinished(root):
                raise UserError(
                    f"{root} is not empty.", "Choose a new folder; a project wants one of its own."
                )
            for name in FOLDERS:
                (root / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError(
                f"The project {root} can't be made: {reason}.", "Choose another folder."
            ) from error
        try:
            return cls._open(root)
        except ProjectInUse:
            raise
        except BaseException:
            take_away(root)
            raise

    @classmethod
    def open(cls, root: Path, *, read_only: bool = False) -> Self:
        """Open a project. Raises UserError where there is none, ProjectInUse where one writes."""
        root = Path(os.path.abspath(root))  # noqa: PTH100 - symlinks in the user's path stay
        if not os.path.isfile(root / DATABASE):  # noqa: PTH113 - Path's raises for a closed folder
            raise UserError(
                f"{root} is not a Curator project.", f"Make one with: {typed('new FOLDER')}"
            )
        if is_emptied(root):
            raise emptied(root / DATABASE)
        return cls._look(root) if read_only else cls._open(root)

    @classmethod
    def _look(cls, root: Path) -> Self:
        project = cls(root, None)
        try:
            with project._readers.here() as db:
                schema.check_readable(db, root)
        except BaseException:
            project.close()
            raise
        return project

    @classmethod
    def _open(cls, root: Path) -> Self:
        project = cls(root, locked(root))
        try:
            project._begin()
        except BaseException:
            project.close()
            raise
        return project

    def _begin(self) -> None:
        database = self.root / DATABASE
        was_cut_off = log_of(database).exists()  # a project that was closed has none
        writer = self._thread.begin(lambda: Writer(database, self.backups_dir))
        make_folders(self.root)
        with self._readers.here() as db:
            self._ids = lists.highest_ids(db)
        self._care = self._thread.run(lambda: self._care_for(writer, was_cut_off))

    def _care_for(self, writer: Writer, was_cut_off: bool) -> None:
        """What opening leaves to the writing thread: half files of a killed process, a backup."""
        if was_cut_off:
            for folder in (self.images_dir, self.cache_dir):
                remove_leftovers(folder)
            writer.seal_history()  # which an emptying of the trash leaves to its end
        writer.back_up_if_old()

    def close(self) -> None:
        """Finish what was submitted, and let go of the project; a second time does nothing.

        Raises UserError when a backup could not be made; all else was done.
        """
        was_closed, writer = self._thread.stop_taking()
        if was_closed:
            return
        with ExitStack() as last_first:
            if self._lock is not None:
                last_first.callback(self._lock.release)
            last_first.callback(self._thread.end)
            if self._care is not None:
                last_first.callback(self._care.result)
            # The writer follows the readers: the last one folds the log into the database.
            if writer is not None:
                last_first.callback(lambda: self._thread.run(writer.close).result())
            last_first.callback(lambda: self._thread.run(self._readers.close).result())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        # What ended the work says more than a backup that could not be made meanwhile.
        with suppress(UserError) if error else nullcontext():
            self.close()

    @property
    def read_only(self) -> bool:
        """Whether this is a look only, because another one writes or was not meant to."""
        return not self._thread.has_writer

    # -- writing

    def submit(self, edit: Edit, facts: Sequence[Recordable] = ()) -> Future[Edit]:
        """Queue an edit; the future ends after its commit and after the listeners heard of it.

        `facts` are recorded in the same transaction, before the edit. The future raises StaleEdit
        when an `old` is not what the project holds, UserError when the disk refuses; then nothing
        was written.
        """
        return self._submit(lambda writer: self._applied(writer, edit, facts))

    def apply(self, edit: Edit, facts: Sequence[Recordable] = ()) -> None:
        """`submit`, and wait for it."""
        self.submit(edit, facts).result()

    def submit_change(
        self, ids: Iterable[int], build: Callable[[Sequence[Image]], Edit]
    ) -> Future[Edit]:
        """Queue what a builder makes of these images as they are once everything before is written.

        Whoever presses keys faster than the disk commits never meets a StaleEdit. Images that are
        gone are left out; the future ends as that of `submit`, with the edit.
        """
        return self._submit(lambda writer: self._applied(writer, build(self.images(ids))))

    def record(self, facts: Sequence[Recordable]) -> None:
        """Record what can be computed again or was found; outside undo."""
        self._submit(lambda writer: writer.record(facts)).result()

    def undo(self) -> str | None:
        """Take back the newest edit with its group; returns its label, None for nothing to undo."""
        return self.submit_undo().result()

    def submit_undo(self, only: str = "") -> Future[str | None]:
        """Queue an `undo`; `only`: of nothing but an edit of this label."""
        return self._submit(lambda writer: self._told(writer.undo(only), newest=0))

    def redo(self) -> str | None:
        """Make again what was undone last; returns its label, None when there is nothing."""
        return self.submit_redo().result()

    def submit_redo(self) -> Future[str | None]:
        """Queue a `redo`."""
        return self._submit(lambda writer: self._told(writer.redo(), newest=-1))

    def go_to(self, entry_id: int) -> int:
        """Undo or redo until this entry of the history is the newest that is not undone.

        0 is before everything. Steps are taken whole, final entries passed over; returns how many
        steps it took. Raises UserError for an entry that is not in the history any more.
        """
        return self.submit_go_to(entry_id).result()

    def submit_go_to(self, entry_id: int) -> Future[int]:
        """Queue a `go_to`."""

        def work(writer: Writer) -> int:
            steps = 0
            for edits in writer.go_to(entry_id):
                self._told(edits, newest=0)
                steps += 1
            return steps

        return self._submit(work)

    def forget(self, ids: Sequence[int], let_go: Callable[[Image], bool], group: str) -> int:
        """End the records of those that are removed, for good; returns how many.

        `let_go` sees to an image's files, and says whether it could; it is called in the writing
        thread, so that nobody brings the image back meanwhile. Call `seal_history` at the end.
        """

        def work(writer: Writer) -> int:
            edit = writer.forget(ids, let_go, group)
            self._told([edit], newest=0)
            return len(edit.changes)

        return self._submit(work).result()

    def seal_history(self) -> None:
        """Let undo pass over what was done to none but forgotten images."""
        self._submit(lambda writer: writer.seal_history()).result()

    def change_settings(self, values: Mapping[str, str]) -> None:
        """Set project settings from text, by field name or command-line key. Raises UserError."""
        self.submit_settings(values).result()

    def submit_settings(self, values: Mapping[str, str]) -> Future[Edit]:
        """Queue a `change_settings`; a text that fits nowhere raises UserError here and now."""
        new = {name: to_stored(name, t) for key, t in values.items() for name in [stored_name(key)]}

        def work(writer: Writer) -> Edit:
            old = self.stored_settings()
            check_together({name: t for name, t in {**old, **new}.items() if t is not None})
            return self._applied(writer, change_settings(old, new))

        return self._submit(work)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear of every edit after its commit, undo as the inverted edit; returns the way out."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def new_image_ids(self, count: int) -> range:
        """Ids that no image has or had."""
        return self._new_ids("images", count)

    def new_set_id(self) -> int:
        """An id that no set has or had."""
        return self._new_ids("sets", 1).start

    def new_filter_id(self) -> int:
        """An id that no saved filter has or had."""
        return self._new_ids("filters", 1).start

    def new_import_id(self) -> int:
        """An id that no import has or had."""
        return self._new_ids("imports", 1).start

    def _new_ids(self, table: str, count: int) -> range:
        with self._ids_lock:
            first = self._ids.get(table, 0) + 1
            self._ids[table] = first + count - 1
        return range(first, first + count)

    def _applied(self, writer: Writer, edit: Edit, facts: Sequence[Recordable] = ()) -> Edit:
        writer.apply(edit, facts)
        self._told([edit], newest=0)
        return edit

    def _told(self, edits: Sequence[Edit], newest: int) -> str | None:
        with ExitStack() as last_first:  # one that raises keeps none of the others from hearing
            for edit in filter(None, reversed(edits)):
                for listener in reversed(self._listeners):
                    last_first.callback(listener, edit)
        return edits[newest].label if edits else None
