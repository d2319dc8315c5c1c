"""The further fields of a form below their headings, with a search over all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.ui.field_editors import WheelGuard
from curator.ui.fold import Fold
from curator.ui.form_fields import FormField
from curator.ui.form_rows import FieldPage
from curator.ui.theme import STEP_PX

SEARCH = "Search"
TYPING_MS = 150  # of rest before what is typed is looked for
SEARCH_TIP = "In the names that sd-scripts has, in labels and in what is said about them"
CHANGED = "Changed only"
NOTHING = "Nothing is called so."
Section = tuple[str, Sequence[FormField]]


class FormSections(QWidget):
    """A heading of "" is none: its fields are just there. With several there is a search."""

    made = Signal(str)  # the name of a field

    def __init__(
        self,
        sections: Sequence[Section],
        guard: WheelGuard,
        is_changed: Callable[[str], bool],
        menu: QMenu | None,
    ) -> None:
        super().__init__()
        self._is_changed = is_changed
        self._words = {
            field.name: f"{field.name} {field.name.replace('_', ' ')} {field.label} {field.help} "
            f"{title}".casefold()
            for title, fields in sections
            for field in fields
        }
        self._shown = frozenset(self._words)
        self.pages: dict[str, FieldPage] = {}
        self._folds: dict[str, Fold] = {}
        self._is_seeking = False
        self._turns: list[Callable[[], None]] = []  # what is still to be shown, a section in each
        self._next_turn = QTimer(self, singleShot=True, interval=0)
        self._next_turn.timeout.connect(self._take_turn)
        self._open_before: set[str] = set()
        self._soon = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._soon.timeout.connect(self._seek)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, 0, 0, 0)
        column.setSpacing(0)
        self.search = _Search(placeholderText=SEARCH, clearButtonEnabled=True)
        self.changed_only = QCheckBox(CHANGED)
        self._bar_stops: list[QWidget] = []
        self.found = QLabel(wordWrap=True)
        if len(sections) > 1:
            column.addLayout(self._bar(menu))
            column.addWidget(self.found)
        self.found.hide()
        for title, fields in sections:
            column.addWidget(self._section(title, FieldPage(fields, guard)))
        self._place = {field.name: title for title, fields in sections for field in fields}
        self.show_changes()

    def _bar(self, menu: QMenu | None) -> QHBoxLayout:
        self.search.setAccessibleName("Search the options")
        self.search.setToolTip(SEARCH_TIP)
        self.search.setAccessibleDescription(SEARCH_TIP)
        self.search.textChanged.connect(lambda _text: self._soon.start())
        self.changed_only.toggled.connect(lambda _on: self._seek())
        row = QHBoxLayout()
        row.setContentsMargins(0, STEP_PX, 0, STEP_PX)
        row.setSpacing(2 * STEP_PX)
        row.addWidget(self.search, 1)
        row.addWidget(self.changed_only)
        self._bar_stops += [self.search, self.changed_only]
        if menu is not None:
            button = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setText("⋯")
            button.setAccessibleName("Settings: import, export, put back")
            button.setToolTip("Import, export, put back")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setMenu(menu)
            row.addWidget(button)
            self._bar_stops.append(button)
        return row

    def _section(self, title: str, page: FieldPage) -> QWidget:
        self.pages[title] = page
        page.made.connect(self.made)
        if not title:
            return page
        fold = self._folds[title] = Fold(title, partial(self.pages.__getitem__, title))
        page.come_after(fold.header)
        return fold

    def order_tabs(self, first: QWidget) -> None:
        """Let Tab lead from a widget through the bar and the headings, as they are made late."""
        stops = [first, *self._bar_stops, *(fold.header for fold in self._folds.values())]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
        for title, page in self.pages.items():
            if title not in self._folds:
                page.come_after(stops[0])

    def row_page(self, name: str) -> FieldPage | None:
        """The page on which a field is, None where it is another's."""
        return self.pages[self._place[name]] if name in self._place else None

    def reveal(self, name: str) -> None:
        """Let a field be seen: what is searched for is forgotten if it stands in the way."""
        if name not in self._shown:
            self.changed_only.setChecked(False)
            self.search.clear()
            self._seek()
        while self._turns:
            self._take_turn()
        if fold := self._folds.get(self._place[name]):
            fold.set_open(True)

    def show_changes(self) -> None:
        """Count anew how many fields are not as they come; what was found stays in sight."""
        counts = dict.fromkeys(self.pages, 0)
        for name, title in self._place.items():
            counts[title] += self._is_changed(name)
        for title, fold in self._folds.items():
            count = counts[title]
            fold.set_title(f"{title} ({count} changed)" if count else title, marked=count > 0)
        if self.changed_only.isChecked() and (more := self._hits() - self._shown):
            self._show(self._shown | more, self._folds.keys())

    # -- the search

    def _hits(self) -> frozenset[str]:
        wanted, changed = self.search.text().casefold().split(), self.changed_only.isChecked()
        return frozenset(
            name
            for name, words in self._words.items()
            if all(word in words for word in wanted) and (not changed or self._is_changed(name))
        )

    def _seek(self) -> None:
        self._soon.stop()
        is_seeking = bool(self.search.text().strip()) or self.changed_only.isChecked()
        if is_seeking and not self._is_seeking:
            self._open_before = {title for title, fold in self._folds.items() if fold.is_open}
        if is_seeking or self._is_seeking:
            opened = self._folds.keys() if is_seeking else self._open_before
            self._show(self._hits(), opened)
        self._is_seeking = is_seeking
        self.found.setVisible(is_seeking)

    def _show(self, names: frozenset[str], opened: Collection[str]) -> None:
        """Show these fields and unfold these headings, one after another."""
        self._shown = names
        self.found.setText(f"{len(names)} of {len(self._words)}" if names else NOTHING)
        seen = {self._place[name] for name in names}
        self._turns = [
            partial(self._show_section, title, names, title in seen, title in opened)
            for title in self.pages
        ]
        self._take_turn()

    def _take_turn(self) -> None:
        if self._turns:
            self._turns.pop(0)()
            self._next_turn.start()

    def _show_section(
        self, title: str, names: frozenset[str], is_seen: bool, is_open: bool
    ) -> None:
        self.pages[title].want(names)
        if fold := self._folds.get(title):
            fold.set_open(is_open)
        (fold or self.pages[title]).setVisible(is_seen)


class _Search(QLineEdit):
    """Escape empties it."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
