"""The status line: what is shown, what an epoch is made of, and how far the culling is."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from curator.core.culling import Pace
from curator.core.readable import count, duration
from curator.ui import rating_marks
from curator.ui.actions import ActionTable
from curator.ui.context import Context
from curator.ui.culling import Culling
from curator.ui.epoch import Epoch, EpochWatch
from curator.ui.finder import Finder
from curator.ui.quiet_line import QuietLine
from curator.ui.share_strip import ShareStrip
from curator.ui.theme import MUTED, STEP_PX

NO_RATING = "Pictures of regularization sets need no rating and are not counted."


class StatusLine(QWidget):
    """Follows every edit; the strip opens the balance."""

    balance_asked = Signal()

    def __init__(
        self,
        context: Context,
        finder: Finder,
        culling: Culling,
        epochs: EpochWatch,
        table: ActionTable,
    ) -> None:
        super().__init__()
        self._context, self._finder, self._table = context, finder, table
        self._pace = Pace()
        self._undecided = 0
        self.shown = QLabel()
        self.strip = ShareStrip(context.theme, table.keys_text("balance"))
        self.outdated = QPushButton(flat=True)
        self.outdated.hide()
        self.progress = QLabel()
        self.progress.setForegroundRole(MUTED)
        self.progress.setToolTip(NO_RATING)
        self.quiet = QuietLine()
        row = QHBoxLayout(self)
        row.setContentsMargins(STEP_PX, 0, 0, 0)
        row.setSpacing(3 * STEP_PX)
        for widget in (self.shown, self.outdated, self.strip, self.progress):
            row.addWidget(widget)
        row.addWidget(self.quiet, 1)
        finder.found.connect(self._count)
        finder.outdated.connect(self._tell_outdated)
        context.selection.changed.connect(self._count)
        epochs.changed.connect(self._show_epoch)
        culling.judged.connect(self._judged)
        self.strip.clicked.connect(self.balance_asked)
        self.outdated.clicked.connect(lambda: finder.ask())
        context.done.connect(partial(self.quiet.say, may_undo=True))
        context.undone.connect(partial(self.quiet.say, may_undo=False))
        context.said.connect(partial(self.quiet.say, may_undo=False))
        self.quiet.undo_asked.connect(context.undo)

    def _count(self) -> None:
        ids, chosen = self._context.model.ids, len(self._context.selection)
        chosen_words = f", {chosen:,} selected" if chosen > 1 else ""
        self.shown.setText(f"{len(ids):,} of {self._finder.total:,} shown{chosen_words}")

    def _tell_outdated(self, number: int) -> None:
        verb = "differs" if number == 1 else "differ"
        key = self._table.keys_text("refresh")
        self.outdated.setText(f"{count(number, 'picture')} {verb} from the filter - {key}")
        self.outdated.setToolTip("Ask the filter again")
        self.outdated.setVisible(number > 0)

    def _show_epoch(self, epoch: Epoch) -> None:
        self.strip.show_epoch(epoch)
        self._undecided = epoch.undecided
        self._show_progress()

    def _judged(self, judgement: str, _number: int) -> None:
        if judgement != rating_marks.UNRATED:
            self._pace.decided(time.monotonic())

    def _show_progress(self) -> None:
        left_s = self._pace.left_s(self._undecided)
        if not self._undecided:
            words = "all rated" if self._finder.total else ""
        else:
            time_left = f", {duration(left_s)} left" if left_s is not None else ""
            words = f"{self._undecided:,} unrated{time_left}"
        self.progress.setText(words)
