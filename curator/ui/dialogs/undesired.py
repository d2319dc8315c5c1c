"""The undesired tags of the project: typed or pasted, counted, and removed where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.core.captions import join_tags
from curator.core.edits import SETTING, Edit
from curator.core.readable import count
from curator.core.undesired import (
    Preset,
    delete_undesired,
    parse_undesired,
    presets,
    undesired_text,
)
from curator.core.undesired_hits import Hit, hits
from curator.ui.context import Context
from curator.ui.noted_list import NotedLine, NotedList
from curator.ui.theme import MUTED, STEP_PX

TITLE = "Undesired tags"
HOW = (
    "A tagger never proposes these. Paste a list as it is, with commas or lines, blanks or"
    " underscores; * stands for anything. What is in captions already stays until you remove it."
)
PLACEHOLDER = "watermark, artist name, *_(artwork)"
NONE = "The list is empty."
SIZE_PX = (640, 420)
REST_MS = 300


class UndesiredDialog(QDialog):
    """The list at the left, how many pictures each of its tags is in at the right."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(TITLE)
        self.resize(*SIZE_PX)
        self.text = QPlainTextEdit(placeholderText=PLACEHOLDER)
        self.text.setAccessibleName(TITLE)
        self.text.setTabChangesFocus(True)
        self.text.installEventFilter(self)
        self.found = NotedList(context.theme, "Pictures that have them")
        self.total = QLabel(NONE, wordWrap=True)
        self.presets_button = QPushButton("Add a preset", autoDefault=False)
        self.presets_menu = QMenu(self)
        self.presets_menu.setToolTipsVisible(True)
        for preset in presets():
            action = self.presets_menu.addAction(preset.title, partial(self._add, preset))
            action.setToolTip(f"{preset.description}\n{join_tags(preset.tags)}")
        self.presets_button.setMenu(self.presets_menu)
        self.remove_button = QPushButton("Remove them now…", autoDefault=False)
        self.close_button = QPushButton("Close", autoDefault=False)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._lay_out()
        self._rest.timeout.connect(self._look)
        self.text.textChanged.connect(self._rest.start)
        self.remove_button.clicked.connect(self._remove)
        self.close_button.clicked.connect(self.close)
        self.found.line_activated.connect(self._show_pictures)
        context.edited.connect(self._hear)

    def _lay_out(self) -> None:
        how = QLabel(HOW, wordWrap=True)
        how.setForegroundRole(MUTED)
        middle = QHBoxLayout()
        middle.addWidget(self.text, 3)
        middle.addWidget(self.found, 2)
        buttons = QHBoxLayout()
        buttons.addWidget(self.presets_button)
        buttons.addStretch(1)
        buttons.addWidget(self.remove_button)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(how)
        column.addLayout(middle, 1)
        column.addWidget(self.total)
        column.addLayout(buttons)

    def bring_up(self) -> None:
        """Show it, in front of the others."""
        self._read()
        self.show()
        self.raise_()
        self.activateWindow()
        self.text.setFocus()

    # -- the list

    def tags(self) -> tuple[str, ...]:
        """What is typed."""
        return parse_undesired(self.text.toPlainText())

    def _read(self) -> None:
        kept = self._context.project.settings.undesired
        if undesired_text(self.tags()) != kept:
            self.text.setPlainText(kept)
        self._look()

    def _hear(self, edit: Edit) -> None:
        if not self.isVisible():
            return
        if (SETTING, "undesired") in edit.touched:
            if not self.text.document().isModified():
                self._read()
        else:
            self._rest.start()

    def _keep(self) -> None:
        """Take what was typed into the project's settings; what is only shown is not written."""
        if self.text.document().isModified():
            self.text.document().setModified(False)
            self._context.change_settings({"undesired": undesired_text(self.tags())})

    def _add(self, preset: Preset) -> None:
        self.text.setPlainText(undesired_text([*self.tags(), *preset.tags]))
        self.text.document().setModified(True)
        self._keep()

    # -- where they are

    def _look(self) -> None:
        project, tags = self._context.project, self.tags()
        self._context.read(lambda: hits(project, tags), self._show, key="undesired-hits")

    def _show(self, found: Sequence[Hit]) -> None:
        self.found.fill([_line(hit) for hit in found])
        there = sum(hit.pictures > 0 for hit in found)
        words = f"{there:,} of {count(len(found), 'tag')} stand in captions."
        self.total.setText(words if found else NONE)
        self.remove_button.setEnabled(there > 0)

    def _show_pictures(self, query: str) -> None:
        if query:
            self._context.wanted.emit(query)

    def _remove(self) -> None:
        self._keep()
        self._context.rules_wanted.emit([delete_undesired(self.tags())], None)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.text and event.type() == QEvent.Type.FocusOut:
            self._keep()
        return super().eventFilter(watched, event)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._keep()
        super().hideEvent(event)


def _line(hit: Hit) -> NotedLine:
    spoken = f"{hit.tag}, {count(hit.pictures, 'picture')}"
    is_quiet = not hit.pictures
    return NotedLine(hit.tag, f"{hit.pictures:,}", hit.query, spoken, is_quiet=is_quiet)
