"""The dataset of a project as it would be written now: repeats, and every picture in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curator.core.balance import Plan, count_groups, plan_repeats
from curator.core.caption_context import project_context
from curator.core.caption_recipes import exported_lines, recipe_for
from curator.core.dataset_layout import Placed, lay_out
from curator.core.records import Image
from curator.core.settings import ProjectSettings
from curator.core.view import ProjectView


@dataclass(frozen=True, slots=True)
class DatasetPlan:
    """The settings it was planned with, the repeats, and the pictures that take part."""

    settings: ProjectSettings
    repeats: Plan
    placed: tuple[Placed, ...]

    @property
    def trains(self) -> bool:
        """Whether there is anything to train on; regularization pictures alone are nothing."""
        return any(not one.folder.is_reg for one in self.placed)


def plan_dataset(project: ProjectView, base: str | None = None) -> DatasetPlan:
    """The dataset of a project as it is now, its captions for a base model, the project's if None.

    It reads the records, and of files at most the head of the base model. Raises UserError for a
    caption recipe that can't be used.
    """
    settings = project.settings
    sets = {one.id: one for one in project.sets()}
    images = project.images(project.select())
    repeats = plan_repeats(count_groups(images, sets), settings)
    recipe = recipe_for(settings, base)

    def lines(some: Sequence[Image]) -> list[str]:
        context = project_context(project, some)
        return exported_lines(recipe, [image.caption for image in some], context)

    placed = lay_out(images, sets, settings, repeats.repeats_of, lines)
    return DatasetPlan(settings, repeats, placed)
