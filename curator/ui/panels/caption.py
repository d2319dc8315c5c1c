"""The caption panel: what the picture's caption says, tag by tag and in sentences."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from curator.ui.caption_editor import CaptionEditor
from curator.ui.context import Context
from curator.ui.tag_words import TagWords
from curator.ui.theme import STEP_PX


class CaptionPanel(QWidget):
    """Edits the caption of the picture, or the tags of those that are selected."""

    left = Signal()  # the person wants back to the pictures

    def __init__(self, context: Context, words: TagWords) -> None:
        super().__init__()
        self._context = context
        self.editor = CaptionEditor(context, words)
        self.editor.left.connect(self.left)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.addWidget(self.editor)
        context.selection.changed.connect(self._look)
        self._look()

    def _look(self) -> None:
        self.editor.look()

    def begin(self) -> None:
        """Take the keyboard."""
        self.editor.begin()

    def keep(self) -> None:
        """Write down what was typed."""
        self.editor.keep()
