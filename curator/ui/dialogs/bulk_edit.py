"""Many captions changed by rules: shown before picture by picture, applied as one step to undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.core.caption_diffs import CaptionDiff, edit_of
from curator.core.caption_marks import marks_of
from curator.core.caption_preview import Preview, RuleRefused
from curator.core.edits import Edit
from curator.core.readable import count
from curator.core.records import Image
from curator.core.rule_context import CaptionRule
from curator.ui.bulk_preview import BulkPreview
from curator.ui.context import Context
from curator.ui.dialogs.preview_layout import lay_out
from curator.ui.diff_list import DiffView
from curator.ui.diff_tags import DiffTags
from curator.ui.forms import scrolled
from curator.ui.mark_painting import marks_html
from curator.ui.recipe_menu import RecipeMenu
from curator.ui.rule_list import RuleLine, RuleList
from curator.ui.scopes import Scope
from curator.ui.theme import STEP_PX
from curator.ui.thumbnail_provider import ThumbnailProvider

TITLE = "Edit many captions"
SIZE_PX = (1080, 680)
RULES_PX = 340
WORKING = "Looking what would change …"
NO_RULES = "No rule yet."
NOTHING = "Nothing would change. No rule touches a trigger."
LINES = 4  # of the whole caption that are seen at once


class BulkEditWindow(QDialog):
    """Rules at the left, what they would do at the right; stays open beside the window."""

    def __init__(self, context: Context, thumbnails: ThumbnailProvider, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._found: Preview | None = None
        self._given: Sequence[int] | None = None  # pictures to work on instead of a scope
        self.setWindowTitle(TITLE)
        self.resize(*SIZE_PX)
        self.preview = BulkPreview(context, self)
        self.scope = QComboBox()
        self.scope.setAccessibleName("Whose captions")
        self.rules = RuleList()
        self.recipes = RecipeMenu(context)
        self.diffs = DiffView(context, thumbnails)
        self.tags = DiffTags(context.theme)
        self.whole = QLabel(wordWrap=True)
        self.whole.setTextFormat(Qt.TextFormat.RichText)
        self.whole.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.whole.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.whole.setMargin(STEP_PX)
        self.total = QLabel(NO_RULES, wordWrap=True)
        self.pages = QTabWidget()
        self.apply = QPushButton("Apply", autoDefault=False)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.apply.click)
        self.apply.setToolTip("Apply (Ctrl+Return)")
        self.close_button = QPushButton("Close", autoDefault=False)
        self._lay_out()
        self._connect()
        self._write_scopes()

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 2 * STEP_PX, 0)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(self.scope)
        column.addWidget(self.recipes)
        column.addWidget(self.rules, 1)
        self.pages.addTab(self._pictures(), "Pictures")
        self.pages.addTab(self.tags, "Tags")
        foot = self.total, self.close_button, self.apply
        lay_out(self, left, self.pages, RULES_PX, foot)

    def _pictures(self) -> QWidget:
        """The list, and below it the whole caption of the line that is looked at."""
        whole = scrolled(self.whole)
        whole.setFixedHeight(LINES * self.fontMetrics().lineSpacing() + STEP_PX)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP_PX)
        column.addWidget(self.diffs, 1)
        column.addWidget(whole)
        return page

    def _connect(self) -> None:
        self.recipes.loaded.connect(lambda recipe: self._take_rules(recipe.rules))
        self.recipes.name_given.connect(lambda name: self.recipes.keep(name, self.rules.rules()))
        self.rules.changed.connect(lambda: self.preview.use(self.rules.rules()))
        self.scope.activated.connect(lambda _at: self._choose_scope())
        self.preview.begun.connect(self._show_working)
        self.preview.shown.connect(self._show)
        self.preview.refused.connect(self._explain)
        self.diffs.current_changed.connect(self._show_whole)
        self.diffs.diffs.left_out_changed.connect(self._count)
        self.tags.left_out_changed.connect(lambda: self.preview.leave_tags(self.tags.left_out))
        self.apply.clicked.connect(self._apply)
        self.close_button.clicked.connect(self.close)
        self._context.theme.changed.connect(self._show_whole)
        self._context.selection.changed.connect(self._write_scopes)
        self._context.model.modelReset.connect(self._write_scopes)

    # -- what is asked for

    def bring_up(
        self, rules: Sequence[CaptionRule] | None = None, ids: Sequence[int] | None = None
    ) -> None:
        """Show it, in front of the others; with these rules and pictures where they are given."""
        if rules is not None:
            self._given = ids
            self._take_rules(rules)
            self._write_scopes()
            self.scope.setCurrentIndex(self.scope.findData("given" if ids else Scope.ALL))
            self._choose_scope()
        self.show()
        self.raise_()
        self.activateWindow()
        self.rules.begin()

    def _take_rules(self, rules: Sequence[CaptionRule]) -> None:
        """Work with these, and leave nothing out."""
        self._leave_nothing_out()
        self.rules.show_lines([RuleLine(rule) for rule in rules])

    def _leave_nothing_out(self) -> None:
        self.diffs.diffs.left_out = set()
        self.tags.changes.left_out = set()
        self.preview.tags_left_out = frozenset()

    def _write_scopes(self) -> None:
        """The choices, as many pictures as each has now; what was chosen stays chosen."""
        chosen = self.scope.currentData() or Scope.ALL
        selected, shown = len(self._context.selection.meant()), len(self._context.model.ids)
        titles: dict[object, str] = {
            Scope.ALL: "All pictures of the project",
            Scope.SHOWN: f"What is shown ({count(shown, 'picture')})",
            Scope.SELECTED: f"What is selected ({count(selected, 'picture')})",
        }
        if self._given is not None:
            titles["given"] = f"These {count(len(self._given), 'picture')}"
        self.scope.clear()
        for value, title in titles.items():
            self.scope.addItem(title, value)
        self.scope.setCurrentIndex(max(self.scope.findData(chosen), 0))

    def _choose_scope(self) -> None:
        scope = self.scope.currentData()
        if scope == "given":
            self.preview.choose_scope(Scope.ALL, self._given)
        else:
            self.preview.choose_scope(scope)

    # -- what comes of it

    def _show_working(self) -> None:
        self.total.setText(WORKING)
        self.apply.setEnabled(False)

    def _show(self, found: Preview) -> None:
        self._found = found
        self.rules.show_counts(found.changed_by)
        self.diffs.fill(found.images, found.diffs)
        self.tags.fill(found.counts)
        changes = len(found.counts.removed) + len(found.counts.added)
        self.pages.setTabText(1, f"Tags ({changes:,})" if changes else "Tags")
        self._count()

    def _explain(self, error: BaseException) -> None:
        self._found = None
        self.diffs.fill([], [])
        self.apply.setEnabled(False)
        if isinstance(error, RuleRefused):
            self.rules.explain(error.at, f"{error}")
            self.total.setText(error.message)
        else:
            self.total.setText("")
            self._context.tell_error(error)

    def _count(self) -> None:
        wanted, found = len(self.diffs.diffs.wanted()), self._found
        all_of = len(found.diffs) if found is not None else 0
        self.pages.setTabText(0, f"Pictures ({all_of:,})" if all_of else "Pictures")
        if found is not None and all_of:
            tags = f"{count(found.gone, 'tag')} removed, {found.come:,} added"
            left = f" {count(all_of - wanted, 'picture')} left out." if wanted < all_of else ""
            self.total.setText(f"{count(all_of, 'caption')} would change: {tags}.{left}")
        else:
            self.total.setText(NOTHING if self.rules.rules() else NO_RULES)
        self.apply.setText(f"Apply to {count(wanted, 'picture')}" if wanted else "Apply")
        self.apply.setEnabled(bool(wanted))

    def _show_whole(self) -> None:
        line = self.diffs.current()
        if line is None:
            self.whole.setText("")
            return
        html = marks_html(marks_of(line.diff), self._context.theme.colours)
        self.whole.setText(html)

    def _apply(self) -> None:
        if self.rules.finish():
            return  # what comes of the last letters is to be seen first
        diffs = self.diffs.diffs.wanted()
        if diffs:
            self._context.change([diff.image_id for diff in diffs], _builder(diffs))
            self._leave_nothing_out()  # it was said about this once
            self.close()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.preview.want(True)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.preview.want(False)


def _builder(diffs: Sequence[CaptionDiff]) -> Callable[[Sequence[Image]], Edit]:
    def build(images: Sequence[Image]) -> Edit:
        """One edit of the captions as they are then."""
        return edit_of(f"Edit {count(len(diffs), 'caption')}", diffs, images)

    return build
