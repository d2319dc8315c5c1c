"""Which pictures of a project others are copies of, wherever those lie."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from curator.core.duplicates import COPIES, WORDS, Kind
from curator.core.errors import UserError
from curator.core.files import BLOCK_BYTES, read_error
from curator.core.jobs import Job
from curator.core.parallel import in_threads
from curator.core.records import Image
from curator.core.sources import Found
from curator.core.view import ProjectView
from curator.imaging.candidates import BEST, by_hash
from curator.imaging.described import Fingerprints, Subject, fingerprints_for, key_of, subject_of
from curator.imaging.visual_words import WordIndex, Words, words_of

MOST_BYTES = 256 << 20  # of a file in an archive, which is held in memory
READ, OURS, THEIRS = 0.2, 0.4, 0.8  # shares of the progress after which the next part begins
Guesses = Sequence[Mapping[int, Collection[bool]]]  # for each its likes by place, mirrored or not
_SURENESS = list(Kind)


@dataclass(frozen=True, slots=True)
class Match:
    """A picture of the project, and how another one is related to it."""

    image: Image
    kind: Kind

    def __str__(self) -> str:
        return f"already here as {self.image.name} ({WORDS[self.kind]})"


def subject_in(found: Found) -> Subject | UserError:
    """A file as a subject, which takes reading it; what can't be read as the reason."""
    digest = hashlib.sha256()
    path = Path(found.source)
    try:
        with found.open() as file:
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
    except OSError as error:
        return read_error(error, path)
    except UserError as error:
        return error
    return Subject(key_of(digest.hexdigest()), path, found.name, read=_reader(found))


def _reader(found: Found) -> Callable[[], bytes | None]:
    def read() -> bytes:
        if found.size > MOST_BYTES:
            raise UserError(f"{found.name} is too large for a look into the archive.", "Unpack it.")
        try:
            with found.open() as file:
                return file.read()
        except OSError as error:
            raise read_error(error, Path(found.source)) from error

    return read if found.archive else lambda: None


def copies_among(job: Job, project: ProjectView, files: Sequence[Found]) -> dict[str, Match]:
    """By source, those of the files that are copies of what the project has, in other bytes.

    What can't be read is not among them. Raises UserError when the disk refuses.
    """
    read = in_threads(job.part(0, READ), subject_in, files, lambda found: found.name)
    asked = {found.source: one for found, one in read if isinstance(one, Subject)}
    found = find_in_project(job.part(READ, 1), project, list(asked.values()))
    matches = {source: found.get(subject.key) for source, subject in asked.items()}
    return {
        source: match
        for source, match in matches.items()
        if isinstance(match, Match) and match.kind is not Kind.BYTES
    }


def find_in_project(
    job: Job, project: ProjectView, asked: Sequence[Subject], kinds: Iterable[Kind] = COPIES
) -> dict[str, Match | UserError]:
    """By key, what each is a copy of, or why it could not be compared; the rest is new here.

    Removed pictures do not count. What is described is kept in the project's cache. Raises
    UserError when the disk refuses.
    """
    wanted = set(kinds)
    found: dict[str, Match | UserError] = {}
    if Kind.BYTES in wanted:
        found |= _same_files(project, asked)
    rest = [one for one in asked if one.key not in found]
    images = project.images(project.select("-is:crop")) if rest else []
    if images:
        with fingerprints_for(project) as prints:
            found |= _Comparison(job, prints, images, project.root, wanted).run(rest)
    return found


def _same_files(project: ProjectView, asked: Sequence[Subject]) -> dict[str, Match | UserError]:
    found: dict[str, Match | UserError] = {}
    for one in asked:
        sha256, _, frame = one.key.rpartition("-")
        image = project.known(sha256).get(int(frame))
        if image is not None and not image.removed:
            found[one.key] = Match(image, Kind.BYTES)
    return found


class _Comparison:
    """Ours are the pictures of the project, theirs those that are asked about."""

    def __init__(
        self,
        job: Job,
        prints: Fingerprints,
        images: Sequence[Image],
        root: Path,
        kinds: Collection[Kind],
    ) -> None:
        self._job, self._prints, self._kinds = job, prints, kinds
        self._ours = [(image, subject_of(image, root)) for image in images]

    def run(self, asked: Sequence[Subject]) -> dict[str, Match | UserError]:
        ours = [subject for _image, subject in self._ours]
        lost = self._prints.make(self._job.part(0, OURS), ours)
        self._ours = [one for one in self._ours if one[1].key not in lost]
        failed = self._prints.make(self._job.part(OURS, THEIRS), asked)
        theirs = list({one.key: one for one in asked if one.key not in failed}.values())
        guesses = self._guesses([one.key for one in theirs])
        work = partial(self._best, theirs, guesses)
        note = [one.name for one in theirs].__getitem__
        best = in_threads(self._job.part(THEIRS, 1), work, range(len(theirs)), note)
        return failed | {theirs[place].key: match for place, match in best if match}

    def _guesses(self, keys: Sequence[str]) -> Guesses:
        found: list[dict[int, set[bool]]] = [defaultdict(set) for _ in keys]
        ours = [subject.key for _image, subject in self._ours]
        index = WordIndex(self._prints.words(ours))
        upright, mirrored = self._prints.words(keys), self._mirrored_words(keys)
        for is_mirrored, words in ((False, upright), (True, mirrored)):
            for ways, best in zip(found, index.most_alike(words, BEST), strict=True):
                for place in best.tolist():
                    ways[place].add(is_mirrored)
        for theirs, place, is_mirrored in self._by_hash(keys, ours):
            found[theirs][place].add(is_mirrored)
        return found

    def _mirrored_words(self, keys: Sequence[str]) -> list[Words]:
        return [words_of(self._prints.of([key])[key].descriptors, mirrored=True) for key in keys]

    def _by_hash(self, keys: Sequence[str], ours: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
        # Equal ones are chained there, so that all but one of theirs would find each other alone.
        unique, which = np.unique(self._prints.hashes(keys), axis=0, return_inverse=True)
        hashes = np.concatenate([self._prints.hashes(ours), unique])
        near: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        is_new = np.arange(len(hashes)) >= len(ours)
        for low, high, is_mirrored in by_hash(hashes, is_new, self._job.check):
            if low < len(ours) <= high:
                near[high - len(ours)].append((low, is_mirrored))
        for theirs, one in enumerate(which.ravel().tolist()):
            for place, is_mirrored in near[one]:
                yield theirs, place, is_mirrored

    def _best(self, theirs: Sequence[Subject], guesses: Guesses, at: int) -> Match | None:
        """The surest relation of one of theirs."""
        found = []
        for place, ways in guesses[at].items():
            image, ours = self._ours[place]
            related = self._prints.relate(ours, theirs[at], sorted(ways))
            if related and related[0] in self._kinds:
                found.append((_SURENESS.index(related[0]), -related[1].likeness, image.id, image))
        if not found:
            return None
        sureness, _likeness, _id, image = min(found)
        return Match(image, _SURENESS[sureness])
