"""The history panel: every step of the project, the newest first, and the way to any of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from curator.core.history_steps import BEGINNING, HistoryStep, steps_of
from curator.core.readable import count, moment, when
from curator.ui.context import Context
from curator.ui.note_delegate import NOTE, QUIET, NoteDelegate
from curator.ui.refresher import Refresher
from curator.ui.theme import STEP_PX

MOST = 500
HOW = "Enter or a double click goes to the state after a step."
MORE = f" Only the last {MOST} entries are listed."
FINAL = "can't be taken back"
STEP = Qt.ItemDataRole.UserRole


class HistoryPanel(QWidget):
    """A line per step; undone ones are quiet, the present one is bold."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.list = QListWidget()
        self.list.setAccessibleName("History")
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(NoteDelegate(self.list, context.theme))
        self._how = QLabel(HOW, wordWrap=True)
        self._how.setProperty("muted", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.setSpacing(STEP_PX)
        column.addWidget(self.list, 1)
        column.addWidget(self._how)
        self.list.itemActivated.connect(self._go)
        self._refresher = Refresher(self, context, self._work, self._show)

    def _work(self) -> Callable[[], Sequence[HistoryStep]]:
        project = self._context.project

        def work() -> Sequence[HistoryStep]:
            entries = project.history(MOST)
            return steps_of(entries, whole=len(entries) < MOST)

        return work

    def _show(self, steps: Sequence[HistoryStep]) -> None:
        chosen = self.list.currentItem()
        chosen_id = chosen.data(STEP).entry_id if chosen else None
        now_s = time.time()
        self.list.clear()
        for step in steps:
            item = _item(step, now_s)
            if step.is_now:
                font = self.list.font()
                font.setBold(True)
                item.setFont(font)
            self.list.addItem(item)
            if step.entry_id == chosen_id:
                self.list.setCurrentItem(item)
        is_whole = bool(steps) and steps[-1].entry_id == BEGINNING
        self._how.setText(HOW if is_whole else HOW + MORE)

    def _go(self, item: QListWidgetItem) -> None:
        step: HistoryStep = item.data(STEP)
        if not step.is_now:
            self._context.go_to_entry(step.entry_id)


def _item(step: HistoryStep, now_s: float) -> QListWidgetItem:
    item = QListWidgetItem(step.label)
    item.setData(STEP, step)
    is_beginning = step.entry_id == BEGINNING
    note = "" if is_beginning else when(step.created, now_s)
    item.setData(NOTE, FINAL if step.final else note)
    item.setData(QUIET, step.undone)
    state = "now" if step.is_now else "undone" if step.undone else FINAL if step.final else ""
    spoken = ", ".join(part for part in (step.label, note, state) if part)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
    if not is_beginning:
        about = f"{moment(step.created)}, {count(step.changes, 'change')}"
        item.setToolTip("\n".join(part for part in (step.label, about, state) if part))
    return item
