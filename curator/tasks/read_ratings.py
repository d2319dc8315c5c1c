"""What other programs say by now about the ratings of pictures that are in the project already."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curator.core.errors import UserError
from curator.core.files import read_error
from curator.core.jobs import Job
from curator.core.mirror_files import RATING, digest, is_copy, path_of
from curator.core.parallel import in_threads
from curator.core.project import Project
from curator.core.ratings import Judgement
from curator.core.records import Image
from curator.core.sidecars import Kind, pair
from curator.core.sources import Found
from curator.imaging.companions import consult
from curator.imaging.load import metadata
from curator.imaging.metadata import parse_xmp

_RATED = frozenset({Kind.XMP_NAME, Kind.XMP_STEM, Kind.TAGGUI})  # kinds that tell ratings


@dataclass(frozen=True, slots=True)
class RatingProblem:
    """Why a file of a picture said nothing, or what contradicts what it said."""

    image_id: int
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class RatingsRead:
    """`found`: by image id the number in its file or beside it, never 0.

    `mirrored`: what another program wrote into the project's own sidecar of a picture, whose
    numbers need no mapping; such a picture is not in `found`.
    """

    found: Mapping[int, int]
    mirrored: Mapping[int, Judgement]
    problems: tuple[RatingProblem, ...]

    @property
    def counts(self) -> Counter[int]:
        """How often each number was found."""
        return Counter(self.found.values())

    def judgements(self, meaning: Mapping[int, Judgement]) -> dict[int, Judgement]:
        """All of it by image id, with what each number means."""
        judged = {id_: meaning[number] for id_, number in self.found.items() if number in meaning}
        return judged | dict(self.mirrored)


def read_ratings(job: Job, project: Project, images: Sequence[Image]) -> RatingsRead:
    """Read the ratings in the pictures' files, and in the sidecars beside those in place.

    Nothing is changed, in the project or on the disk.
    """
    reading = _Reading(project, images)
    found: dict[int, int] = {}
    mirrored: dict[int, Judgement] = {}
    problems: list[RatingProblem] = []
    for image, told in in_threads(job, reading.read, images, lambda image: image.name):
        if told.mirrored is not None:
            mirrored[image.id] = told.mirrored
        elif told.rating:
            found[image.id] = told.rating
        problems += [RatingProblem(image.id, *problem) for problem in told.problems]
    return RatingsRead(found, mirrored, tuple(problems))


@dataclass(frozen=True, slots=True)
class _Told:
    """About one picture. `problems`: source and reason."""

    rating: int | None = None
    mirrored: Judgement | None = None
    problems: tuple[tuple[str, str], ...] = ()


class _Reading:
    """Reads about single pictures, in any thread."""

    def __init__(self, project: Project, images: Sequence[Image]) -> None:
        self._project = project
        self._max_pixels = project.settings.max_pixels
        self._numbers = project.settings.rating_numbers
        self._folders: dict[Path, dict[str, list[tuple[str, Kind]]]] = {}
        self._states = project.mirror_states([image.id for image in images])

    def read(self, image: Image) -> _Told:
        if image.parent_id is not None:
            return _Told()  # the file tells of its source
        path = path_of(self._project.images_dir, image, RATING)
        try:
            if (mirrored := self._mirrored(image, path)) is not None:
                return _Told(mirrored=mirrored)
        except UserError as error:
            return _Told(problems=((str(path), str(error)),))
        return self._source(image)

    def _mirrored(self, image: Image, path: Path) -> Judgement | None:
        """What another program wrote into our sidecar; what we wrote ourselves is no news."""
        try:
            there = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise read_error(error, path) from error
        state = self._states.get((image.id, RATING))
        if state is not None and digest(there) == state.digest:
            return None
        number = parse_xmp(there).rating
        return None if number is None else self._numbers.judgement(number)

    def _source(self, image: Image) -> _Told:
        path = self._project.root / image.path
        try:
            embedded = metadata(path, self._max_pixels)
            told = consult([] if is_copy(image) else self._beside(path), embedded)
        except UserError as error:
            return _Told(problems=((str(path), str(error)),))
        faulty = ((source, str(error)) for source, error in told.faulty.items())
        warned = ((str(path), warning) for warning in told.warnings)
        return _Told(told.rating, None, (*faulty, *warned))

    def _beside(self, path: Path) -> list[tuple[Found, Kind]]:
        """The sidecars of a picture in place that may tell a rating."""
        folder = path.parent
        if folder not in self._folders:  # two threads may do it twice, which only costs time
            try:
                self._folders[folder] = pair(os.listdir(folder))  # noqa: PTH208 - names alone
            except OSError as error:
                raise read_error(error, folder) from error
        named = self._folders[folder].get(path.name, [])
        return [(Found(str(folder / name), 0), kind) for name, kind in named if kind in _RATED]
