"""The caption panel: what the picture's caption says, tag by tag and in sentences."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from curator.ui.context import Context
from curator.ui.theme import STEP_PX


class CaptionPanel(QWidget):
    """Edits the caption of the picture, or the tags of those that are selected."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)

    def begin(self) -> None:
        """Take the keyboard."""
        self.setFocus()
