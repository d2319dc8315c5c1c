"""Bring pictures into a project, with what stands beside them; every file met is reported."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from curator.core.archives import CLOSED_ARCHIVE, UNPACK_BY_HAND, is_closed_archive
from curator.core.arrivals import Arrivals
from curator.core.captions import split_tags
from curator.core.copy_names import CopyNames, extension_for
from curator.core.errors import UserError
from curator.core.files import temp_path
from curator.core.import_options import ImportOptions
from curator.core.import_plan import KNOWN, Picture, Plan, import_label, plan_import
from curator.core.import_report import Accepted, ImportReport, Known, Skipped
from curator.core.jobs import Cancelled, Job
from curator.core.project import Project
from curator.core.project_folder import own_places
from curator.core.records import Image, ImportNote, Moved, NewImage, TagSource
from curator.core.sources import Found, Sources
from curator.imaging.bad_image import BadImage
from curator.imaging.companions import Companions, consult
from curator.imaging.intake import Intake, Part, StorageError, Terms
from curator.imaging.intake_pool import IntakePool
from curator.imaging.load import Probe

LOOKED = 0.5  # share of the progress after which, where copies are left out, the import begins


def import_images(
    job: Job, project: Project, sources: Sequence[Path], options: ImportOptions | None = None
) -> ImportReport:
    """Import files, folders with all below them, and archives; one undo takes it all back.

    The report is saved under `logs/` too. A cancelled import keeps what it has, hands over its
    report as a part of the job and raises Cancelled. Raises UserError for options that make no
    sense and when the project can't be written; what had come in by then stays.
    """
    options = options or ImportOptions()
    options.check()
    if project.read_only:
        raise UserError(f"{project.root} is open for reading only.", "Close the other window.")
    return _Import(job, project, sources, options).run()


class _Import:
    def __init__(
        self, job: Job, project: Project, sources: Sequence[Path], options: ImportOptions
    ) -> None:
        self._job, self._project, self._sources, self._options = job, project, sources, options
        self._report, self._plan = ImportReport(), Plan()
        self._note = ImportNote(
            project.new_import_id(),
            time.time(),
            tuple(str(source) for source in sources),
            options.note,
            options.licence,
            options.consent,
        )
        settings = project.settings
        asked = options.ratings or settings.ratings
        label = import_label(sources)
        self._arrivals = Arrivals(project, label, self._note, asked, options.into_set)
        folders = project.images_dir, project.cache_dir
        frames = options.explode, options.moments_ms
        terms = Terms(*folders, settings.max_pixels, options.in_place, *frames)
        self._pool = IntakePool(project.root, terms, project.known)
        self._names = CopyNames(project.images_dir, self._is_in_place, self._recorded)
        self._here: dict[str, dict[int, int]] = defaultdict(dict)  # content -> frame -> id

    def run(self) -> ImportReport:
        try:
            self._take_all()
        except Cancelled:
            self._report.cancelled = True
            self._close()
            self._job.hand_over(self._report)
            raise
        except UserError as error:
            with suppress(UserError):  # the disk may refuse this too; the first reason is told
                self._arrivals.finish()
            self._arrivals.discard()
            count = f"{self._arrivals.written:,} pictures had come in by then."
            raise UserError(f"The import stopped: {error.message} {count}", error.hint) from error
        self._close()
        return self._report

    def _close(self) -> None:
        self._report.mapping = self._arrivals.finish()
        self._report.ratings = dict(self._arrivals.found_ratings)
        self._plan.close(self._report)
        self._report.save(self._project.logs_dir)

    def _take_all(self) -> None:
        scratch = partial(temp_path, self._project.images_dir)
        own = own_places(self._project.root)
        with Sources(own, scratch, self._job.check) as sources:
            sources.add(self._sources)
            self._plan = plan_import(sources, self._report)
            if self._options.skip_copies:
                self._skip_copies()
            pictures = self._plan.pictures
            with closing(self._pool.run([p.found for p in pictures])) as taken:
                for picture in pictures:
                    self._job.progress(self._plan.reached, len(pictures), picture.found.name)
                    self._settle(picture, next(taken))
                    self._plan.reached += 1
            self._job.progress(len(pictures), len(pictures))

    def _skip_copies(self) -> None:
        from curator.imaging.known import copies_among  # half a second that other imports save

        files = [picture.found for picture in self._plan.pictures]
        copies = copies_among(self._job.part(0, LOOKED), self._project, files)
        self._job = self._job.part(LOOKED, 1)
        self._report.skipped += [Skipped(s, f"It is {copy}.") for s, copy in copies.items()]
        left = [p for p in self._plan.pictures if p.found.source not in copies]
        self._plan.pictures = left

    def _settle(self, picture: Picture, future: Future[Intake]) -> None:
        """Decide about one file, in the order of names."""
        found = picture.found
        try:
            intake = future.result()
            if intake.probe is None and not self._ids(intake.sha256):
                # It left the work to an equal file before it, which then could not be read.
                intake = self._pool.take_in_now(found)
        except StorageError:
            raise
        except BadImage as error:
            self._report_bad(found, error)
        except UserError as error:
            self._report.refuse(found.source, error)
        else:
            self._receive(picture, intake)

    def _report_bad(self, found: Found, error: BadImage) -> None:
        if is_closed_archive(found.name):
            self._report.refuse(found.source, UserError(CLOSED_ARCHIVE, UNPACK_BY_HAND))
        elif error.claims and not found.name.startswith("._"):  # macOS keeps notes under these
            self._report.refuse(found.source, error)
        else:
            self._report.skipped.append(Skipped(found.source, error.message))

    def _ids(self, sha256: str) -> dict[int, int]:
        """The images of this content by frame, of this import and of all before."""
        known = self._project.known(sha256)
        return {frame: image.id for frame, image in known.items()} | self._here[sha256]

    def _receive(self, picture: Picture, intake: Intake) -> None:
        known = self._project.known(intake.sha256)
        here = self._here[intake.sha256]
        for part in intake.parts:
            if part.frame in here and part.staged:
                part.staged.unlink()
        new = [p for p in intake.parts if p.frame not in known and p.frame not in here]
        restored = self._restore(picture.found, intake, known)
        if new and intake.probe:
            self._accept(picture, intake, intake.probe, new)
            return
        source = picture.found.source
        ids = here or {frame: image.id for frame, image in known.items()}
        if not self._options.takes_frames:
            ids = {0: ids[0]}
        self._report.known += [Known(i, source, i in restored) for i in sorted(ids.values())]
        for sidecar, _kind in picture.sidecars:
            self._plan.sidecars.expect(sidecar.source, KNOWN)

    def _follow(self, image: Image, found: Found) -> bool:
        """Refer to a picture in place where it lies now, if it is no longer where it lay."""
        is_lost = image.in_place and not Path(image.path).exists()
        if is_lost and found.path is not None:
            moved = Moved(image.id, self._place(found), found.name, found.source)
            self._project.record([moved])
            return True
        return False

    def _restore(self, found: Found, intake: Intake, known: dict[int, Image]) -> set[int]:
        """Bring back what was removed, and files that were lost; the ids that came back."""
        here = self._here[intake.sha256]
        staged = {part.frame: part.staged for part in intake.parts}
        restored = set()
        for frame, image in known.items():
            is_meant = frame == 0 or self._options.explode is not None
            is_meant = frame in staged if self._options.moments_ms else is_meant
            is_moved = self._follow(image, found)
            if frame not in here and is_meant and (image.removed or is_moved or staged.get(frame)):
                self._arrivals.restore(image, staged.get(frame))
                here[frame] = image.id
                restored.add(image.id)
        return restored

    def _accept(
        self, picture: Picture, intake: Intake, probe: Probe, parts: Sequence[Part]
    ) -> None:
        companions = consult(picture.sidecars, intake.embedded)
        warnings = (
            *probe.warnings,
            *companions.warnings,
            *self._copy_warnings(parts),
        )
        ids = []
        for part in parts:
            new = self._new_image(picture.found, intake, probe, part, companions)
            self._arrivals.add(new, part.staged, companions.rating)
            self._here[intake.sha256][part.frame] = new.id
            self._report.accepted.append(
                Accepted(
                    new.id,
                    picture.found.source,
                    new.path,
                    part.width,
                    part.height,
                    probe.format,
                    probe.frames,
                    warnings,
                    companions.rating,
                )
            )
            ids.append(new.id)
        self._settle_sidecars(companions, ids)

    def _settle_sidecars(self, companions: Companions, ids: Sequence[int]) -> None:
        for source in companions.taken:
            self._plan.sidecars.take(source, ids)
        for source, reason in companions.useless.items():
            self._plan.sidecars.expect(source, reason)
        for source, error in companions.faulty.items():
            self._plan.sidecars.refuse(source, error)

    def _copy_warnings(self, parts: Sequence[Part]) -> Sequence[str]:
        if not self._options.in_place or all(part.staged is None or part.is_png for part in parts):
            return ()
        return ("It lies in an archive, so it was copied instead of referred to.",)

    def _new_image(
        self, found: Found, intake: Intake, probe: Probe, part: Part, companions: Companions
    ) -> NewImage:
        (image_id,) = self._project.new_image_ids(1)
        if part.staged is None:
            while not self._names.take_id(image_id):
                (image_id,) = self._project.new_image_ids(1)
            path = self._place(found)
        else:
            path = f"images/{self._copy_name(found, intake, probe, part)}"
        tags = split_tags(companions.caption)
        return NewImage(
            image_id,
            path,
            found.name,
            found.source,
            intake.sha256,
            part.frame,
            probe.frames,
            probe.format,
            part.width,
            part.height,
            intake.size_bytes,
            time.time(),
            probe.taken,
            self._note.id,
            companions.source_url,
            companions.caption,
            tag_sources={tag: TagSource("file") for tag in tags},
        )

    def _place(self, found: Found) -> str:
        """Where a picture in place lies; inside the project it may move along with it."""
        path = Path(found.source)
        is_inside = path.is_relative_to(self._project.root)
        return (path.relative_to(self._project.root) if is_inside else path).as_posix()

    def _copy_name(self, found: Found, intake: Intake, probe: Probe, part: Part) -> str:
        stem = Path(found.name).stem
        if part.is_png:
            number = f"-{part.frame:05d}" if self._options.takes_frames else ""
            return self._names.choose(stem + number, ".png")
        extension = extension_for(probe.format, found.name)
        adopted = self._names.adopt(stem, extension, intake.sha256, intake.size_bytes)
        return adopted or self._names.choose(stem, extension)

    def _recorded(self) -> set[str]:
        shown, removed = self._project.select(""), self._project.select("is:removed")
        images = self._project.images([*shown, *removed])
        return {image.path.removeprefix("images/") for image in images}

    def _is_in_place(self, image_id: int) -> bool:
        return any(not i.path.startswith("images/") for i in self._project.images([image_id]))
