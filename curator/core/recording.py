"""Records what a job finds out about pictures from time to time, so that it outlives a kill."""

from __future__ import annotations

import time
from collections.abc import Sequence

from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.records import Measured
from curator.core.tagger_records import Scored

About = Measured | Scored


class Recording:
    """Gathers facts, records them, and hands over the ids of their pictures."""

    def __init__(self, job: Job, project: Project, most: int, every_s: float) -> None:
        """`most`: of what waits; `every_s`: how long it may."""
        self._job, self._project = job, project
        self._most, self._every_s = most, every_s
        self._waiting: list[About] = []
        self._since = time.monotonic()
        self.done: list[int] = []

    def add(self, facts: Sequence[About]) -> None:
        """Take some in; records when there are many or some time has passed."""
        self._waiting += facts
        if len(self._waiting) >= self._most or time.monotonic() - self._since >= self._every_s:
            self.record()

    def record(self) -> None:
        """Record what waits."""
        waiting, self._waiting = self._waiting, []
        self._since = time.monotonic()
        if waiting:
            self._project.record(waiting)
            ids = [fact.image_id for fact in waiting]
            self.done += ids
            self._job.hand_over(ids)
