"""Makes what heavy steps of recipes give, so that pictures can be shown and written as they are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image as Pillow

from curator.core.errors import UserError
from curator.core.installed_models import installed_named
from curator.core.jobs import Job
from curator.core.model_identity import model_name
from curator.core.recipe import Recipe
from curator.core.records import Image
from curator.core.steps import HAND, CutOut, Upscale
from curator.core.view import ProjectView
from curator.imaging.cutout import grab
from curator.imaging.load import load
from curator.imaging.made_steps import MadeSteps
from curator.imaging.render import render
from curator.ml.cutout_models import CutOutModel, open_cutout
from curator.ml.upscalers import Upscaler, free_card, open_upscaler

CUTOUT, UPSCALER = "cutout", "upscaler"  # kinds of models
Failure = tuple[int, str, str]  # image id, source, reason
Opened = TypeVar("Opened", Upscaler, CutOutModel)


class HeavyModels:
    """The models in memory, one of a kind at a time. Safe from several threads."""

    def __init__(self, threads: int = 0, *, use_card: bool = True) -> None:
        self._threads, self._use_card = threads, use_card
        self._open: dict[str, tuple[str, Any]] = {}
        self.lock = threading.RLock()  # held while one computes, so that two never share a card

    def upscaler(self, named: str) -> Upscaler:
        """The upscaler of this key or in this file. Raises UserError."""
        return self._opened(UPSCALER, named, open_upscaler)

    def cutter(self, named: str) -> CutOutModel:
        """The cut-out model of this key or in this file. Raises UserError."""
        return self._opened(CUTOUT, named, open_cutout)

    def free(self) -> None:
        """Give the memory back, as when a training starts; what computes now ends first."""
        with self.lock:
            self._open.clear()
            free_card()

    def _opened(self, kind: str, named: str, open_it: Callable[..., Opened]) -> Opened:
        from trainer.loading import beside_others

        with self.lock:
            if self._open.get(kind, ("",))[0] != named:
                self._open.pop(kind, None)
                path = installed_named(kind, named)
                with beside_others():
                    found = open_it(path, model_name(path), self._threads, use_card=self._use_card)
                self._open[kind] = (named, found)
            model: Opened = self._open[kind][1]
            return model


@dataclass(frozen=True, slots=True)
class MakeReport:
    """`made`: ids of pictures that lack nothing now. `runs_on`: sentences, of models that ran."""

    made: tuple[int, ...] = ()
    failed: tuple[Failure, ...] = ()
    runs_on: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        rows = [{"id": i, "source": source, "reason": why} for i, source, why in self.failed]
        return {"made": len(self.made), "failed": rows, "runs_on": list(self.runs_on)}

    def lines(self) -> list[str]:
        """What could not be made, for people."""
        return [f"{source}: {reason}" for _id, source, reason in self.failed]


def make_steps(
    job: Job, project: ProjectView, images: Sequence[Image], models: HeavyModels | None = None
) -> MakeReport:
    """Make what the recipes of these pictures lack; hands over each picture that is whole then.

    What is made stays when the job is cancelled. A picture that can't be made is reported, with the
    reason. `models`: those to keep open; without, they are closed at the end.
    """
    lacking = [one for one in images if one.recipe and _made(project, one).missing()]
    making = _Making(job, project, models or HeavyModels())
    try:
        for done, image in enumerate(sorted(lacking, key=_models_of)):
            job.progress(done, len(lacking), image.name)
            making.take(image)
    finally:
        if models is None:
            making.models.free()
    return MakeReport(tuple(making.done), tuple(making.failed), tuple(making.runs_on))


def make_missing(
    job: Job, project: ProjectView, images: Sequence[Image], models: HeavyModels | None = None
) -> Mapping[int, str]:
    """`make_steps` for those that write pictures: why some can't be made, by image id."""
    report = make_steps(job, project, images, models)
    return {id_: reason for id_, _source, reason in report.failed}


def _made(project: ProjectView, image: Image) -> MadeSteps:
    return MadeSteps(project.cache_dir, image, Recipe.from_json(image.recipe))


def _models_of(image: Image) -> tuple[str, ...]:
    """Pictures that want the same models come together, so that each is opened once."""
    steps = Recipe.from_json(image.recipe).active
    return tuple(step.model for step in steps if isinstance(step, CutOut | Upscale))


@dataclass(slots=True)
class _Making:
    job: Job
    project: ProjectView
    models: HeavyModels
    done: list[int] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    runs_on: dict[str, None] = field(default_factory=dict)
    _refused: dict[tuple[str, str], UserError] = field(default_factory=dict)

    def take(self, image: Image) -> None:
        """Make all that one picture lacks."""
        made = _made(self.project, image)
        try:
            for place in made.missing():
                self._make(made, place)
        except UserError as error:
            self.failed.append((image.id, image.source, str(error)))
            return
        self.done.append(image.id)
        self.job.hand_over(image)

    def _make(self, made: MadeSteps, place: int) -> None:
        step = made.recipe.steps[place]
        if isinstance(step, CutOut) and (sha256 := made.lacks_behind(step)):
            made.keep_behind(sha256, self._behind(sha256))
        before = replace(made.image, recipe=Recipe(made.recipe.steps[:place]).to_json())
        picture = render(before, self.project.root, self.project.settings.max_pixels)
        with self.models.lock:
            if isinstance(step, CutOut):
                if made.mask(place) is None:
                    made.keep_mask(place, self._mask(step, picture))
            elif isinstance(step, Upscale):
                made.keep(place, self._upscaled(step, picture))

    def _mask(self, step: CutOut, picture: Pillow.Image) -> Any:
        if step.model == HAND:
            return grab(step, picture)
        model = self._model(step, self.models.cutter)
        return model.mask(picture)

    def _upscaled(self, step: Upscale, picture: Pillow.Image) -> Pillow.Image:
        model = self._model(step, self.models.upscaler)
        return model.upscale(picture, step.size_after(picture.size), self.job.check)

    def _model(self, step: CutOut | Upscale, open_it: Callable[[str], Opened]) -> Opened:
        """The model of a step; one that can't be opened is not tried again for every picture."""
        key = (step.kind, step.model)
        if key in self._refused:
            raise self._refused[key]
        try:
            model = open_it(step.model)
        except UserError as error:
            self._refused[key] = error
            raise
        self.runs_on[model.runs_on] = None
        return model

    def _behind(self, sha256: str) -> Pillow.Image:
        """The picture of the project that takes a background's place, as it was imported."""
        for found in self.project.known(sha256).values():
            path = Path(self.project.root, found.path)
            return load(path, self.project.settings.max_pixels)
        raise UserError(
            "The picture that should take the background's place is no longer in the project.",
            "Choose another background.",
        )
