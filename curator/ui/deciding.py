"""Deciding about duplicates: which group is at hand, what is chosen in it, and what that does.

What is decided leaves the list at once; after the edit, and after an undo, the list is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from curator.core.decisions import Fate, decide, set_apart
from curator.core.duplicate_cases import Case, Choice, choice_of, read_cases
from curator.core.duplicates import COPIES, Kind, Verdict
from curator.core.edits import VERDICT, Edit
from curator.core.records import Image
from curator.ui.context import Context
from curator.ui.notices import Notice
from curator.ui.refresher import Refresher

Known = Mapping[str, Verdict]
Build = Callable[[Sequence[Image], Known], Edit]
Found = tuple[int, list[Case]]
SHOTS = (Kind.SHOT,)


class Deciding(QObject):
    """The groups that are open, the one at hand, and the picture of it that keys act on."""

    changed = Signal()  # another group or picture, or another choice

    def __init__(self, context: Context, widget: QWidget) -> None:
        """`widget`: where they are shown; nothing is read while nobody sees it."""
        super().__init__(widget)
        self._context, self._widget = context, widget
        self.kinds: tuple[Kind, ...] = COPIES
        self.cases: list[Case] = []
        self.is_read = False
        self.place = 0
        self.choice: Choice | None = None
        self.current: int | None = None
        self._wanted: int | None = None  # the picture whose group is to be shown, once it is read
        self._steps = 0  # decisions; what was read before the last one is out of date
        self._edited: frozenset[int] = frozenset()
        self._refresher = Refresher(widget, context, self._reading, self._take)
        context.edited.connect(self._hear)
        context.measured.connect(self._refresher.soon)
        context.told.connect(self._hear_notice)
        context.selection.current_changed.connect(self._follow)

    # -- which groups

    @property
    def case(self) -> Case | None:
        """The group at hand."""
        return self.cases[self.place] if self.cases else None

    def begin(self) -> None:
        """Take the group of the current picture in hand where it has one."""
        self._wanted = self._context.selection.current
        if not self._enter() and self.case is not None:
            self._point_at(self.current)

    def toggle_shots(self) -> None:
        """Go from copies to other photos of the same shot, or back."""
        self.kinds = COPIES if self.kinds is SHOTS else SHOTS
        self._steps += 1  # what is being read now is of the others
        self.cases, self.is_read = [], False
        self.begin()
        self.go_to(0)
        self._refresher.now()

    def _enter(self) -> bool:
        wanted = self._wanted
        for place, case in enumerate(self.cases):
            if wanted is not None and wanted in case.ids:
                is_at_hand = self.choice is not None and set(self.choice.fates) == set(case.ids)
                self.place = place
                if not is_at_hand:
                    self.go_to(place)
                self._point_at(wanted)
                return True
        return False

    def _reading(self) -> Callable[[], Found]:
        project, steps, kinds = self._context.project, self._steps, self.kinds

        def work() -> Found:
            if not project.read_only:
                project.record([])  # once this is done, so is every decision before it
            return steps, read_cases(project, kinds)

        return work

    def _take(self, found: Found) -> None:
        steps, cases = found
        if steps != self._steps:
            self._refresher.soon()
            return
        before, at_hand = {case.group.ids for case in self.cases}, self.case
        self.cases, self.is_read = cases, True
        back = [
            place
            for place, case in enumerate(cases)
            if before and case.group.ids not in before and not self._edited.isdisjoint(case.ids)
        ]
        self._edited = frozenset()
        same = [p for p, c in enumerate(cases) if at_hand and c.group.ids == at_hand.group.ids]
        is_there = self._enter()
        self._wanted = None
        if is_there:
            return
        if back:
            self.go_to(back[0])
        elif same:
            self.place = same[0]
            self.changed.emit()
        else:
            self.go_to(self.place)

    def _hear(self, edit: Edit) -> None:
        self._edited |= edit.image_ids
        if any(record == VERDICT for record, _field in edit.touched):
            names = [str(change.id) for change in edit.changes if change.record == VERDICT]
            self._edited |= {int(one) for name in names for one in name.split("-")}

    def _hear_notice(self, notice: Notice) -> None:
        if notice.is_error:  # perhaps of a decision that could not be kept
            self._refresher.soon()

    def go_to(self, place: int) -> None:
        """Take a group in hand, as it is proposed; beyond the ends means the ends."""
        self._wanted = None
        self.place = min(max(place, 0), max(0, len(self.cases) - 1))
        case = self.case
        self.choice = choice_of(case) if case else None
        self._point_at(case.ids[0] if case else None)

    def go_by(self, groups: int) -> None:
        """Go so many groups on or back, without deciding."""
        if 0 <= self.place + groups < len(self.cases):
            self.go_to(self.place + groups)

    # -- which picture

    def choose(self, image_id: int) -> None:
        """Have keys act on this picture."""
        self._point_at(image_id)

    def step(self, by: int) -> None:
        """Have keys act on a picture further on or back."""
        if self.case is not None and self.current is not None:
            ids = self.case.ids
            self.choose(ids[min(max(ids.index(self.current) + by, 0), len(ids) - 1)])

    def _point_at(self, image_id: int | None) -> None:
        self.current = image_id
        selection = self._context.selection
        if image_id is not None and self._widget.isVisible():
            # Back in the grid keys judge what was looked at last, not what was selected before.
            go_there = selection.point_at if image_id in selection else selection.go_to
            go_there(image_id)
        self.changed.emit()

    def _follow(self) -> None:
        wanted = self._context.selection.current
        is_other = wanted != self.current and self._widget.isVisible()
        if is_other and wanted is not None and self.case and wanted in self.case.ids:
            self._point_at(wanted)

    # -- what is to become of them

    def give(self, fate: Fate) -> None:
        """A fate for the current picture."""
        if self.choice is not None and self.current is not None:
            self.choice = self.choice.with_fate(self.current, fate)
            self.changed.emit()

    def make_keeper(self) -> None:
        """Keep the current picture instead of the keeper."""
        if self.choice is not None and self.current is not None:
            self.choice = self.choice.with_keeper(self.current)
            self.changed.emit()

    def accept(self) -> None:
        """Do what is chosen, and go on to the next group."""
        if self.choice is not None:
            self._settle(partial(_decided, self.choice.fates), [])

    def keep_all(self) -> None:
        """Keep every picture of the group; it is not asked about again."""
        self._settle(partial(_decided, {}), [])

    def not_duplicate(self) -> None:
        """The current picture is no duplicate of the others; that is remembered."""
        if self.case is not None and self.current is not None:
            self._settle(partial(_apart, self.current), self.case.without(self.current))

    def _settle(self, build: Build, left: Sequence[Case]) -> None:
        """Have an edit made of the group at hand; `left` stands in its place."""
        case, project = self.case, self._context.project
        if case is None:
            return
        self._steps += 1
        self.cases[self.place : self.place + 1] = left
        self.go_to(self.place)
        self._context.change(case.ids, lambda images: build(images, project.verdicts()))


def _decided(fates: Mapping[int, Fate], images: Sequence[Image], known: Known) -> Edit:
    return decide(images, fates, known)


def _apart(image_id: int, images: Sequence[Image], known: Known) -> Edit:
    return set_apart([image_id], [image.id for image in images], known)
