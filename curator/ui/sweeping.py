"""Sweeping a tag: which picture is asked about, and what an answer does.

Each answer is an edit of its own; what undo or anybody else changes meanwhile is read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from curator.core.edits import IMAGE, Edit
from curator.core.records import Image
from curator.core.sweep import Bounds, Sweep, accept_ends, answer, decided
from curator.core.sweep_reading import ReadSweep, read_sweep
from curator.ui.context import Context

REST_MS = 150
MOST_LOOKED = 20  # pictures of an edit that are looked at one by one
_FIELDS = frozenset({"caption", "tag_sources"})


class Sweeping(QObject):
    """The tag, the pictures in the order of asking, and the place among them."""

    changed = Signal()

    def __init__(self, context: Context, widget: QWidget) -> None:
        """`widget`: where it is shown; the current picture is followed only while it is seen."""
        super().__init__(widget)
        self._context, self._widget = context, widget
        self.read: ReadSweep | None = None
        self.is_reading = False
        self.place = 0
        self._ids: Sequence[int] = ()
        self._tag, self._bounds = "", Bounds()
        self._answers: dict[int, bool] = {}
        self._accepted: dict[int, bool] = {}  # at the ends
        self._skipped: list[int] = []
        self._trail: list[tuple[int, bool]] = []  # what was asked, and whether it was answered
        self._wanted: int | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._read)
        context.edited.connect(self._hear)

    # -- what is asked

    @property
    def tag(self) -> str:
        """The tag that is swept, "" before one is chosen."""
        return self._tag

    @property
    def bounds(self) -> Bounds:
        """Between which scores the person is asked."""
        return self._bounds

    @property
    def sweep(self) -> Sweep:
        """What is asked and what is sure."""
        return self.read.sweep if self.read is not None else Sweep(self._tag)

    @property
    def current(self) -> int | None:
        """The picture that is asked about."""
        asked = self.sweep.asked
        return asked[self.place] if self.place < len(asked) else None

    @property
    def answered(self) -> int:
        """How many answers were given."""
        return len(self._answers)

    @property
    def skipped(self) -> int:
        """How many pictures were passed over."""
        return len(self._skipped)

    def near(self) -> Sequence[int]:
        """The pictures that come next."""
        return self.sweep.asked[self.place + 1 : self.place + 4]

    def begin(self, tag: str, ids: Sequence[int]) -> None:
        """Sweep a tag over these pictures."""
        self._tag, self._ids = tag, ids
        self.read, self.place, self._wanted = None, 0, None
        self._answers, self._accepted, self._skipped, self._trail = {}, {}, [], []
        self._read()

    def use(self, bounds: Bounds) -> None:
        """Ask about scores between these bounds."""
        self._bounds = bounds
        self._rest.start()

    def ask_skipped(self) -> None:
        """Ask again about what was passed over."""
        self._skipped.clear()
        self._trail.clear()
        self.place = 0
        self._read()

    def _read(self) -> None:
        if not self._tag:
            return
        self._rest.stop()
        self.is_reading = True
        self.changed.emit()
        project, ids, tag, bounds = self._context.project, self._ids, self._tag, self._bounds
        skipped = frozenset(self._skipped)

        def work() -> ReadSweep:
            if not project.read_only:
                project.record([])  # once this is done, so is every answer before it
            return read_sweep(project, ids, tag, bounds, skipped)

        self._context.read(work, self._take, key="sweep")

    def _take(self, found: ReadSweep) -> None:
        current = self._wanted if self._wanted is not None else self.current
        self.read, self.is_reading, self._wanted = found, False, None
        asked = found.sweep.asked
        if current in asked:
            self.place = asked.index(current)
        else:  # at the end when all that is left was passed over
            is_left = any(id_ not in self._skipped for id_ in asked)
            self.place = 0 if is_left else len(asked)
        self._go()

    def _hear(self, edit: Edit) -> None:
        if self.read is None:
            return
        ids = {int(c.id) for c in edit.changes if c.record == IMAGE and c.field in _FIELDS}
        if len(ids) > MOST_LOOKED:
            self._rest.start()
            return
        told = self._accepted | self._answers
        for id_ in ids & {*told, *self.sweep.asked}:
            image = self._context.model.image(id_)
            if image is not None and decided(image, self._tag) != told.get(id_):
                self._take_back(id_)
                self._rest.start()

    def _take_back(self, id_: int) -> None:
        """An answer does not hold any more: ask again."""
        self._accepted.pop(id_, None)
        if self._answers.pop(id_, None) is not None:
            self._wanted = id_
            self._trail = [one for one in self._trail if one[0] != id_]

    # -- answering

    def answer(self, is_there: bool) -> None:
        """Say whether the tag is in the picture, and go on."""
        id_ = self.current
        if id_ is None or self.is_reading:
            return
        self._answers[id_] = is_there
        self._trail.append((id_, True))
        self._context.change([id_], partial(_answered, self._tag, is_there))
        self.step(1)

    def skip(self) -> None:
        """Pass the picture over in this sweep."""
        id_ = self.current
        if id_ is not None and not self.is_reading:
            self._trail.append((id_, False))
            self._skipped.append(id_)
            self.step(1)

    def back(self) -> None:
        """Go back to what was asked before; an answer is taken back."""
        if not self._trail or self.is_reading:
            return
        id_, was_answered = self._trail.pop()
        asked = self.sweep.asked
        if was_answered:
            self._answers.pop(id_, None)
            self._context.undo()
        elif id_ in self._skipped:
            self._skipped.remove(id_)
        if id_ in asked:
            self.place = asked.index(id_)
        self._go()

    def step(self, by: int) -> None:
        """Look at another one, without an answer."""
        self.place = min(max(self.place + by, 0), len(self.sweep.asked))
        self._go()

    def accept(self) -> None:
        """Take both sure ends as they are, in one step."""
        sweep = self.sweep
        ids = [*sweep.yes, *sweep.no]
        if ids and self.read is not None:
            self._accepted |= dict.fromkeys(sweep.yes, True) | dict.fromkeys(sweep.no, False)
            self._context.change(ids, _accepting(sweep))
            done = replace(sweep, yes=(), no=(), decided=sweep.decided + len(ids))
            self.read = replace(self.read, sweep=done)
            self._go()

    def _go(self) -> None:
        id_ = self.current
        if id_ is not None and self._widget.isVisible():
            self._context.selection.go_to(id_)
        self.changed.emit()


def _answered(tag: str, is_there: bool, images: Sequence[Image]) -> Edit:
    return answer(images, tag, is_there)


def _accepting(sweep: Sweep) -> Callable[[Sequence[Image]], Edit]:
    return lambda images: accept_ends(images, sweep.tag, sweep.yes, sweep.no)
