"""A form from declared fields: what is changed is marked, what is wrong is told where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from curator.core.errors import UserError
from curator.ui.field_editors import EDITORS, WheelGuard
from curator.ui.fold import Fold
from curator.ui.form_fields import FormField, in_labels
from curator.ui.theme import STEP_PX

LABEL, EDITOR, RESET = range(3)  # columns
LABEL_CHARACTERS = 16
MORE = "More"
Section = tuple[str, Sequence[FormField]]


class Form(QWidget):
    """Fields in text; `edited` tells of one whose new text fits. What doesn't fit stays there.

    `first` are shown at once, `more` below headings ("" for none) that are filled when they are
    first unfolded; the texts of all are known from the beginning. Names that a form does not have
    are passed over.
    """

    edited = Signal(str)  # the name of a field

    def __init__(self, first: Sequence[FormField], more: Sequence[Section] = ()) -> None:
        super().__init__()
        fields = [*first, *(field for _title, inside in more for field in inside)]
        self._fields = {field.name: field for field in fields}
        self._texts = {field.name: field.default for field in fields}
        self._defaults = dict(self._texts)
        self._problems: dict[str, str] = {}
        self._rows: dict[str, _Row] = {}
        self._folds: list[tuple[str, frozenset[str], Fold]] = []
        self._guard = WheelGuard(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        column.addWidget(self._page(first))
        if more:
            names = frozenset(field.name for _title, inside in more for field in inside)
            column.addWidget(self._fold(MORE, names, partial(self._sections, more)))

    def _fold(self, title: str, names: frozenset[str], make: partial[QWidget]) -> Fold:
        fold = Fold(title, make)
        self._folds.append((title, names, fold))
        return fold

    def _sections(self, sections: Sequence[Section]) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * STEP_PX, 0, 0, 0)
        column.setSpacing(0)
        for title, fields in sections:
            make = partial(self._page, fields)
            names = frozenset(field.name for field in fields)
            column.addWidget(self._fold(title, names, make) if title else make())
        self._mark_folds()
        return page

    def _page(self, fields: Iterable[FormField]) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, STEP_PX, 0, STEP_PX)
        grid.setVerticalSpacing(STEP_PX)
        grid.setHorizontalSpacing(2 * STEP_PX)
        grid.setColumnStretch(EDITOR, 1)
        grid.setColumnMinimumWidth(LABEL, LABEL_CHARACTERS * self.fontMetrics().averageCharWidth())
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

    def is_changed(self, name: str) -> bool:
        """Whether a field is not at its default."""
        return self._texts[name] != self._defaults[name]

    @property
    def has_problems(self) -> bool:
        """Whether a text stands in it that does not fit."""
        return bool(self._problems)

    def show_texts(self, texts: Mapping[str, str], defaults: Mapping[str, str]) -> None:
        """Show what fields are, and what they would be if nobody had changed them.

        A field in which one types just now, or has typed something wrong, is left alone.
        """
        self._defaults |= {name: it for name, it in defaults.items() if name in self._fields}
        self._texts |= {name: it for name, it in texts.items() if name in self._fields}
        for name in self._rows:
            self._show(name)
        self._mark_folds()

    def reset(self, name: str) -> None:
        """Put a field back to its default."""
        self._problems.pop(name, None)
        self._texts[name] = self._defaults[name]
        self._show(name)
        self._mark_folds()
        self._rows[name].editor.setFocus()
        self.edited.emit(name)

    def focus(self, name: str) -> None:
        """Put the keyboard into a field."""
        self._rows[name].editor.setFocus()

    def focused(self) -> str:
        """The field that the keyboard is in, "" for none."""
        now = self.focusWidget()
        inside = (name for name, row in self._rows.items() if now and row.editor.hasFocus())
        return next(inside, "")

    def refuse(self, name: str, sentence: str) -> None:
        """Say at a field why its text can't be taken after all."""
        self._problems[name] = in_labels(sentence)
        self._rows[name].tell(self._problems[name])

    def warn(self, name: str, sentence: str) -> None:
        """Say at a field why nothing comes of its text; `explain("")` takes that back."""
        self._rows[name].tell(in_labels(sentence))

    def finish(self) -> None:
        """Take what is being typed as if it were done."""
        for row in self._rows.values():
            row.editor.finish()

    def explain(self, sentence: str) -> bool:
        """Show what is wrong at the first field that a sentence names; False where it names none.

        With "" only texts that don't fit are still told of.
        """
        words = set(re.findall(r"\w+", sentence))
        named = [name for name in self._fields if name in words][:1]
        for name in named:
            for at in range(2):  # the outer one makes the inner ones
                for _title, names, fold in self._folds[at:]:
                    if name in names:
                        fold.unfold()
        for name, row in self._rows.items():
            told = in_labels(sentence) if name in named else ""
            row.tell(self._problems.get(name, told))
        return bool(named)

    def _take(self, name: str) -> None:
        row = self._rows[name]
        try:
            text = self._fields[name].tidy(row.editor.value_text())
        except UserError as error:
            self.refuse(name, f"{error}")
            return
        self._problems.pop(name, None)
        self._texts[name] = text
        self._show(name)
        row.tell("")
        self._mark_folds()
        self.edited.emit(name)

    def _show(self, name: str) -> None:
        row = self._rows[name]
        if name not in self._problems and not row.editor.is_busy():
            row.editor.show_text(self._texts[name])
        row.mark(self._texts[name], self._defaults[name])

    def _mark_folds(self) -> None:
        for title, names, fold in self._folds:
            count = sum(map(self.is_changed, names))
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
        self.reset = QToolButton(autoRaise=True)
        self.reset.setText("↺")
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


def scrolled(inside: QWidget) -> QScrollArea:
    """A form and what stands around it, to be scrolled up and down."""
    scroll = QScrollArea(widgetResizable=True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inside)
    return scroll
