"""A form from declared fields: what is changed is marked, what is wrong is told where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from curator.core.errors import UserError
from curator.ui.field_editors import EDITORS, WheelGuard
from curator.ui.fold import Fold
from curator.ui.form_fields import FormField, in_labels
from curator.ui.theme import STEP_PX

LABEL, EDITOR, RESET = range(3)  # columns
LABEL_CHARACTERS = 16


class Form(QWidget):
    """Fields in text. `edited` tells of one whose new text fits; a text that doesn't stays there.

    Sections are made when they are first unfolded; the texts of the others are known all the same.
    """

    edited = Signal(str)  # the name of a field

    def __init__(self, fields: Iterable[FormField] = ()) -> None:
        super().__init__()
        self._fields: dict[str, FormField] = {}
        self._texts: dict[str, str] = {}
        self._defaults: dict[str, str] = {}
        self._problems: dict[str, str] = {}
        self._rows: dict[str, _Row] = {}
        self._folds: list[tuple[str, Sequence[str], Fold]] = []
        self._guard = WheelGuard(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(STEP_PX)
        first = list(fields)
        if first:
            self._know(first)
            self._column.addWidget(self._make(first))

    def add_section(self, title: str, fields: Sequence[FormField]) -> Fold:
        """Add fields below a heading, folded."""
        self._know(fields)
        fold = Fold(title, partial(self._make, fields))
        self._folds.append((title, [field.name for field in fields], fold))
        self._column.addWidget(fold)
        return fold

    def _know(self, fields: Iterable[FormField]) -> None:
        for field in fields:
            self._fields[field.name] = field
            self._texts[field.name] = self._defaults[field.name] = field.default

    def _make(self, fields: Sequence[FormField]) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, STEP_PX, 0, STEP_PX)
        grid.setColumnMinimumWidth(LABEL, LABEL_CHARACTERS * self.fontMetrics().averageCharWidth())
        grid.setVerticalSpacing(STEP_PX)
        grid.setHorizontalSpacing(2 * STEP_PX)
        grid.setColumnStretch(EDITOR, 1)
        for at, field in enumerate(fields):
            row = self._rows[field.name] = _Row(field, grid, 2 * at, self._guard)
            row.editor.edited.connect(partial(self._take, field.name))
            row.reset.clicked.connect(partial(self.reset, field.name))
            self._show(field.name)
        return page

    # -- what stands in it

    def text(self, name: str) -> str:
        """The last text of a field that fits."""
        return self._texts[name]

    def changed_texts(self) -> dict[str, str]:
        """The fields that are not at their defaults."""
        return {name: it for name, it in self._texts.items() if it != self._defaults[name]}

    @property
    def has_problems(self) -> bool:
        """Whether a text stands in it that does not fit."""
        return bool(self._problems)

    def show_texts(self, texts: Mapping[str, str]) -> None:
        """Show texts that the program knows to fit; a field in which one types is left alone."""
        for name, text in texts.items():
            self._texts[name] = text
            self._problems.pop(name, None)
            self._show(name)
        self._mark_folds()

    def set_defaults(self, defaults: Mapping[str, str]) -> None:
        """Say what fields are when nobody changes them; those that nobody changed follow."""
        for name, default in defaults.items():
            if self._texts[name] == self._defaults[name]:
                self._texts[name] = default
            self._defaults[name] = default
            self._show(name)
        self._mark_folds()

    def reset(self, name: str) -> None:
        """Put a field back to its default."""
        self._problems.pop(name, None)
        self._texts[name] = self._defaults[name]
        self._show(name)
        self._mark_folds()
        self._rows[name].focus()
        self.edited.emit(name)

    def finish(self) -> None:
        """Take what is being typed as if it were done."""
        for row in self._rows.values():
            row.editor.finish()

    def explain(self, sentence: str) -> bool:
        """Show what is wrong at the first field that a sentence names; False where it names none.

        Without a sentence everything is right again, but for texts that don't fit.
        """
        for name in self._rows:
            self._rows[name].tell(self._problems.get(name, ""))
        words = set(re.findall(r"\w+", sentence))
        named = [name for name in self._fields if name in words]
        for name in named[:1]:
            self._open(name)
            self._rows[name].tell(in_labels(sentence))
        return bool(named)

    def _open(self, name: str) -> None:
        for _title, names, fold in self._folds:
            if name in names:
                fold.unfold()

    def _take(self, name: str) -> None:
        text = self._rows[name].editor.value_text()
        try:
            self._fields[name].check(text)
        except UserError as error:
            self._problems[name] = in_labels(str(error))
            self._rows[name].tell(self._problems[name])
            return
        self._problems.pop(name, None)
        self._texts[name] = text
        self._rows[name].mark(text, self._defaults[name])
        self._rows[name].tell("")
        self._mark_folds()
        self.edited.emit(name)

    def _show(self, name: str) -> None:
        row = self._rows.get(name)
        if row is not None and name not in self._problems and not row.is_typed_in():
            row.editor.show_text(self._texts[name])
            row.tell("")
        if row is not None:
            row.mark(self._texts[name], self._defaults[name])

    def _mark_folds(self) -> None:
        changed = self.changed_texts()
        for title, names, fold in self._folds:
            count = sum(name in changed for name in names)
            fold.set_title(f"{title} ({count} changed)" if count else title, marked=count > 0)


class _Row(QObject):
    """A field as a line of a grid: label, editor, way back; below them what is wrong."""

    def __init__(self, field: FormField, grid: QGridLayout, at: int, guard: WheelGuard) -> None:
        super().__init__(grid)
        self._field = field
        self.editor = EDITORS[field.kind](field)
        guard.watch(self.editor)
        self._label = QLabel(field.label, wordWrap=True)
        self._label.setBuddy(self.editor)
        self.reset = QToolButton(autoRaise=True, text="↺")
        self._problem = QLabel(wordWrap=True)
        self._problem.setProperty("warning", True)
        self._problem.hide()
        for widget in (self._label, self.editor):
            widget.setToolTip(field.help)
            widget.setWhatsThis(field.help)
        self.editor.setAccessibleName(field.label)
        grid.addWidget(self._label, at, LABEL)
        grid.addWidget(self.editor, at, EDITOR)
        grid.addWidget(self.reset, at, RESET)
        grid.addWidget(self._problem, at + 1, LABEL, 1, RESET + 1)
        kept = self.reset.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(kept)
        self.tell("")

    def mark(self, text: str, default: str) -> None:
        """Show whether the field is as it comes."""
        is_changed = text != default
        font = self._label.font()
        font.setBold(is_changed)
        self._label.setFont(font)
        self.reset.setVisible(is_changed)
        words = f"Back to {default}" if default else "Back to nothing"
        self.reset.setToolTip(words)
        self.reset.setAccessibleName(f"{self._field.label}: {words}")

    def tell(self, problem: str) -> None:
        """Say what is wrong, "" for nothing."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.editor.setAccessibleDescription(f"{problem} {self._field.help}".strip())

    def is_typed_in(self) -> bool:
        """Whether the person is in the middle of typing there."""
        return self.editor.is_busy()

    def focus(self) -> None:
        self.editor.setFocus()
