"""The pictures of one import on their way into the project, chunk by chunk, as one step of undo."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from curator.core.edits import IMAGE, Edit, FieldChange, rate_as_found
from curator.core.errors import UserError
from curator.core.files import sync_files, sync_folder, write_error
from curator.core.project import Project
from curator.core.ratings import choose, judge, meaning_of
from curator.core.records import Image, ImportNote, NewImage, Recordable

CHUNK = 200
CHUNK_S = 2.0


class Arrivals:
    """Collects what an import brings and writes it in transactions of up to 200 pictures.

    A picture's file gets its final name just before the transaction that records it, so that
    what the database holds is on the disk, and little else is after a kill.
    """

    def __init__(
        self,
        project: Project,
        label: str,
        note: ImportNote,
        ratings: str,
        into_set: int | None = None,
    ) -> None:
        """`ratings`: the mapping that was asked for, or "guess"; `into_set`: where new ones go."""
        self.found_ratings: Counter[int] = Counter()
        self.written = 0
        self._project, self._label, self._note, self._asked = project, label, note, ratings
        self._into_set = into_set
        self._group = f"import-{note.id}-{note.started}"
        self._new: list[tuple[NewImage, int | None]] = []
        self._restored: list[Image] = []
        self._staged: list[tuple[Path, Path]] = []
        self._judged: dict[str, dict[int, int]] = defaultdict(dict)  # mapping -> id -> number
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="import-writer")
        self._writing: Future[None] | None = None
        self._written_s = time.monotonic()
        self._is_noted = False

    @property
    def mapping(self) -> str:
        """How the ratings found so far are read."""
        return choose(self._asked, self.found_ratings.elements())

    def add(self, new: NewImage, staged: Path | None, rating: int | None) -> None:
        """A picture that was not here before; `rating` as it was found in its file or sidecar."""
        if rating:
            self.found_ratings[rating] += 1
        self._new.append((new, rating))
        self._keep(staged, new.path)
        self._flush_if_due()

    def restore(self, image: Image, staged: Path | None = None) -> None:
        """A picture that comes back: removed, or (then `staged`) without its file."""
        if image.removed:
            self._restored.append(image)
        self._keep(staged, image.path)
        self._flush_if_due()

    def finish(self) -> str:
        """Write what is left; ratings that early chunks read otherwise are set right."""
        try:
            self.flush()
            self._wait()
        finally:
            self._thread.shutdown()
        mapping = self.mapping
        if self._is_noted:
            self._project.record([replace(self._note, rating_mapping=mapping)])
        changes = tuple(self._corrections(mapping))
        if changes:
            self._project.apply(Edit(self._label, changes, self._group))
        return mapping

    def flush(self) -> None:
        """Hand what has come to a thread that names the files and writes the records."""
        self._wait()
        facts: list[Recordable] = [*self._judged_records()]
        shown = [new.id for new, _rating in self._new] + [image.id for image in self._restored]
        if shown and not self._is_noted:
            self._is_noted = True
            facts.insert(0, self._note)
        changes = tuple(FieldChange(IMAGE, id_, "removed", 1, 0) for id_ in shown)
        if self._into_set is not None:
            new_ids = [new.id for new, _rating in self._new]
            changes += tuple(
                FieldChange(IMAGE, id_, "set_id", None, self._into_set) for id_ in new_ids
            )
        edit = Edit(self._label, changes, self._group)
        self._writing = self._thread.submit(self._write, self._staged, edit, facts)
        self._new, self._restored, self._staged = [], [], []
        self._written_s = time.monotonic()

    def discard(self) -> None:
        """Delete what was laid ready and not written, after a failure."""
        for staged, _path in self._staged:
            staged.unlink(missing_ok=True)

    def _keep(self, staged: Path | None, path: str) -> None:
        if staged is None:
            return
        target = self._project.root / path
        if target.parent != self._project.images_dir:  # a project may come from a stranger
            staged.unlink(missing_ok=True)
            raise UserError(
                f"The project's record of {path} points out of it.",
                "Nothing is written there; the project was tampered with.",
            )
        self._staged.append((staged, target))

    def _flush_if_due(self) -> None:
        waiting = len(self._new) + len(self._restored)
        if waiting >= CHUNK or (waiting and time.monotonic() - self._written_s > CHUNK_S):
            self.flush()

    def _wait(self) -> None:
        """Never more than one chunk under way, which bounds the memory; raises what it met."""
        if self._writing is not None:
            writing, self._writing = self._writing, None
            writing.result()

    def _write(
        self, staged: Sequence[tuple[Path, Path]], edit: Edit, facts: Sequence[Recordable]
    ) -> None:
        try:
            self._name_files(staged)
            if edit:
                self._project.apply(edit, facts)
            self.written += sum(isinstance(fact, NewImage) for fact in facts)
        except BaseException:
            for temporary, _path in staged:
                temporary.unlink(missing_ok=True)
            raise

    def _name_files(self, staged: Sequence[tuple[Path, Path]]) -> None:
        if not staged:
            return
        try:
            sync_files([temporary for temporary, _path in staged])
            for temporary, path in staged:
                temporary.replace(path)
            sync_folder(self._project.images_dir)
        except OSError as error:
            raise write_error(error, self._project.images_dir) from error

    def _judged_records(self) -> Iterator[NewImage]:
        mapping = self.mapping
        for new, number in self._new:
            judgement = judge(mapping, number)
            if number:
                self._judged[mapping][new.id] = number
            yield replace(new, rating=judgement.rating, rejected=judgement.rejected)

    def _corrections(self, mapping: str) -> Iterator[FieldChange]:
        """For pictures that nobody has rated since."""
        for earlier, found in self._judged.items():
            if earlier != mapping:
                numbers = set(found.values())
                before, after = meaning_of(earlier, numbers), meaning_of(mapping, numbers)
                images = self._project.images(found)
                yield from rate_as_found(images, found, after, before).changes
