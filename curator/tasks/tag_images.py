"""Has a tagger score pictures, decoding ahead so that it never waits, and keeps all scores."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.model_identity import identity, model_name
from curator.core.parallel import THREADS, in_threads
from curator.core.project import Project
from curator.core.recording import Recording
from curator.core.records import Image
from curator.core.tag_scores import scored
from curator.core.tagger_records import Preparation, Tagger
from curator.core.view import ProjectView
from curator.core.workflow import Make, nothing_made, told_why
from curator.imaging.render import render
from curator.imaging.tagger_input import prepare
from curator.ml.taggers import Batch, OpenTagger, open_tagger

BATCH, CARD_BATCH = 4, 16  # pictures at a time; more gain nothing and take memory
RECORD, RECORD_S = 1000, 1.0  # what is scored is on the disk so soon
Failure = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture as the tagger takes it."""

    image: Image
    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tagging:
    """How pictures are scored. `name`: by which tags are said to be, else the model's own.

    `threads`: on the processor, 0 for all. `again`: also what this model has scored before.
    `begin` is called first in each thread that works.
    """

    path: Path
    name: str = ""
    threads: int = 0
    use_card: bool = True
    again: bool = False
    begin: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class TagReport:
    """`scored`: ids of what was scored now. `known`: how many had scores of this model already.

    `failed`: image id, source and reason. `runs_on`: a sentence, "" where the model did not run.
    """

    tagger: Tagger
    scored: tuple[int, ...]
    known: int
    failed: tuple[Failure, ...]
    runs_on: str

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        rows = [{"id": i, "source": source, "reason": why} for i, source, why in self.failed]
        return {
            "model": self.tagger.name,
            "sha256": self.tagger.sha256,
            "scored": len(self.scored),
            "known": self.known,
            "failed": rows,
            "runs_on": self.runs_on,
        }

    def lines(self) -> list[str]:
        """What could not be scored, for people."""
        return [f"{source}: {reason}" for _id, source, reason in self.failed]


def tag_images(
    job: Job, project: Project, ids: Sequence[int], how: Tagging, make: Make = nothing_made
) -> TagReport:
    """Score these pictures as they are now; hands over the ids of what is recorded.

    Nothing is tagged by it. What is scored is recorded about once a second, so that it outlives a
    stop. `make` makes what heavy steps lack first. Raises UserError when the model can't be used.
    """
    job.progress(0, len(ids), "Opening the model")
    sha256 = identity(how.path)
    name = how.name or model_name(how.path)
    known = set() if how.again else project.scored_by(sha256)
    wanted = [id_ for id_ in ids if id_ not in known]
    before = next((one for one in project.taggers() if one.sha256 == sha256), None)
    if not wanted and before is not None and before.name == name:
        return TagReport(before, (), len(ids), (), "")
    unmade = make(job, project, project.images(wanted))
    with ThreadPoolExecutor(1, thread_name_prefix="tagger", initializer=how.begin) as session:
        opening = session.submit(
            open_tagger, how.path, sha256, name, how.threads, use_card=how.use_card
        )
        tagger = opening.result()
        project.record([tagger.tagger])
        scoring = _Scoring(tagger, session, Recording(job, project, RECORD, RECORD_S))
        ahead = 2 * scoring.size + THREADS
        work = partial(_prepared, project, project.settings.max_pixels, tagger.preparation)
        try:
            for _id, found in in_threads(job, work, wanted, lambda _id: "", how.begin, ahead):
                scoring.take(found)
            scoring.finish()
        finally:
            session.shutdown(cancel_futures=True)
            scoring.take_ended()
            scoring.recording.record()
    return TagReport(
        tagger.tagger,
        tuple(scoring.recording.done),
        len(ids) - len(wanted),
        told_why(scoring.failed, unmade),
        tagger.model.runs_on,
    )


def _prepared(
    project: ProjectView, max_pixels: int, how: Preparation, image_id: int
) -> Prepared | Failure | None:
    """A picture as the tagger takes it, or why there is none; None for one that is gone."""
    for image in project.images([image_id]):
        try:
            return Prepared(image, prepare(render(image, project.root, max_pixels), how))
        except UserError as error:
            return image_id, image.source, str(error)
    return None


class _Scoring:
    """Gathers pictures into batches, and has them scored by a thread of its own.

    While that works on one batch the next one waits, so that it is never idle; this thread
    meanwhile looks at what came of the one before.
    """

    def __init__(
        self, tagger: OpenTagger, session: ThreadPoolExecutor, recording: Recording
    ) -> None:
        self._tagger, self._session, self.recording = tagger, session, recording
        self._batch: list[Prepared] = []
        self._under_way: deque[tuple[list[Prepared], Future[Batch]]] = deque()
        self.size = tagger.model.batch or (CARD_BATCH if tagger.model.on_card else BATCH)
        self.failed: list[Failure] = []

    def take(self, found: Prepared | Failure | None) -> None:
        """Take what became of one picture; begins a batch once it is full."""
        if found is None:
            return
        if isinstance(found, Prepared):
            self._batch.append(found)
        else:
            self.failed.append(found)
        if len(self._batch) >= self.size:
            self._begin()
        if len(self._under_way) > 2:
            self._end()

    def finish(self) -> None:
        """Score what is left, and wait for all."""
        if self._batch:
            self._begin()
        while self._under_way:
            self._end()

    def take_ended(self) -> None:
        """Take what was scored by the time of a stop."""
        while self._under_way and _has_ended_well(self._under_way[0][1]):
            self._end()

    def _begin(self) -> None:
        batch, self._batch = self._batch, []
        pictures = np.stack([one.values for one in batch])
        self._under_way.append((batch, self._session.submit(self._tagger.scores, pictures)))

    def _end(self) -> None:
        batch, scores = self._under_way.popleft()
        self.recording.add(
            [
                scored(self._tagger.tagger, one.image.id, one.image.recipe, found)
                for one, found in zip(batch, scores.result(), strict=True)
            ]
        )


def _has_ended_well(scores: Future[Batch]) -> bool:
    return scores.done() and not scores.cancelled() and scores.exception() is None
