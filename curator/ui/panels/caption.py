"""The caption panel: what the picture's caption says, or the tags of those that are selected."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from curator.ui.caption_editor import CaptionEditor
from curator.ui.context import Context
from curator.ui.selection_editor import SelectionEditor
from curator.ui.tag_words import TagWords
from curator.ui.theme import STEP_PX


class CaptionPanel(QWidget):
    """Edits the caption of one picture tag by tag, or the tags of several."""

    left = Signal()  # the person wants back to the pictures

    def __init__(self, context: Context, words: TagWords) -> None:
        super().__init__()
        self._context = context
        self.editor = CaptionEditor(context, words)
        self.several = SelectionEditor(context, words)
        self._pages = QStackedWidget()
        for page in (self.editor, self.several):
            page.left.connect(self.left)
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.addWidget(self._pages)
        context.selection.changed.connect(self._look)

    def _look(self) -> None:
        if not self.isVisible():
            return  # whoever culls is not to wait for captions
        is_several = len(self._context.selection.meant()) > 1
        pages = self.editor, self.several
        other, now = pages if is_several else reversed(pages)
        at = QApplication.focusWidget()
        other.keep()
        now.look()
        self._pages.setCurrentWidget(now)
        if at is not None and other.isAncestorOf(at):
            self.begin()  # it goes on where one types

    def begin(self) -> None:
        """Take the keyboard."""
        page = self.several if self._pages.currentWidget() is self.several else self.editor
        page.begin()

    def keep(self) -> None:
        """Write down what was typed."""
        self.editor.keep()
        self.several.keep()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:  # which no part of it had a use for
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.keep()
