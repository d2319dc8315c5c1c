"""The history panel: every step of the project, the newest first, and the way to any of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from curator.core.history_steps import BEGINNING, HistoryStep, steps_of
from curator.core.readable import count, moment, when
from curator.ui.context import Context
from curator.ui.noted_list import NotedLine, NotedList
from curator.ui.refresher import Refresher
from curator.ui.theme import MUTED, STEP_PX

MOST = 500
HOW = "Enter or a double click goes to the state after a step."
MORE = f" Only the last {MOST} entries are listed."
FINAL = "can't be taken back"


class HistoryPanel(QWidget):
    """A line per step; undone ones are quiet, the present one is bold."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.list = NotedList(context.theme, "History")
        self._how = QLabel(HOW, wordWrap=True)
        self._how.setForegroundRole(MUTED)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.setSpacing(STEP_PX)
        column.addWidget(self.list, 1)
        column.addWidget(self._how)
        self.list.line_activated.connect(self._go)
        self._refresher = Refresher(self, context, self._work, self._show)

    def _work(self) -> Callable[[], Sequence[NotedLine]]:
        project = self._context.project

        def work() -> Sequence[NotedLine]:
            entries, now_s = project.history(MOST), time.time()
            return [_line(step, now_s) for step in steps_of(entries, whole=len(entries) < MOST)]

        return work

    def _show(self, lines: Sequence[NotedLine]) -> None:
        before = self.list.current()
        ids = [line.value.entry_id for line in lines]
        is_there = before is not None and before.value.entry_id in ids
        self.list.fill(lines, ids.index(before.value.entry_id) if before and is_there else -1)
        self._how.setText(HOW if BEGINNING in ids else HOW + MORE)

    def _go(self, step: HistoryStep) -> None:
        if not step.is_now:
            self._context.go_to_entry(step.entry_id)


def _line(step: HistoryStep, now_s: float) -> NotedLine:
    is_beginning = step.entry_id == BEGINNING
    note = "" if is_beginning else when(step.created, now_s)
    states = ((step.is_now, "now"), (step.undone, "undone"), (step.final, FINAL))
    state = ", ".join(words for is_so, words in states if is_so)
    about = "" if is_beginning else f"{moment(step.created)}, {count(step.changes, 'change')}"
    return NotedLine(
        step.label,
        FINAL if step.final else note,
        step,
        ", ".join(part for part in (step.label, note, state) if part),
        "\n".join(part for part in (step.label, about, state) if part),
        step.undone,
        step.is_now,
    )
