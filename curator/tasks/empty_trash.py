"""Empty a project's trash: its own copies go to the system's, and the records of them end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from send2trash import send2trash

from curator.core.jobs import Cancelled, Job
from curator.core.mirror_files import copy_name
from curator.core.own_files import own_files
from curator.core.project import Project
from curator.core.records import Image
from curator.imaging.thumbnails import delete_thumbnails

IS_CROPPED = "crops of it are in the project"
CHUNK = 100  # what a killed process leaves half done; other edits wait for no more than this


@dataclass(frozen=True, slots=True)
class Kept:
    """An image that stays in the project's trash, because the system's did not take its files."""

    image_id: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class EmptiedReport:
    """How many images were forgotten, and of how many a copy of the project's own went along.

    `size_bytes`: of these copies.
    """

    images: int
    copies: int
    size_bytes: int
    kept: tuple[Kept, ...]

    def to_json(self) -> dict[str, Any]:
        """The report as the command line prints it."""
        return asdict(self)


def empty_trash(job: Job, project: Project, ids: Sequence[int]) -> EmptiedReport:
    """Forget those of these images that are removed; there is no undo.

    The project's own copy goes to the system trash with its mirrors; every other picture stays
    where it is. A cancelled run keeps what is done, hands over its report as a part of the job and
    raises Cancelled; one that was killed is ended by the next. Raises UserError.
    """
    emptying = _Emptying(job, project)
    try:
        emptying.run(ids)
    except Cancelled:
        job.hand_over(emptying.report())
        raise
    return emptying.report()


class _Emptying:
    def __init__(self, job: Job, project: Project) -> None:
        self._job, self._project = job, project
        self._forgotten = self._copies = self._size_bytes = 0
        self._kept: list[Kept] = []

    def run(self, ids: Sequence[int]) -> None:
        group = f"empty-trash-{time.time()}"
        ids = sorted(self._without_sources(ids), reverse=True)  # crops are younger, and go first
        try:
            for start in range(0, len(ids), CHUNK):
                self._job.progress(start, len(ids), "Emptying the trash")
                part = ids[start : start + CHUNK]
                self._forgotten += self._project.forget(part, self._let_go, group)
            self._job.progress(len(ids), len(ids))
        finally:
            if self._forgotten:
                self._project.seal_history()

    def _without_sources(self, ids: Sequence[int]) -> set[int]:
        """Without the pictures whose crops stay, for these are made of them."""
        kept = self._project.cropped_elsewhere(ids)
        for image in self._project.images(sorted(kept)):
            self._kept.append(Kept(image.id, image.name, IS_CROPPED))
        return set(ids) - kept

    def report(self) -> EmptiedReport:
        kept = tuple(sorted(self._kept, key=lambda one: one.image_id))
        return EmptiedReport(self._forgotten, self._copies, self._size_bytes, kept)

    def _let_go(self, image: Image) -> bool:
        """Move an image's own files to the system trash; False for one that stays."""
        if self._job.cancelled:
            return False
        try:
            files = own_files(self._project.images_dir, image)
            copies = files[-1:] if copy_name(image) else []
            size_bytes = sum(path.stat().st_size for path in copies)
            for path in files:
                send2trash(path)
        except OSError as error:
            self._kept.append(Kept(image.id, image.name, error.strerror or str(error)))
            return False
        self._copies += len(copies)
        self._size_bytes += size_bytes
        if image.parent_id is not None:
            return True
        with suppress(OSError):  # a cache may keep what it can't lose
            delete_thumbnails(self._project.cache_dir, image.sha256, image.frame)
        return True
