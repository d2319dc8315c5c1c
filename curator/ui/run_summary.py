"""What a training will be, in plain sentences, before it is started."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from curator.core.balance import groups_of
from curator.core.balance_rules import fix_outweighed
from curator.core.edits import Edit
from curator.core.findings import Finding
from curator.core.readable import count
from curator.core.run_preview import RunPreview
from curator.core.view import ProjectView
from curator.ui.context import Context
from curator.ui.theme import PLAIN, STEP_PX, WARNING

FIX, FIX_TIP = "Fix", "Let primaries weigh double"
SHOW, SHOW_TIP = "Show", "Show just these pictures"
SELECT, SELECT_TIP = "Select", "Select these pictures"


class RunSummaryView(QWidget):
    """Counts from the real batch plan, and what one should know, with a button where one helps."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.words = QLabel(wordWrap=True)
        self._notes = QVBoxLayout()
        self._notes.setSpacing(STEP_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(self.words)
        column.addLayout(self._notes)

    def show_preview(self, preview: RunPreview | None) -> None:
        """Show a preview; None where the options allow none."""
        self.words.setText("\n".join(summary_words(preview)) if preview else "")
        while (item := self._notes.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for finding in preview.findings if preview and preview.images else ():
            self._notes.addWidget(self._note(finding))

    def _note(self, finding: Finding) -> QWidget:
        note = QWidget()
        row = QHBoxLayout(note)
        row.setContentsMargins(0, 0, 0, 0)
        words = QLabel(finding.text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        words.setForegroundRole(WARNING if finding.fixable else PLAIN)
        row.addWidget(words, 1)
        if finding.fixable:
            row.addWidget(_button(FIX, FIX_TIP, self._fix))
        elif finding.query:
            row.addWidget(_button(SHOW, SHOW_TIP, lambda: self._context.wanted.emit(finding.query)))
        elif finding.images:
            row.addWidget(_button(SELECT, SELECT_TIP, lambda: self._select(finding.images)))
        return note

    def _fix(self) -> None:
        project = self._context.project
        self._context.read(lambda: balance_fix(project), self._context.submit)

    def _select(self, images: tuple[int, ...]) -> None:
        shown = set(images).intersection(self._context.model.ids)
        first = next((one for one in self._context.model.ids if one in shown), None)
        self._context.selection.choose(shown, first)


def _button(text: str, tip: str, work: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleDescription(tip)
    button.clicked.connect(work)
    return button


def balance_fix(project: ProjectView) -> Edit:
    """The edit that lets primaries weigh double in a project as it is now."""
    sets = project.sets()
    groups = groups_of(project.group_counts(), {one.id: one for one in sets})
    return fix_outweighed(project.stored_settings(), sets, groups, project.settings)


def summary_words(preview: RunPreview) -> Iterable[str]:
    """The counts in sentences."""
    if not preview.images:
        return
    reg = f", and {preview.reg_images:,} for regularization" if preview.reg_images else ""
    yield (
        f"{count(preview.images, 'picture')}{reg}; captions found"
        f" {preview.captioned:,} of {preview.images:,}."
    )
    yield (
        f"{count(preview.steps_per_epoch, 'step')} an epoch,"
        f" {preview.steps:,} in {count(preview.epochs, 'epoch')}."
    )
    yield f"Primaries are {float(preview.primary_share) * 100:.0f} % of what an epoch shows."
