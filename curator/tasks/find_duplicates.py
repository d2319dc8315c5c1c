"""Find the pictures of a project that show the same; only what is new is looked at."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice, product
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from curator.core.duplicates import COPIES, Compared, Kind, Pair, bridges, groups_of
from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.parallel import in_threads
from curator.core.project import Project
from curator.core.records import Image
from curator.core.store.fingerprints import FingerprintCache, Row
from curator.imaging.alignment import Alignment, align
from curator.imaging.candidates import by_hash, by_words
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
from curator.imaging.load import examine, load
from curator.imaging.relation import kind_of
from curator.imaging.render import flatten
from curator.imaging.visual_words import words_of

SAVED_EVERY = 64  # pictures, so that a kill loses seconds of work
IN_MEMORY = 4000  # fingerprints, 40 kB each
DESCRIBING, PROPOSING = 0.5, 0.6  # shares of the progress after which the next part begins
CROSS_CHECKS = 6
Guessed = dict[int, dict[int, list[bool]]]  # later place -> earlier one -> mirrored or not


@dataclass(slots=True)
class DuplicatesReport:
    """What was looked at, and what could not be, (image id, source, reason).

    `compared`: how many pictures were new to the search; `looked_at`: pairs looked at closely.
    """

    compared: int = 0
    looked_at: int = 0
    found: list[Pair] = field(default_factory=list)
    failed: list[tuple[int, str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The report without the pairs."""
        return {
            "compared": self.compared,
            "looked_at": self.looked_at,
            "failed": [
                {"id": id_, "source": source, "reason": reason}
                for id_, source, reason in self.failed
            ],
        }


def find_duplicates(job: Job, project: Project) -> DuplicatesReport:
    """Compare what is new with everything, and record the pairs; hands them over as it finds them.

    A cancelled or killed search keeps what it has and goes on from there. Raises UserError when the
    disk refuses.
    """
    with FingerprintCache(project.cache_dir, VERSION) as cache, threadpool_limits(1):
        return _Search(job, project, cache).run()


def key_of(image: Image) -> str:
    """What a fingerprint was made from."""
    return f"{image.sha256}-{image.frame}"


class _Search:
    def __init__(self, job: Job, project: Project, cache: FingerprintCache) -> None:
        self._job, self._project, self._cache = job, project, cache
        self._report = DuplicatesReport()
        self._max_pixels = project.settings.max_pixels
        self._near: OrderedDict[str, Fingerprint] = OrderedDict()

    def run(self) -> DuplicatesReport:
        images = self._project.images(self._project.select(""))
        done = self._project.compared(VERSION)
        if all(image.id in done for image in images):
            return self._report
        self._describe(images)
        known = self._cache.known(key_of(image) for image in images)
        self._images = [image for image in images if key_of(image) in known]
        # The old ones stand before the new, so that each pair belongs to the later one.
        self._images.sort(key=lambda image: image.id not in done)
        is_new = np.array([image.id not in done for image in self._images], bool)
        self._compare(is_new, self._candidates(is_new))
        self._check_bridges()
        return self._report

    # -- describing

    def _describe(self, images: Sequence[Image]) -> None:
        known = self._cache.known(key_of(image) for image in images)
        missing = [image for image in images if key_of(image) not in known]
        rows: list[Row] = []
        part = self._job.part(0, DESCRIBING)
        for image, found in in_threads(part, self._described, missing, lambda i: i.name):
            if isinstance(found, UserError):
                self._report.failed.append((image.id, image.source, found.message))
                continue
            rows.append(found)
            if len(rows) == SAVED_EVERY:
                self._cache.put(rows)
                rows = []
        self._cache.put(rows)

    def _described(self, image: Image) -> Row | UserError:
        try:
            path = self._project.root / image.path
            found = self._of_file(path)
        except UserError as error:
            return error
        hashes, features = to_parts(found)
        return key_of(image), hashes, words_of(found.descriptors).tobytes(), features

    def _of_file(self, path: Path) -> Fingerprint:
        small = flatten(examine(path, SIDE_PX, self._max_pixels).small, "white")
        if not is_page(small):
            return fingerprint(small)
        larger = examine(path, PAGE_SIDE_PX, self._max_pixels).small
        return fingerprint(flatten(larger, "white"), PAGE_SIDE_PX)

    def _fingerprint(self, place: int) -> Fingerprint:
        key = key_of(self._images[place])
        return self._fingerprints([key])[key]

    def _fingerprints(self, keys: Sequence[str]) -> dict[str, Fingerprint]:
        near = {key: found for key in keys if (found := self._near.get(key))}
        missing = [key for key in keys if key not in near]
        hashes = self._cache.hashes(missing)
        for key, rest in self._cache.features(missing).items():
            near[key] = self._near[key] = from_parts(hashes[key], rest)
        while len(self._near) > IN_MEMORY:
            self._near.popitem(last=False)
        return near

    # -- comparing

    def _candidates(self, is_new: Any) -> Guessed:
        """By the later place of each pair, the earlier ones that may show the same."""
        keys = [key_of(image) for image in self._images]
        kept = self._cache.hashes(keys)
        hashes = np.stack([np.frombuffer(kept[key], np.uint64) for key in keys])
        kept = self._cache.words(keys)
        words = [np.frombuffer(kept[key], np.uint16) for key in keys]
        new = np.flatnonzero(is_new).tolist()
        part = self._job.part(DESCRIBING, PROPOSING)
        part.progress(0, 1, "Guessing what may be alike")
        guessed = set(by_hash(hashes, is_new, part.check))
        guessed.update(
            by_words(
                words,
                new,
                lambda place: self._fingerprint(place).descriptors,
                lambda done: part.progress(done, len(new), "Guessing what may be alike"),
            )
        )
        found: Guessed = {place: defaultdict(list) for place in new}
        for low, high, is_mirrored in sorted(guessed):
            found[high][low].append(is_mirrored)
        return found

    def _compare(self, is_new: Any, candidates: Guessed) -> None:
        part = self._job.part(PROPOSING, 1)
        todo = iter(
            in_threads(part, partial(self._related, candidates), sorted(candidates), self._name)
        )
        while batch := list(islice(todo, SAVED_EVERY)):
            pairs = [pair for _place, found in batch for pair in found]
            compared = [Compared(self._images[place].id, VERSION) for place, _ in batch]
            self._project.record([*compared, *pairs])
            self._report.compared += len(batch)
            self._report.looked_at += sum(len(candidates[place]) for place, _ in batch)
            self._report.found += pairs
            self._job.hand_over(pairs)

    def _name(self, place: int) -> str:
        return self._images[place].name

    def _related(self, candidates: Guessed, place: int) -> list[Pair]:
        one = self._images[place]
        others = {self._images[other]: ways for other, ways in candidates[place].items()}
        prints = self._fingerprints([key_of(image) for image in (one, *others)])
        pairs = (self._pair(one, other, prints, ways) for other, ways in others.items())
        return [pair for pair in pairs if pair is not None]

    def _pair(
        self,
        one: Image,
        other: Image,
        prints: dict[str, Fingerprint],
        ways: Sequence[bool] = (False, True),
    ) -> Pair | None:
        a, b = (one, other) if one.id < other.id else (other, one)
        found = align(prints[key_of(a)], prints[key_of(b)], ways)
        kind = found and kind_of(found, prints[key_of(a)], prints[key_of(b)])
        if not found or not kind:
            return None
        if kind is Kind.REENCODED and self._are_same_pixels(a, b, found):
            kind = Kind.PIXELS
        matrix = tuple(float(number) for number in found.matrix.ravel())
        shares = found.likeness, found.changed, found.covers_a, found.covers_b
        return Pair(a.id, b.id, kind, *shares, matrix)

    def _are_same_pixels(self, a: Image, b: Image, found: Alignment) -> bool:
        if (a.width, a.height) != (b.width, b.height) or found.differs > 1:
            return False
        try:
            one, other = (load(self._project.root / i.path, self._max_pixels) for i in (a, b))
        except UserError:  # it was described a moment ago, and is gone since
            return False
        return one.mode == other.mode and one.tobytes() == other.tobytes()

    # -- looking at groups

    def _check_bridges(self) -> None:
        """A pair that alone joins two parts of a group needs another one between them, or goes."""
        new = {id_ for pair in self._report.found for id_ in pair.key}
        self._by_id = {image.id: image for image in self._images}
        for group in groups_of(self._project.all_pairs(COPIES)):
            self._job.check()
            if new.isdisjoint(group.ids):
                continue
            for pair, one, other in list(bridges(group)):
                support = self._support(pair, one, other)
                kept = support or replace(pair, kind=Kind.SHOT)
                self._project.record([kept])
                self._job.hand_over([kept])
                self._report.found.append(kept)

    def _support(self, bridge: Pair, one: Sequence[int], other: Sequence[int]) -> Pair | None:
        """Another pair between two parts; None where some were tried and none is one."""
        across = sorted(product(one, other), key=lambda ids: len({*ids} & {*bridge.key}))
        tries = (ids for ids in reversed(across) if {*ids} != {*bridge.key})
        for a, b in islice(tries, CROSS_CHECKS):
            images = self._by_id[a], self._by_id[b]
            found = self._pair(*images, self._fingerprints([key_of(i) for i in images]))
            if found is not None and found.kind in COPIES:
                return found
        return None
