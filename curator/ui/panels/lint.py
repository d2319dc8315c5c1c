"""The lint panel: what looks wrong in captions, the pictures that it is about, and the mending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from curator.core.caption_lint import LintFinding, LintKind
from curator.core.edits import IMAGE, SET, SETTING, Edit
from curator.core.lint_fixes import fix_all, showing
from curator.core.project_lint import lint_project
from curator.core.readable import count
from curator.core.records import Image
from curator.ui.context import Context
from curator.ui.literal_text import literal
from curator.ui.refresher import Refresher
from curator.ui.theme import MUTED, STEP_PX

READING = "Looking at the captions …"
FINE = "Nothing looks wrong in the captions."
BY_HAND = "A person has to look at this; show the pictures, and correct them."
TITLES = {
    LintKind.ENCODING: "Not in UTF-8",
    LintKind.EMPTY: "Without a caption",
    LintKind.NO_TRIGGER: "Without the trigger",
    LintKind.TOO_LONG: "Too long",
    LintKind.CONTRADICTION: "Contradictions",
    LintKind.TYPO: "Perhaps mistyped",
    LintKind.REPEATED: "The same tag twice",
    LintKind.PARENTHESES: "Parentheses",
    LintKind.IDENTICAL: "The very same caption",
}
UNCOUNTED = frozenset({LintKind.TYPO, LintKind.PARENTHESES})  # by their own words
FINDINGS = Qt.ItemDataRole.UserRole
_FIELDS = frozenset({"caption", "tag_sources", "rating", "rejected", "removed", "set_id"})


class LintPanel(QWidget):
    """Reads after edits while it is seen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.state = QLabel(READING, wordWrap=True)
        self.state.setForegroundRole(MUTED)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("What looks wrong")
        self.tree.setHeaderHidden(True)
        self.tree.setWordWrap(True)
        self.tree.setIndentation(3 * STEP_PX)
        self.about = QLabel(wordWrap=True)
        self.about.setForegroundRole(MUTED)
        self.show_button = QPushButton("Show pictures", autoDefault=False)
        self.look_button = QPushButton("Look first…", autoDefault=False)
        self.look_button.setToolTip("What mending would change, picture by picture")
        self.fix_button = QPushButton("Mend", autoDefault=False)
        buttons = QHBoxLayout()
        for button in (self.show_button, self.look_button, self.fix_button):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.setSpacing(STEP_PX)
        column.addWidget(self.state)
        column.addWidget(self.tree, 1)
        column.addWidget(self.about)
        column.addLayout(buttons)
        self._connect()
        self._refresher = Refresher(
            self, context, self._reading, self._show, _concerns, of_files=True
        )
        self._show_line()

    def _connect(self) -> None:
        self.tree.currentItemChanged.connect(lambda _item, _before: self._show_line())
        self.tree.itemActivated.connect(lambda _item: self._show_pictures())
        self.show_button.clicked.connect(self._show_pictures)
        self.look_button.clicked.connect(self._look_first)
        self.fix_button.clicked.connect(self._fix)

    def begin(self) -> None:
        """Take the keyboard."""
        self.tree.setFocus()

    def _reading(self) -> Callable[[], list[LintFinding]]:
        return partial(lint_project, self._context.project)

    # -- what is shown

    def _show(self, found: Sequence[LintFinding]) -> None:
        at = self._titles_of_current()
        folded = {top.data(0, FINDINGS)[0].kind for top in self._tops() if not top.isExpanded()}
        self.tree.blockSignals(True)
        self.tree.clear()
        for kind in TITLES:
            its = [finding for finding in found if finding.kind is kind]
            if its:
                self._add(kind, its).setExpanded(kind not in folded)
        self.tree.blockSignals(False)
        pictures = {id_ for finding in found for id_ in finding.images}
        words = f"{count(len(found), 'finding')} in {count(len(pictures), 'picture')}."
        self.state.setText(words if found else FINE)
        self._go_to(at)
        self._show_line()

    def _add(self, kind: LintKind, its: Sequence[LintFinding]) -> QTreeWidgetItem:
        pictures = {id_ for finding in its for id_ in finding.images}
        top = QTreeWidgetItem(self.tree, [f"{TITLES[kind]}   {len(pictures):,}"])
        top.setData(0, FINDINGS, list(its))
        font = self.font()
        font.setBold(True)
        top.setFont(0, font)
        for finding in its:
            number = f"   {len(finding.images):,}" if kind in UNCOUNTED else ""
            item = QTreeWidgetItem(top, [f"{finding.words}{number}"])
            item.setToolTip(0, literal(finding.words))
            item.setData(0, FINDINGS, [finding])
        return top

    def _tops(self) -> list[QTreeWidgetItem]:
        tops = (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount()))
        return [top for top in tops if top is not None]

    def _titles_of_current(self) -> tuple[LintKind | None, tuple[str, ...]]:
        found = self.current()
        is_line = len(found) == 1
        return (found[0].kind if found else None), (found[0].tags if is_line else ())

    def _go_to(self, at: tuple[LintKind | None, tuple[str, ...]]) -> None:
        """The line that the keyboard was at, its kind, or the first."""
        tops = self._tops()
        kind, tags = at
        top = next((one for one in tops if one.data(0, FINDINGS)[0].kind is kind), None)
        top = top or (tops[0] if tops else None)
        if top is None:
            return
        lines = (top.child(n) for n in range(top.childCount()))
        same = (one for one in lines if one and tags and one.data(0, FINDINGS)[0].tags == tags)
        self.tree.setCurrentItem(next(same, top))

    def _show_line(self) -> None:
        found = self.current()
        can_fix = any(finding.fix for finding in found)
        pictures = {id_ for finding in found if finding.fix for id_ in finding.images}
        self.show_button.setEnabled(bool(found))
        self.look_button.setEnabled(can_fix and len(found) == 1)
        self.fix_button.setEnabled(can_fix)
        self.fix_button.setText(f"Mend {len(pictures):,}" if can_fix else "Mend")
        self.about.setText("" if can_fix or not found else BY_HAND)

    def current(self) -> list[LintFinding]:
        """The finding of the line that the keyboard is at, or all of its kind."""
        item = self.tree.currentItem()
        return list(item.data(0, FINDINGS)) if item is not None else []

    # -- what is done

    def _ids(self) -> list[int]:
        return sorted({id_ for finding in self.current() for id_ in finding.images})

    def _show_pictures(self) -> None:
        ids = self._ids()
        if not ids:
            return
        query, number = showing(ids)
        self._context.wanted.emit(query)
        if number < len(ids):
            self._context.said.emit(f"The first {number:,} of {len(ids):,} are shown.")

    def _look_first(self) -> None:
        found = self.current()
        if len(found) == 1:
            self._context.rules_wanted.emit(list(found[0].fix), self._ids())

    def _fix(self) -> None:
        found, project = self.current(), self._context.project

        def build(images: Sequence[Image]) -> Edit:
            return fix_all(project, found, images)

        self._context.change(self._ids(), build)


def _concerns(edit: Edit) -> bool:
    return any(
        record in (SET, SETTING) or (record == IMAGE and field in _FIELDS)
        for record, field in edit.touched
    )
