"""A form from declared fields: what is changed is marked, what is wrong is told where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from curator.core.errors import UserError
from curator.core.mending import Mend
from curator.ui.field_editors import WheelGuard
from curator.ui.fold import Fold
from curator.ui.form_fields import FormField, in_labels
from curator.ui.form_rows import FieldPage, FieldRow, Offer
from curator.ui.form_sections import FormSections, Section
from curator.ui.theme import STEP_PX

MORE = "More"
SETTLED_MS, TRIES = 250, 8  # until new lines are there


class Form(QWidget):
    """Fields in text; `edited` tells of one whose new text fits. What doesn't fit stays there.

    `first` are shown at once, `more` below headings ("" for none) that are filled when they are
    first unfolded, with `menu` beside the search; the texts of all are known from the beginning.
    Names that a form does not have are passed over.
    """

    edited = Signal(str)  # the name of a field
    refused = Signal()  # a text that does not fit

    def __init__(
        self,
        first: Sequence[FormField],
        more: Sequence[Section] = (),
        menu: QMenu | None = None,
    ) -> None:
        super().__init__()
        fields = [*first, *(field for _title, inside in more for field in inside)]
        self._fields = {field.name: field for field in fields}
        self._texts = {field.name: field.default for field in fields}
        self._defaults = dict(self._texts)
        self._problems: dict[str, str] = {}
        self._rows: dict[str, FieldRow] = {}  # those that are made
        self._last = ""  # edited
        self._explained = ""
        self._guard = WheelGuard(self)
        self._more_names = [field.name for _title, inside in more for field in inside]
        self.sections: FormSections | None = None  # made when they are first unfolded
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        self._first = FieldPage(first, self._guard)
        self._first.made.connect(self._take_row)
        for field in first:
            self._first.row(field.name)
        column.addWidget(self._first)
        self._fold = Fold(MORE, partial(self._make_sections, more, menu)) if more else None
        if self._fold is not None:
            column.addWidget(self._fold)
            self._fold.made.connect(self._order_tabs)

    def _make_sections(self, more: Sequence[Section], menu: QMenu | None) -> QWidget:
        self.sections = FormSections(more, self._guard, self.is_changed, menu)
        self.sections.made.connect(self._take_row)
        return self.sections

    def _order_tabs(self) -> None:
        if self._fold is not None and self.sections is not None:
            self.sections.order_tabs(self._fold.header)

    def _take_row(self, name: str) -> None:
        page = self._page(name)
        row = self._rows[name] = page.rows[name]
        row.editor.edited.connect(partial(self._take, name))
        row.reset_wanted.connect(partial(self.reset, name))
        self._show(name)
        row.tell(self._problems.get(name, ""))

    def _page(self, name: str) -> FieldPage:
        page = self.sections.row_page(name) if self.sections is not None else None
        return page or self._first

    def _reveal(self, name: str) -> FieldRow:
        """The line of a field, unfolded."""
        if name in self._more_names and self._fold is not None:
            self._fold.set_open(True)
            if self.sections is not None:
                self.sections.reveal(name)
        return self._page(name).row(name)

    def search(self) -> None:
        """Unfold the further fields, and let the person search in them."""
        if self._fold is not None:
            self._fold.set_open(True)
        if self.sections is not None:
            self.sections.search.setFocus()
            self.sections.search.selectAll()

    # -- what stands in it

    def text(self, name: str) -> str:
        """The last text of a field that fits."""
        return self._texts[name]

    def is_changed(self, name: str) -> bool:
        """Whether a field is not at its default."""
        return self._texts[name] != self._defaults[name]

    @property
    def problem(self) -> str:
        """Why a text that stands in it does not fit, "" where all do."""
        return next(iter(self._problems.values()), "")

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
        self._last = name
        self._rows[name].editor.setFocus()
        self.edited.emit(name)

    @property
    def changed_further(self) -> list[str]:
        """The further fields that are not at their defaults."""
        return [name for name in self._more_names if self.is_changed(name)]

    def put(self, texts: Mapping[str, str]) -> None:
        """Put fields to texts that fit, as if the person had; nothing is told of it."""
        for name in texts:
            self._problems.pop(name, None)
            if name in self._rows:
                self._rows[name].tell("")
        self.show_texts(texts, {})

    def put_back(self, names: Sequence[str]) -> None:
        """Put fields back to their defaults, as `put` does."""
        self.put({name: self._defaults[name] for name in names})

    def focus(self, name: str) -> None:
        """Put the keyboard into a field."""
        self._reveal(name).editor.setFocus()

    def focused(self) -> str:
        """The field that the keyboard is in, "" for none."""
        now = self.focusWidget()
        inside = (name for name, row in self._rows.items() if now and row.editor.hasFocus())
        return next(inside, "")

    def refuse(self, name: str, sentence: str) -> None:
        """Say at a field why its text can't be taken after all."""
        self._problems[name] = in_labels(sentence)
        self._rows[name].tell(self._problems[name])
        self.refused.emit()

    def warn(self, name: str, sentence: str) -> None:
        """Say at a field why nothing comes of its text; `explain("")` takes that back."""
        self._rows[name].tell(in_labels(sentence))

    def finish(self) -> None:
        """Take what is being typed as if it were done."""
        for row in self._rows.values():
            row.editor.finish()

    def explain(self, sentence: str, mends: Sequence[Mend] = ()) -> bool:
        """Show what is wrong at one of the fields that a sentence names; False if it names none.

        That is the one that was edited last, else the first. With "" only texts that don't fit are
        still told of. `mends` are offered there.
        """
        named = [word for word in re.findall(r"\w+", sentence) if word in self._fields]
        named = [name for name in named if name == self._last] or named
        for name in named[:1]:
            self._reveal(name)
            if sentence != self._explained:
                QTimer.singleShot(SETTLED_MS, self, partial(self._scroll_to, name, sentence))
        self._explained = sentence
        for name, row in self._rows.items():
            if name in self._problems:
                row.tell(self._problems[name])
            elif name in named[:1]:
                row.tell(in_labels(sentence), [*self._offers(mends)])
            else:
                row.tell("")
        return bool(named)

    def _scroll_to(self, name: str, sentence: str, tries: int = TRIES) -> None:
        """Have what is told at a field be seen, once the lines around it are there."""
        if sentence != self._explained or not self.isVisible():
            return
        lowest = self._rows[name].lowest
        if not lowest.isVisible():
            if tries:
                again = partial(self._scroll_to, name, sentence, tries - 1)
                QTimer.singleShot(SETTLED_MS, self, again)
            return
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(lowest)

    def _offers(self, mends: Sequence[Mend]) -> Iterable[Offer]:
        for mend in mends:
            if field := self._fields.get(mend.option):
                text = f"Set “{field.label}” to {field.title_of(mend.text)}"
                yield text, partial(self._mend, mend)

    def _mend(self, mend: Mend) -> None:
        self.put({mend.option: mend.text})
        self._last = mend.option
        self._reveal(mend.option).editor.setFocus()
        self.edited.emit(mend.option)

    def _take(self, name: str) -> None:
        row = self._rows[name]
        try:
            text = self._fields[name].tidy(row.editor.value_text())
        except UserError as error:
            self.refuse(name, f"{error}")
            return
        self._problems.pop(name, None)
        self._texts[name], self._last = text, name
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
        if self._fold is not None:
            count = len(self.changed_further)
            self._fold.set_title(f"{MORE} ({count} changed)" if count else MORE, marked=count > 0)
        if self.sections is not None:
            self.sections.show_changes()


def scrolled(inside: QWidget) -> QScrollArea:
    """A form and what stands around it, to be scrolled up and down."""
    scroll = QScrollArea(widgetResizable=True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inside)
    return scroll
