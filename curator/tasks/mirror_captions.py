"""Write captions and ratings beside the project's copies, never over what others wrote there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from curator.core.caption_edits import change_captions
from curator.core.edits import Edit, judge_images
from curator.core.errors import UserError
from curator.core.files import read_error, write_all, write_error
from curator.core.jobs import Job
from curator.core.mirror_files import (
    CAPTION,
    KINDS,
    RATING,
    SUFFIXES,
    content,
    digest,
    mirror_name,
    path_of,
    stops_trainers,
)
from curator.core.project import Project
from curator.core.ratings import JUDGEMENTS, judged, word
from curator.core.records import Image, MirrorState, MirrorWritten
from curator.core.sidecars import Kind, read
from curator.core.tag_sources import FILE
from curator.imaging.metadata import parse_xmp

CHUNK = 200


@dataclass(frozen=True, slots=True)
class OutsideChange:
    """A mirror that someone else wrote. `old`: what the project holds, `new`: what the file says.

    `kind` is "caption" or "rating"; ratings are told as words. `problem`: why the file can't be
    taken over, "" when it can.
    """

    image_id: int
    kind: str
    path: Path
    old: str
    new: str
    digest: str
    problem: str = ""


@dataclass(slots=True)
class MirrorReport:
    """How many files were written and deleted, and those that were left alone."""

    written: int = 0
    removed: int = 0
    outside: list[OutsideChange] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The report as the command line prints it."""
        rows = [asdict(change) | {"path": str(change.path)} for change in self.outside]
        return {"written": self.written, "removed": self.removed, "outside": rows}


def mirror_captions(job: Job, project: Project) -> MirrorReport:
    """Bring every mirror that is out of date up to date.

    A file that is not as it was last written stays, and is reported. What is done is noted after
    each 200 pictures, so that a cancelled or killed run goes on where it was. Where the setting
    `sidecars` is off, everything waits until it is on. Raises UserError when the disk refuses.
    """
    report, done = MirrorReport(), 0
    while project.settings.writes_sidecars and (ids := project.mirrors_due(CHUNK)):
        job.progress(done, done + len(ids), "Captions and ratings")
        _mirror(project, _mirrors(project, ids), report)
        done += len(ids)
    return report


def restore_lost(job: Job, project: Project) -> int:
    """Write again every mirror that was deleted outside, and count them.

    Deleting a file says nothing about its picture, so it is no change that could be taken over.
    Raises UserError where the setting `sidecars` is off.
    """
    _check_on(project)
    with os.scandir(project.images_dir) as entries:
        there = {entry.name for entry in entries}
    ids = [*project.select(""), *project.select("is:removed")]
    report = MirrorReport()
    for start in range(0, len(ids), CHUNK):
        job.progress(start, len(ids), "Looking for lost files")
        known = _Known(project, ids[start : start + CHUNK])
        had = [key for key, state in known.states.items() if state.digest]
        images = {image.id: image for image in project.images({id_ for id_, _kind in had})}
        lost = [
            _Mirror(known, images[id_], kind)
            for id_, kind in had
            if id_ in images and mirror_name(images[id_], kind) not in there
        ]
        _mirror(project, lost, report)
    return report.written


def outside_changes(project: Project, since_s: float = 0) -> list[OutsideChange]:
    """The mirrors that someone else wrote, changed or put there, in the order of their pictures.

    `since_s` (seconds since 1970) spares the look into files that were not touched after it. None
    where the setting `sidecars` is off: those files are then not this program's.
    """
    touched = _touched(project.images_dir, since_s)
    if not touched or not project.settings.writes_sidecars:
        return []
    everything = [*project.select(""), *project.select("is:removed")]
    ids = [
        image.id
        for image in project.images(everything)
        if image.parent_id is None and any(mirror_name(image, kind) in touched for kind in KINDS)
    ]
    changes = (mirror.outside_change() for mirror in _mirrors(project, ids))
    return [change for change in changes if change]


def accept_outside(project: Project, changes: Sequence[OutsideChange]) -> None:
    """Take over what stands in the files, as one step of undo; those with a problem are left.

    So are those of images that were forgotten since. Raises UserError when the disk refuses, after
    they were taken over.
    """
    images = {image.id: image for image in project.images({c.image_id for c in changes})}
    taken = [c for c in changes if not c.problem and c.image_id in images]
    captions = {images[c.image_id]: c.new for c in taken if c.kind == CAPTION}
    judgements = {c.image_id: JUDGEMENTS[c.new] for c in taken if c.kind == RATING}
    edits = change_captions("", captions, FILE).changes
    edits += judge_images(list(images.values()), judgements).changes
    count = f"{len(taken):,} change{'' if len(taken) == 1 else 's'}"
    if edits:
        project.apply(Edit(f"Take over {count} from files", edits))
    if project.settings.writes_sidecars:  # noted at once: the next edit is no contradiction to them
        _mirror(project, _mirrors(project, list(images)), MirrorReport())


def keep_ours(project: Project, changes: Sequence[OutsideChange]) -> list[OutsideChange]:
    """Write the project's captions and ratings over what stands in the files.

    Returns those that were changed once more since they were looked at, which stay; those of
    forgotten images are passed over. Raises UserError where the setting `sidecars` is off.
    """
    _check_on(project)
    ids = [change.image_id for change in changes]
    images = {image.id: image for image in project.images(ids)}
    known = _Known(project, ids)
    mirrors, again = [], []
    for change in (change for change in changes if change.image_id in images):
        mirror = _Mirror(known, images[change.image_id], change.kind)
        now = mirror.outside_change()
        if now is not None and now.digest != change.digest:
            again.append(now)
        else:
            mirror.is_ours = True
            mirrors.append(mirror)
    _mirror(project, mirrors, MirrorReport())
    return again


def _check_on(project: Project) -> None:
    if not project.settings.writes_sidecars:
        raise UserError(
            "Captions and ratings are not written beside the pictures of this project.",
            "The setting sidecars=yes switches that on.",
        )


class _Known:
    """What a project knows about the mirrors of some images."""

    def __init__(self, project: Project, ids: Sequence[int]) -> None:
        self.images_dir = project.images_dir
        self.states = project.mirror_states(ids)
        self.numbers = project.settings.rating_numbers


class _Mirror:
    """One mirror file as it is now."""

    def __init__(self, known: _Known, image: Image, kind: str) -> None:
        self.image, self.kind, self.numbers = image, kind, known.numbers
        self.path = path_of(known.images_dir, image, kind)
        self.state = known.states.get((image.id, kind), MirrorState(image.id, kind, ""))
        self.there, self._problem = _read(self.path)
        self.is_ours = self.there is None and not self._problem
        self.is_ours |= digest(self.there) == self.state.digest

    def outside_change(self) -> OutsideChange | None:
        """What someone else wrote; None where it says the same as the project."""
        if self.is_ours:
            return None
        ours, theirs = self._ours(), self._theirs()
        if ours == theirs and not self._problem:
            return None
        return OutsideChange(
            self.image.id, self.kind, self.path, ours, theirs, digest(self.there), self._problem
        )

    def wanted(self) -> bytes | None:
        """What the file should hold; one that says the right thing is left as trainers read it."""
        if not self.is_ours and not (self.kind == CAPTION and stops_trainers(self.there or b"")):
            return self.there
        try:
            return content(self.image, self.kind, self.there, self.numbers)
        except UserError:  # someone's broken file, which is not to be kept
            return content(self.image, self.kind, None, self.numbers)

    def _ours(self) -> str:
        if self.kind == CAPTION:
            return self.image.caption
        return word(judged(self.image))

    def _theirs(self) -> str:
        try:
            if self.kind == CAPTION:
                return read(Kind.CAPTION, self.there or b"").caption
            return word(self.numbers.judgement(parse_xmp(self.there or b"").rating))
        except UserError as error:
            self._problem = str(error)
            return ""


def _mirrors(project: Project, ids: Sequence[int]) -> list[_Mirror]:
    """Both mirrors of each of these images, as they are now; crops have none."""
    known = _Known(project, ids)
    images = [image for image in project.images(ids) if image.parent_id is None]
    return [_Mirror(known, image, kind) for image in images for kind in KINDS]


def _mirror(project: Project, mirrors: Sequence[_Mirror], report: MirrorReport) -> None:
    """Write what is ours to write, and note it."""
    files: dict[Path, bytes] = {}
    superfluous: list[Path] = []
    noted: dict[int, list[MirrorState]] = {mirror.image.id: [] for mirror in mirrors}
    for mirror in mirrors:
        if change := mirror.outside_change():
            report.outside.append(change)
            continue
        data = mirror.wanted()
        if data is None and mirror.there is not None:
            superfluous.append(mirror.path)
        elif data is not None and data != mirror.there:
            files[mirror.path] = data
        if digest(data) != mirror.state.digest:
            noted[mirror.image.id].append(MirrorState(mirror.image.id, mirror.kind, digest(data)))
    write_all(files)
    _delete(superfluous)
    report.written += len(files)
    report.removed += len(superfluous)
    written = {m.image.id: (m.image, m.numbers) for m in mirrors}
    project.record(
        [MirrorWritten(image, tuple(noted[id_]), n) for id_, (image, n) in written.items()]
    )


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise write_error(error, path) from error


def _read(path: Path) -> tuple[bytes | None, str]:
    """The content, None without one; and why it can't be had."""
    try:
        return path.read_bytes(), ""
    except FileNotFoundError:
        return None, ""
    except OSError as error:
        return None, str(read_error(error, path))


def _touched(folder: Path, since_s: float) -> set[str]:
    """The names of mirror files that were written, moved or put there after a moment."""
    found = set()
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(tuple(SUFFIXES.values())):
                times = entry.stat(follow_symlinks=False)
                if max(times.st_mtime, times.st_ctime) >= since_s:
                    found.add(entry.name)
    return found
