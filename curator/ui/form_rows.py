"""The lines of a form: label, editor and way back, made when they are first seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from curator.ui.field_editors import EDITORS, WheelGuard
from curator.ui.form_fields import FormField
from curator.ui.theme import STEP_PX, WARNING

LABEL, EDITOR, RESET = range(3)  # columns
LABEL_CHARACTERS = 16
AT_ONCE = 5  # lines that nobody waits for; more of them are made in slices
SLICE_S = 0.008
Offer = tuple[str, Callable[[], None]]


class FieldPage(QWidget):
    """Fields below each other. Only the wanted ones are seen, at first all.

    Where many have to be made the window stays awake, and they are shown once all are there.
    """

    made = Signal(str)  # the name of a field

    def __init__(self, fields: Sequence[FormField], guard: WheelGuard) -> None:
        super().__init__()
        self._fields = {field.name: field for field in fields}
        self._places = {field.name: at for at, field in enumerate(fields)}
        self._guard = guard
        self._wanted = frozenset(self._fields)
        self.rows: dict[str, FieldRow] = {}
        self._before: QWidget | None = None
        self._inside = QWidget()
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, STEP_PX, 0, STEP_PX)
        self._grid.setVerticalSpacing(0)
        self._grid.setHorizontalSpacing(2 * STEP_PX)
        self._grid.setColumnStretch(EDITOR, 1)
        least = LABEL_CHARACTERS * self.fontMetrics().averageCharWidth()
        self._grid.setColumnMinimumWidth(LABEL, least)
        self._grid.setColumnMinimumWidth(RESET, 5 * STEP_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._inside)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._go_on)

    def come_after(self, widget: QWidget) -> None:
        """Let Tab lead from a widget to the first field."""
        self._before = widget

    def want(self, names: Collection[str]) -> None:
        """Show these fields and no others."""
        wanted = frozenset(names) & self._fields.keys()
        if wanted == self._wanted:
            return
        before, self._wanted = self._wanted, wanted
        self._inside.hide()  # one change of the layout instead of many
        for name in (before ^ wanted) & self.rows.keys():
            self.rows[name].set_wanted(name in wanted)
        if self.isVisible():
            self._begin()
        else:
            self._inside.show()

    def row(self, name: str) -> FieldRow:
        """The line of a field, made now if need be."""
        if name not in self.rows:
            row = FieldRow(self._fields[name], self._grid, 2 * self._places[name], self._guard)
            row.set_wanted(name in self._wanted)
            self._order_tabs(name, row)
            self.rows[name] = row
            self.made.emit(name)
        return self.rows[name]

    def _order_tabs(self, name: str, row: FieldRow) -> None:
        """Let Tab lead through the lines from top to bottom, whenever they are made."""
        place = self._places[name]
        above = [it for other, it in self.rows.items() if self._places[other] < place]
        nearest = max(above, key=lambda it: it.at, default=None)
        before = nearest.last if nearest is not None else self._before
        if before is not None:
            QWidget.setTabOrder(before, row.editor)

    def _missing(self) -> list[str]:
        return [name for name in self._fields if name in self._wanted and name not in self.rows]

    def _begin(self) -> None:
        missing = self._missing()
        if len(missing) > AT_ONCE:
            self._inside.hide()
            self._soon.start()
            return
        for name in missing:
            self.row(name)
        self._inside.show()

    def _go_on(self) -> None:
        until = time.perf_counter() + SLICE_S
        missing = self._missing()
        while missing and time.perf_counter() < until:
            self.row(missing.pop(0))
        if missing:
            self._soon.start()
        else:
            self._inside.show()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._begin()


class FieldRow(QObject):
    """A field as a line of a grid: label, editor, way back; below them what is wrong."""

    reset_wanted = Signal()

    def __init__(self, field: FormField, grid: QGridLayout, at: int, guard: WheelGuard) -> None:
        super().__init__(grid)
        self._field, self._grid, self.at = field, grid, at
        self.editor = EDITORS[field.kind](field)
        guard.watch(self.editor)
        self._label = QLabel(field.label, wordWrap=True)
        self._label.setBuddy(self.editor)
        self._label.setContentsMargins(0, STEP_PX, 0, STEP_PX)
        for widget in (self._label, self.editor):
            widget.setToolTip(field.help)
            widget.setWhatsThis(field.help)
        self.editor.setAccessibleName(field.label)
        self.editor.setAccessibleDescription(field.help)
        for widget in (self._label, self.editor):
            widget.ensurePolished()  # now and not all at once when they are shown
        grid.addWidget(self._label, at, LABEL)
        grid.addWidget(self.editor, at, EDITOR)
        self._reset: QToolButton | None = None  # these two are made for those who need them
        self._trouble: _Trouble | None = None
        self._is_wanted = True
        self.lowest: QWidget = self.editor  # to be scrolled to

    @property
    def last(self) -> QWidget:
        """What Tab comes to last in the line."""
        if self._trouble is not None and self._trouble.buttons:
            return self._trouble.buttons[-1]
        return self._reset or self.editor

    def set_wanted(self, is_wanted: bool) -> None:
        """Show the line, or hide it."""
        self._is_wanted = is_wanted
        self._label.setVisible(is_wanted)
        self.editor.setVisible(is_wanted)
        if self._reset is not None:
            self._reset.setVisible(is_wanted and self._label.font().bold())
        if self._trouble is not None:
            self._trouble.setVisible(is_wanted and self._trouble.is_told)

    def mark(self, text: str, default: str) -> None:
        """Show whether the field is as it comes."""
        is_changed = text != default
        font = self._label.font()
        if font.bold() != is_changed:
            font.setBold(is_changed)
            self._label.setFont(font)
        if is_changed and self._reset is None:
            self._reset = QToolButton(autoRaise=True)
            self._reset.setText("↺")
            self._reset.clicked.connect(self.reset_wanted)
            self._grid.addWidget(self._reset, self.at, RESET)
            QWidget.setTabOrder(self.editor, self._reset)
        if self._reset is not None:
            self._reset.setVisible(is_changed and self._is_wanted)
            words = f"Back to {self._field.title_of(default)}" if default else "Back to nothing"
            self._reset.setToolTip(words)
            self._reset.setAccessibleName(f"{self._field.label}: {words}")

    def tell(self, problem: str, offers: Sequence[Offer] = ()) -> None:
        """Say what is wrong, "" for nothing, and offer ways out of it."""
        if problem and self._trouble is None:
            self._trouble = _Trouble()
            self._grid.addWidget(self._trouble, self.at + 1, LABEL, 1, RESET + 1)
        if self._trouble is not None:
            self._trouble.tell(problem, offers)
            for before, after in pairwise([self._reset or self.editor, *self._trouble.buttons]):
                QWidget.setTabOrder(before, after)
            self._trouble.setVisible(bool(problem) and self._is_wanted)
            if problem:
                self.lowest = self._trouble
        self.editor.setAccessibleDescription(f"{problem} {self._field.help}".strip())


class _Trouble(QWidget):
    """A sentence below a field, and buttons that mend it."""

    def __init__(self) -> None:
        super().__init__()
        self._words = QLabel(wordWrap=True)
        self._words.setForegroundRole(WARNING)
        self.buttons: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, STEP_PX)
        self._column.setSpacing(STEP_PX)
        self._column.addWidget(self._words)

    @property
    def is_told(self) -> bool:
        """Whether there is something to say."""
        return bool(self._words.text())

    def tell(self, problem: str, offers: Sequence[Offer]) -> None:
        """Show a sentence and its ways out."""
        self._words.setText(problem)
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = [QPushButton(text, autoDefault=False) for text, _work in offers]
        for button, (_text, work) in zip(self.buttons, offers, strict=True):
            button.clicked.connect(lambda _on=False, work=work: work())
            self._column.addWidget(button)
