"""Has a captioner describe pictures in sentences, and writes them below the tags of captions."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PIL import Image as Pillow

from curator.core.describing import Detail, TextRule, describe_edit, tidied, wants_text
from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.model_identity import model_name
from curator.core.parallel import in_threads
from curator.core.project import Project
from curator.core.readable import count
from curator.core.view import ProjectView
from curator.core.workflow import Make, nothing_made, told_why
from curator.imaging.render import flatten, render
from curator.ml.captioners import open_captioner
from curator.ml.captioners.endpoint import KEY_VARIABLE, PROMPTS, Endpoint

__all__ = [
    "KEY_VARIABLE",
    "PROMPTS",
    "DescribeReport",
    "Endpoint",
    "LocalCaptioner",
    "caption_images",
]

MOST_FAILED = 3  # answers in a row that did not come, before the rest is given up
SAID_NOTHING = "the model said nothing"
Failure = tuple[int, str, str]


class Captioner(Protocol):
    """What describes pictures."""

    @property
    def name(self) -> str: ...
    @property
    def batch(self) -> int: ...
    @property
    def runs_on(self) -> str: ...
    def describe(self, pictures: Sequence[Pillow.Image]) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class LocalCaptioner:
    """A captioner in a folder of this machine."""

    folder: Path
    detail: Detail = Detail.SHORT
    use_card: bool = True

    def opened(self) -> Captioner:
        """Open it, beside a window without keeping it waiting. Raises UserError."""
        from trainer.loading import beside_others

        name = model_name(self.folder)
        with beside_others():
            return open_captioner(self.folder, name, self.detail, use_card=self.use_card)


@dataclass(frozen=True, slots=True)
class DescribeReport:
    """`described`: ids of what got a text. `passed`: how many had one already.

    `failed`: image id, source and reason. `runs_on`: a sentence.
    """

    model: str
    described: tuple[int, ...]
    passed: int
    failed: tuple[Failure, ...]
    runs_on: str

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        rows = [{"id": i, "source": source, "reason": why} for i, source, why in self.failed]
        described = {"model": self.model, "described": len(self.described), "passed": self.passed}
        return {**described, "failed": rows, "runs_on": self.runs_on}

    def lines(self) -> list[str]:
        """What could not be described, for people."""
        return [f"{source}: {reason}" for _id, source, reason in self.failed]


@dataclass(frozen=True, slots=True)
class _Seen:
    image_id: int
    source: str
    picture: Pillow.Image


def caption_images(
    job: Job,
    project: Project,
    ids: Sequence[int],
    open_it: Callable[[], Captioner],
    rule: TextRule = TextRule.EMPTY,
    make: Make = nothing_made,
) -> DescribeReport:
    """Describe these pictures; what was said is written at once, all of it in one group of edits.

    Hands over the ids of what is written. `make` makes what heavy steps lack first. Raises
    UserError when the captioner can't be used, or fails several times in a row.
    """
    job.progress(0, len(ids), "Opening the model")
    images = project.images(ids)
    wanted = [image.id for image in images if wants_text(image, rule)]
    passed = len(images) - len(wanted)
    if not wanted:
        return DescribeReport("", (), passed, (), "")
    unmade = make(job, project, [image for image in images if wants_text(image, rule)])
    captioner = open_it()
    writing = _Writing(job, project, captioner, rule, f"Describe {count(len(wanted), 'image')}")
    work = partial(_seen, project, project.settings.max_pixels)
    for _id, found in in_threads(job, work, wanted, lambda _id: ""):
        writing.take(found)
    writing.describe()
    done, failed = tuple(writing.done), told_why(writing.failed, unmade)
    return DescribeReport(captioner.name, done, passed, failed, captioner.runs_on)


def _seen(project: ProjectView, max_pixels: int, image_id: int) -> _Seen | Failure | None:
    for image in project.images([image_id]):
        try:
            picture = flatten(render(image, project.root, max_pixels), "white")
        except UserError as error:
            return image_id, image.source, str(error)
        return _Seen(image_id, image.source, picture)
    return None


class _Writing:
    """Gathers pictures, has them described, and writes what was said of them."""

    def __init__(
        self, job: Job, project: Project, captioner: Captioner, rule: TextRule, label: str
    ) -> None:
        self._job, self._project, self._captioner = job, project, captioner
        self._rule, self._label, self._group = rule, label, uuid.uuid4().hex
        self._batch: list[_Seen] = []
        self._in_a_row = 0
        self.done: list[int] = []
        self.failed: list[Failure] = []

    def take(self, found: _Seen | Failure | None) -> None:
        """Take one picture, or why there is none; describes once there is a batch."""
        if isinstance(found, _Seen):
            self._batch.append(found)
        elif found is not None:
            self.failed.append(found)
        if len(self._batch) >= self._captioner.batch:
            self.describe()

    def describe(self) -> None:
        """Describe what was gathered. Raises UserError when it keeps failing."""
        batch, self._batch = self._batch, []
        if not batch:
            return
        try:
            texts = self._captioner.describe([one.picture for one in batch])
        except UserError as error:
            self._in_a_row += 1
            if self._in_a_row >= MOST_FAILED or not self.done:
                raise
            self.failed += [(one.image_id, one.source, str(error)) for one in batch]
            return
        self._in_a_row = 0
        said = {one.image_id: tidied(text) for one, text in zip(batch, texts, strict=True)}
        self.failed += [
            (one.image_id, one.source, SAID_NOTHING) for one in batch if not said[one.image_id]
        ]
        self._write({id_: text for id_, text in said.items() if text})

    def _write(self, said: dict[int, str]) -> None:
        def build(images: Any) -> Any:
            return describe_edit(images, said, self._rule, self._label, self._group)

        if said:
            self._project.submit_change(said, build).result()
            self.done += said
            self._job.hand_over(list(said))
