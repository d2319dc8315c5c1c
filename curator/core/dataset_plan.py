"""The dataset of a project as it would be written now: repeats, and every picture in its place."""

from __future__ import annotations

from dataclasses import dataclass

from curator.core.balance import Plan, count_groups, plan_repeats
from curator.core.dataset_layout import Placed, lay_out
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


def plan_dataset(project: ProjectView) -> DatasetPlan:
    """The dataset of a project as it is now; reads the records, no file."""
    settings = project.settings
    sets = {one.id: one for one in project.sets()}
    images = project.images(project.select())
    repeats = plan_repeats(count_groups(images, sets), settings)
    return DatasetPlan(settings, repeats, lay_out(images, sets, settings, repeats.repeats_of))
