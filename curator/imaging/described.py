"""Pictures described by fingerprints, which are made once and kept by content; related in pairs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from curator.core.duplicates import Kind
from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.parallel import in_threads
from curator.core.records import Image
from curator.core.store.fingerprints import FingerprintCache, Row
from curator.core.view import ProjectView
from curator.imaging.alignment import Alignment, align
from curator.imaging.fingerprints import (
    PAGE_SIDE_PX,
    SIDE_PX,
    VERSION,
    Fingerprint,
    fingerprint,
    from_parts,
    is_page,
    to_parts,
)
from curator.imaging.load import examine, load, probe
from curator.imaging.relation import kind_of
from curator.imaging.render import flatten
from curator.imaging.visual_words import Words, words_of

SAVED_EVERY = 64  # pictures, so that a kill loses seconds of work
IN_MEMORY = 4000  # fingerprints, 40 kB each
SAME_LEVELS = 1.0  # gray levels between two that may have the same pixels


@dataclass(frozen=True, slots=True)
class Subject:
    """A picture to be known again.

    `key` names its content. `path` is its file; where that lies in an archive, `read` gives its
    bytes. `size`: width and height in pixels where they are known.
    """

    key: str
    path: Path
    name: str
    size: tuple[int, int] | None = None
    read: Callable[[], bytes | None] = lambda: None


def key_of(sha256: str, frame: int = 0) -> str:
    """What a fingerprint is kept under."""
    return f"{sha256}-{frame}"


def subject_of(image: Image, root: Path) -> Subject:
    """A picture of the project in `root`."""
    size = image.width, image.height
    return Subject(key_of(image.sha256, image.frame), root / image.path, image.name, size)


@contextmanager
def fingerprints_for(project: ProjectView) -> Iterator[Fingerprints]:
    """The fingerprints that a project keeps. Raises UserError when the disk refuses.

    Each thread works alone meanwhile: there is one for every core already.
    """
    with FingerprintCache(project.cache_dir, VERSION) as cache, threadpool_limits(1, "blas"):
        usual = cv2.getNumThreads()
        cv2.setNumThreads(1)
        try:
            yield Fingerprints(cache, project.settings.max_pixels)
        finally:
            cv2.setNumThreads(usual)


class Fingerprints:
    """Makes fingerprints, reads those that are kept, and relates pictures by them."""

    def __init__(self, cache: FingerprintCache, max_pixels: int) -> None:
        self._cache, self._max_pixels = cache, max_pixels
        self._digests: dict[str, bytes] = {}
        self._near: OrderedDict[str, Fingerprint] = OrderedDict()

    def make(self, job: Job, subjects: Sequence[Subject]) -> dict[str, UserError]:
        """Describe what is not described yet; by key, why some could not be."""
        known = self._cache.known(one.key for one in subjects)
        missing = list({one.key: one for one in subjects if one.key not in known}.values())
        rows: list[Row] = []
        failed = {}
        for subject, found in in_threads(job, self._described, missing, lambda one: one.name):
            if isinstance(found, UserError):
                failed[subject.key] = found
                continue
            rows.append(found)
            if len(rows) == SAVED_EVERY:
                self._cache.put(rows)
                rows = []
        self._cache.put(rows)
        return failed

    def _described(self, subject: Subject) -> Row | UserError:
        try:
            found = self._of_file(subject)
        except UserError as error:
            return error
        hashes, features = to_parts(found)
        return subject.key, hashes, words_of(found.descriptors).tobytes(), features

    def _of_file(self, subject: Subject) -> Fingerprint:
        data = subject.read()
        small = examine(subject.path, SIDE_PX, self._max_pixels, data).small
        flat = flatten(small, "white")
        if not is_page(flat):
            return fingerprint(flat)
        larger = examine(subject.path, PAGE_SIDE_PX, self._max_pixels, data).small
        return fingerprint(flatten(larger, "white"), PAGE_SIDE_PX)

    def known(self, keys: Sequence[str]) -> set[str]:
        """Those of the keys that there is a fingerprint of."""
        return self._cache.known(keys)

    def hashes(self, keys: Sequence[str]) -> NDArray[np.uint64]:
        """The hashes, uint64 (n, 2), of pictures that are described."""
        kept = self._cache.hashes(keys)
        rows = [np.frombuffer(kept[key], np.uint64) for key in keys]
        return np.stack(rows) if rows else np.zeros((0, 2), np.uint64)

    def words(self, keys: Sequence[str]) -> list[Words]:
        """The visual words of pictures that are described."""
        kept = self._cache.words(keys)
        return [np.frombuffer(kept[key], np.uint16) for key in keys]

    def of(self, keys: Sequence[str]) -> dict[str, Fingerprint]:
        """The fingerprints of pictures that are described."""
        near = {key: found for key in keys if (found := self._near.get(key))}
        missing = [key for key in keys if key not in near]
        hashes = self._cache.hashes(missing)
        for key, rest in self._cache.features(missing).items():
            near[key] = self._near[key] = from_parts(hashes[key], rest)
        while len(self._near) > IN_MEMORY:
            self._near.popitem(last=False)
        return near

    def relate(
        self, a: Subject, b: Subject, ways: Sequence[bool] = (False, True)
    ) -> tuple[Kind, Alignment] | None:
        """How two that are described are related, and how a lies on b; None where they are not.

        `ways`: whether to try it mirrored.
        """
        prints = self.of([a.key, b.key])
        found = align(prints[a.key], prints[b.key], ways)
        kind = found and kind_of(found, prints[a.key], prints[b.key])
        if not found or not kind:
            return None
        is_close = kind is Kind.REENCODED and found.differs <= SAME_LEVELS
        return Kind.PIXELS if is_close and self._are_same(a, b) else kind, found

    def _are_same(self, a: Subject, b: Subject) -> bool:
        try:
            return self._size(a) == self._size(b) and self._pixels(a) == self._pixels(b)
        except UserError:  # it was described a moment ago, and is gone since
            return False

    def _pixels(self, subject: Subject) -> bytes:
        """A digest of all pixels; where there are many copies, each is decoded once."""
        if subject.key not in self._digests:
            whole = load(subject.path, self._max_pixels, subject.read())
            self._digests[subject.key] = sha256(whole.mode.encode() + whole.tobytes()).digest()
        return self._digests[subject.key]

    def _size(self, subject: Subject) -> tuple[int, int]:
        if subject.size is not None:
            return subject.size
        found = probe(subject.path, self._max_pixels, subject.read())
        return found.width, found.height
