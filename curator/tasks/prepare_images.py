"""Adds the steps of a preset, or of another picture, to the recipes of many pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from curator.core.edits import Edit
from curator.core.errors import UserError
from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.readable import count
from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.recipe_plans import Plan, with_plan
from curator.core.records import Image
from curator.core.training_rule import rule_of
from trainer.buckets import BucketRule

CHUNK = 200  # pictures between two cancel points


@dataclass(frozen=True, slots=True)
class Preparation:
    """A plan, added to the steps that pictures have or, with `anew`, put in their place."""

    plan: Plan
    rule: BucketRule
    anew: bool = False

    def recipe(self, image: Image) -> Recipe:
        """The recipe a picture gets. Raises UserError where it would become too large."""
        before = Recipe() if self.anew else Recipe.from_json(image.recipe)
        return with_plan(before, self.plan, (image.width, image.height), self.rule)


@dataclass(frozen=True, slots=True)
class PrepareReport:
    """How many pictures got other steps, how many were so already, and (id, name, reason)."""

    label: str
    changed: int
    same: int
    failed: tuple[tuple[int, str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        failed = [{"id": id_, "name": name, "reason": why} for id_, name, why in self.failed]
        return {"label": self.label, "changed": self.changed, "same": self.same, "failed": failed}


def preparation(project: Project, plan: Plan, *, anew: bool = False) -> Preparation:
    """How pictures are prepared with the buckets that the project has now."""
    return Preparation(plan, rule_of(project.settings), anew)


def prepare_images(
    job: Job, project: Project, ids: Sequence[int], how: Preparation
) -> PrepareReport:
    """Change the recipes of these pictures in one step of undo.

    A picture that can't be made so is reported and stays. A cancelled job changes nothing.
    """
    made: dict[tuple[int, str], Recipe] = {}
    failed: list[tuple[int, str, str]] = []
    for start in range(0, len(ids), CHUNK):
        job.progress(start, len(ids), "Working out the steps")
        for image in project.images(ids[start : start + CHUNK]):
            try:
                made[image.id, image.recipe] = how.recipe(image)
            except UserError as error:
                failed.append((image.id, image.name, str(error)))
    job.check()

    def build(images: Sequence[Image]) -> Edit:
        # One that was changed meanwhile is worked out again, here, where nothing changes it.
        recipes = {i: made.get((i.id, i.recipe)) or how.recipe(i) for i in images}
        edit = set_recipes("", recipes)
        return Edit(f"Prepare {count(len(edit.changes), 'image')}", edit.changes)

    edit = project.submit_change([id_ for id_, _recipe in made], build).result()
    job.progress(len(ids), len(ids))
    changed = len(edit.changes)
    return PrepareReport(edit.label, changed, len(made) - changed, tuple(failed))
