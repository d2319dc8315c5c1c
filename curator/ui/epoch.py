"""What an epoch of training would be made of now, read anew after every edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from curator.core.balance import Group, Plan, groups_of, plan_repeats
from curator.core.culling import waiting
from curator.core.records import ImageSet
from curator.core.settings import ProjectSettings
from curator.core.shares import Shares, shares
from curator.core.view import ProjectView
from curator.ui.context import Context

SMALL = "upscale:>1 -is:rejected"  # below its bucket, as its steps leave it
UNCAPTIONED = "is:uncaptioned -is:rejected"  # what is worth a caption and has none


@dataclass(frozen=True, slots=True)
class Epoch:
    """How many pictures wait: `undecided` for a rating, `uncaptioned` for a caption.

    `small`: those that are smaller than their bucket.
    """

    groups: Sequence[Group]
    plan: Plan
    shares: Shares
    sets: Mapping[int, ImageSet]
    settings: ProjectSettings
    undecided: int
    uncaptioned: int
    small: int


def read_epoch(project: ProjectView) -> Epoch:
    """The epoch of a project as it is now, without reading a record of a picture."""
    sets = {one.id: one for one in project.sets()}
    counts, settings = project.group_counts(), project.settings
    groups = groups_of(counts, sets)
    plan = plan_repeats(groups, settings)
    undecided, uncaptioned = waiting(counts, sets), len(project.select(UNCAPTIONED))
    small = len(project.select(SMALL))
    return Epoch(groups, plan, shares(plan), sets, settings, undecided, uncaptioned, small)


class EpochWatch(QObject):
    """Tells the newest epoch; of many edits in a row not every one is counted."""

    changed = Signal(object)  # an Epoch

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.latest: Epoch | None = None
        context.edited.connect(self.look)

    def look(self, _edit: object = None) -> None:
        """Read it again."""
        project = self._context.project
        self._context.read(lambda: read_epoch(project), self._show, key="epoch")

    def _show(self, epoch: Epoch) -> None:
        self.latest = epoch
        self.changed.emit(epoch)
