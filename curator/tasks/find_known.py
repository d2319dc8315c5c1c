"""Of pictures elsewhere, find those that a project has already, as they are or as a copy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from curator.core.duplicates import COPIES, WORDS, Kind
from curator.core.errors import UserError
from curator.core.files import read_error, temp_path
from curator.core.import_plan import plan_import
from curator.core.import_report import ImportReport
from curator.core.jobs import Job
from curator.core.parallel import in_threads
from curator.core.project import Project
from curator.core.project_folder import own_places
from curator.core.sources import Sources
from curator.core.store.connection import log_of
from curator.core.view import DATABASE, ProjectView
from curator.imaging.bad_image import BadImage
from curator.imaging.described import Subject, subject_of
from curator.imaging.known import READ, Match, find_in_project, subject_in


@dataclass(frozen=True, slots=True)
class KnownPicture:
    """A picture at `path`, and the image of the project, `of` with `name`, that it is a copy of."""

    path: str
    kind: Kind
    of: int
    name: str

    def __str__(self) -> str:
        return f"{self.path}: {self.name} ({WORDS[self.kind]})"


@dataclass(slots=True)
class KnownReport:
    """`new`: paths of what the project has not. `failed`: path and reason."""

    known: list[KnownPicture] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self) -> list[dict[str, Any]]:
        """What is known, a row each."""
        return [
            {"path": one.path, "kind": one.kind.value, "of": one.of, "name": one.name}
            for one in self.known
        ]


def find_known(
    job: Job, project: Project, place: Path, kinds: Iterable[Kind] = COPIES
) -> KnownReport:
    """Compare the pictures of a folder, a file or another project with those of a project.

    Nothing outside the project's folder is written. Raises UserError for a place that is not there
    or is the project itself, and when the disk refuses.
    """
    if not os.path.exists(place):  # noqa: PTH110 - Path's raises for a closed folder
        raise UserError(f"There is no file or folder {place}.", "Look at the spelling.")
    if os.path.realpath(place) == os.path.realpath(project.root):
        raise UserError("That is this project itself.", "Name another folder or project.")
    if os.path.isfile(place / DATABASE):  # noqa: PTH113
        asked = [(one, str(one.path)) for one in _subjects_of(place, project.cache_dir)]
        return _compared(job, project, asked, kinds)
    scratch = partial(temp_path, project.cache_dir)
    with Sources(own_places(project.root), scratch, job.check) as sources:
        sources.add([place])
        return _of_files(job, project, sources, kinds)


def _of_files(
    job: Job, project: ProjectView, sources: Sources, kinds: Iterable[Kind]
) -> KnownReport:
    met = ImportReport()
    files = [picture.found for picture in plan_import(sources, met).pictures]
    failed = [(one.source, one.reason) for one in met.rejected]
    asked = []
    read = in_threads(job.part(0, READ), subject_in, files, lambda found: found.name)
    for found, subject in read:
        if isinstance(subject, Subject):
            asked.append((subject, found.source))
        else:
            failed.append((found.source, subject.message))
    report = _compared(job.part(READ, 1), project, asked, kinds)
    report.failed += failed
    return report


def _subjects_of(root: Path, scratch: Path) -> list[Subject]:
    """The pictures of another project. A copy of its records is read: SQLite writes where it reads.

    Raises UserError when they can't be read, or are being written.
    """
    database = root / DATABASE
    log = log_of(database)
    with TemporaryDirectory(dir=scratch) as folder:
        try:
            before = database.stat()
            shutil.copyfile(database, Path(folder) / DATABASE)
            if log.exists():
                shutil.copyfile(log, log_of(Path(folder) / DATABASE))
            after = database.stat()
        except OSError as error:
            raise read_error(error, database) from error
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
            raise UserError(f"{root} is being changed.", "Close it and try again.")
        with Project.open(Path(folder)) as other:
            return [subject_of(image, root) for image in other.images(other.select("-is:crop"))]


def _compared(
    job: Job, project: ProjectView, asked: Sequence[tuple[Subject, str]], kinds: Iterable[Kind]
) -> KnownReport:
    matches = find_in_project(job, project, [subject for subject, _path in asked], kinds)
    report = KnownReport()
    for subject, path in asked:
        match = matches.get(subject.key)
        if isinstance(match, Match):
            report.known.append(KnownPicture(path, match.kind, match.image.id, match.image.name))
        elif match is None:
            report.new.append(path)
        elif not isinstance(match, BadImage) or match.claims:  # else it is no picture
            report.failed.append((path, match.message))
    return report
