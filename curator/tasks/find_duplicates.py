"""Find the pictures of a project that show the same; only what is new is looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Picture

from curator.core.duplicates import COPIES, Compared, Key, Kind, Pair, bridges, groups_of, key
from curator.core.errors import UserError
from curator.core.files import read_error
from curator.core.installed_models import InstalledModel
from curator.core.jobs import Job
from curator.core.likeness import SAME_GROUP
from curator.core.looks import looks_key, mark_of
from curator.core.neighbours import nearest
from curator.core.parallel import in_threads
from curator.core.project import Project
from curator.core.records import Image
from curator.core.store.embeddings import EmbeddingCache
from curator.imaging.candidates import by_hash, by_words
from curator.imaging.described import SAVED_EVERY, Fingerprints, fingerprints_for, subject_of
from curator.imaging.fingerprints import VERSION
from curator.imaging.load import examine
from curator.imaging.render import flatten
from curator.ml.embeddings import EmbeddingModel, embedded

EMBEDDING = 0.5  # share of the progress after which an embedding model looks
DESCRIBING, PROPOSING = 0.5, 0.6  # shares of the progress after which the next part begins
CROSS_CHECKS = 6
LOOKING = 0.7  # share of the model's part after which neighbours are compared
SEEN_PX = 512  # the longer side of the picture that the model gets
NEIGHBOURS, LEAST_COSINE = 8, 0.7  # of each picture; closer looks then decide
SCENE_COSINE = 1 - SAME_GROUP**2 / 2  # as near as pictures of one group in `likeness`
Guessed = dict[int, dict[int, list[bool]]]  # later place -> earlier one -> mirrored or not


@dataclass(slots=True)
class DuplicatesReport:
    """What was looked at, and what could not be, (image id, source, reason).

    `compared`: how many pictures were new to the search; `looked_at`: pairs looked at closely.
    `unembedded`: why the embedding model that is in use did not help, "" where it did or is none.
    """

    compared: int = 0
    looked_at: int = 0
    found: list[Pair] = field(default_factory=list)
    failed: list[tuple[int, str, str]] = field(default_factory=list)
    unembedded: str = ""

    def as_json(self) -> dict[str, Any]:
        """The report without the pairs."""
        unembedded = {"unembedded": self.unembedded} if self.unembedded else {}
        return unembedded | {
            "compared": self.compared,
            "looked_at": self.looked_at,
            "failed": [
                {"id": id_, "source": source, "reason": reason}
                for id_, source, reason in self.failed
            ],
        }


def find_duplicates(
    job: Job, project: Project, embedding: InstalledModel | None = None
) -> DuplicatesReport:
    """Compare what is new with everything, and record the pairs; hands them over as it finds them.

    With a model of embeddings each picture's nearest neighbours are compared as well; those that
    are no copies and yet very alike are of one scene. A cancelled or killed search keeps what it
    has and goes on from there. Raises UserError when the disk refuses.
    """
    with fingerprints_for(project) as prints:
        return _Search(job, project, prints).run(embedding)


class _Search:
    def __init__(self, job: Job, project: Project, prints: Fingerprints) -> None:
        self._job, self._project, self._prints = job, project, prints
        self._report = DuplicatesReport()

    def run(self, embedding: InstalledModel | None) -> DuplicatesReport:
        whole, images = self._job, self._project.images(self._project.select("-is:crop"))
        self._job = whole.part(0, EMBEDDING) if embedding else whole
        done = self._project.compared(VERSION)
        if not all(image.id in done for image in images):
            self._compare_new(self._described(images), done)
        if embedding:
            self._job = whole.part(EMBEDDING, 1)
            self._compare_embedded(images, embedding)
        self._check_bridges(images)
        return self._report

    def _compare_new(self, images: list[Image], done: Collection[int]) -> None:
        self._images = images
        if all(image.id in done for image in images):
            return
        # The old ones stand before the new, so that each pair belongs to the later one.
        self._images.sort(key=lambda image: image.id not in done)
        self._keys = [subject_of(image, self._project.root).key for image in self._images]
        is_new = np.array([image.id not in done for image in self._images], bool)
        self._compare(is_new, self._candidates(is_new))

    def _described(self, images: Sequence[Image]) -> list[Image]:
        """Those of the images that there is a fingerprint of."""
        subjects = [subject_of(image, self._project.root) for image in images]
        failed = self._prints.make(self._job.part(0, DESCRIBING), subjects)
        found = []
        for image, subject in zip(images, subjects, strict=True):
            if error := failed.get(subject.key):
                self._report.failed.append((image.id, image.source, error.message))
            else:
                found.append(image)
        return found

    # -- comparing

    def _candidates(self, is_new: Any) -> Guessed:
        """By the later place of each pair, the earlier ones that may show the same."""
        keys = self._keys
        hashes, words = self._prints.hashes(keys), self._prints.words(keys)
        new = np.flatnonzero(is_new).tolist()
        part = self._job.part(DESCRIBING, PROPOSING)
        part.progress(0, 1, "Guessing what may be alike")
        guessed = set(by_hash(hashes, is_new, part.check))
        guessed.update(
            by_words(
                words,
                new,
                lambda place: self._prints.of([keys[place]])[keys[place]].descriptors,
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
        others = candidates[place]
        self._prints.of([self._keys[place], *(self._keys[other] for other in others)])
        one = self._images[place]
        pairs = (self._pair(one, self._images[other], ways) for other, ways in others.items())
        return [pair for pair in pairs if pair is not None]

    def _pair(self, one: Image, other: Image, ways: Sequence[bool] = (False, True)) -> Pair | None:
        a, b = (one, other) if one.id < other.id else (other, one)
        root = self._project.root
        related = self._prints.relate(subject_of(a, root), subject_of(b, root), ways)
        if related is None:
            return None
        kind, found = related
        matrix = tuple(float(number) for number in found.matrix.ravel())
        shares = found.likeness, found.changed, found.covers_a, found.covers_b
        return Pair(a.id, b.id, kind, *shares, matrix)

    # -- comparing by what a model sees in them

    def _compare_embedded(self, images: Sequence[Image], embedding: InstalledModel) -> None:
        try:
            with EmbeddingCache(self._project.cache_dir, mark_of(embedding.path)) as cache:
                self._compare_neighbours(images, embedding.path, cache)
        except OSError as error:
            self._report.unembedded = str(read_error(error, embedding.path))
        except UserError as error:
            self._report.unembedded = str(error)

    def _compare_neighbours(
        self, images: Sequence[Image], path: Path, cache: EmbeddingCache
    ) -> None:
        by_name = {looks_key(image): image for image in self._described_ids(images).values()}
        known = cache.known(by_name)
        missing = [image for name, image in by_name.items() if name not in known]
        self._embed(missing, path, cache)
        vectors = cache.vectors(by_name)
        compared = cache.compared(vectors)
        there = [by_name[name] for name in vectors]
        new = [row for row, name in enumerate(vectors) if name not in compared]
        if new:
            rows = np.stack([np.frombuffer(one, np.float32) for one in vectors.values()])
            near = nearest(rows, new, NEIGHBOURS, LEAST_COSINE, self._job.check)
            self._compare_near(there, near)
            cache.mark_compared(looks_key(there[row]) for row in new)

    def _embed(self, missing: Sequence[Image], path: Path, cache: EmbeddingCache) -> None:
        """Have the model look at pictures; what it saw is kept a batch at a time."""
        if not missing:
            return
        part = self._job.part(0, LOOKING)
        found = embedded(part, EmbeddingModel(path), missing, self._small, lambda one: one.name)
        while batch := list(islice(found, SAVED_EVERY)):
            rows = [(i, one) for i, one in batch if not isinstance(one, UserError)]
            cache.put([(looks_key(image), vector.tobytes()) for image, vector in rows])
            self._report.failed += [
                (i.id, i.source, e.message) for i, e in batch if isinstance(e, UserError)
            ]

    def _small(self, image: Image) -> Picture.Image:
        path = self._project.root / image.path
        return flatten(examine(path, SEEN_PX, self._project.settings.max_pixels).small, "white")

    def _compare_near(self, there: Sequence[Image], near: dict[Key, float]) -> None:
        """Compare neighbours (places in `there`, cosine) that are not known as a pair yet."""
        known = {pair.key for pair in self._project.all_pairs(Kind)}
        todo = [
            (there[a], there[b], cosine)
            for (a, b), cosine in sorted(near.items())
            if key(there[a].id, there[b].id) not in known
        ]
        part = self._job.part(LOOKING, 1)
        work = in_threads(part, self._near_pair, todo, lambda one: one[0].name)
        while batch := list(islice(work, SAVED_EVERY)):
            pairs = [pair for _two, pair in batch if pair is not None]
            self._project.record(pairs)
            self._report.looked_at += len(batch)
            self._report.found += pairs
            self._job.hand_over(pairs)

    def _near_pair(self, two: tuple[Image, Image, float]) -> Pair | None:
        one, other, cosine = two
        found = self._pair(one, other)
        if found is None and cosine >= SCENE_COSINE:
            a, b = key(one.id, other.id)
            return Pair(a, b, Kind.SCENE, cosine, changed=1.0, covers_a=0.0, covers_b=0.0)
        return found

    # -- looking at groups

    def _check_bridges(self, images: Sequence[Image]) -> None:
        """A pair that alone joins two parts of a group needs another one between them, or goes.

        Also those that a search found which was killed before it came to this.
        """
        found = [one for g in groups_of(self._project.all_pairs(COPIES)) for one in bridges(g)]
        self._by_id = by_id = self._described_ids(images) if found else {}
        for pair, one, other in found:
            self._job.check()
            tries = list(islice(_across(pair, one, other, by_id), CROSS_CHECKS))
            if tries:
                kept = self._support(tries) or replace(pair, kind=Kind.SHOT)
                self._project.record([kept])
                self._job.hand_over([kept])
                self._report.found.append(kept)

    def _described_ids(self, images: Sequence[Image]) -> dict[int, Image]:
        keys = {image.id: subject_of(image, self._project.root).key for image in images}
        known = self._prints.known(list(keys.values()))
        return {image.id: image for image in images if keys[image.id] in known}

    def _support(self, tries: Iterable[Key]) -> Pair | None:
        """Another pair between two parts; None where none of those that are tried is one."""
        found = (self._pair(self._by_id[a], self._by_id[b]) for a, b in tries)
        return next((pair for pair in found if pair and pair.kind in COPIES), None)


def _across(
    bridge: Pair, one: Sequence[int], other: Sequence[int], among: Container[int]
) -> Iterator[Key]:
    """Pairs between the parts that a bridge joins, those that share an image with it first."""
    if bridge.a in other:
        one, other = other, one
    from_a = ((bridge.a, b) for b in other if b != bridge.b)
    from_b = ((a, bridge.b) for a in one if a != bridge.a)
    rest = ((a, b) for a in one if a != bridge.a for b in other if b != bridge.b)
    near = (pair for both in zip_longest(from_a, from_b) for pair in both if pair)
    return (pair for pair in chain(near, rest) if pair[0] in among and pair[1] in among)
