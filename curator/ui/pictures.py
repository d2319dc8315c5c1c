"""The middle of the window: the same pictures as a grid, large in the loupe, or side by side."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from curator.ui.context import Context
from curator.ui.grid import Grid
from curator.ui.thumbnail_provider import ThumbnailProvider


class PicturesArea(QWidget):
    """Holds the views; which one is shown changes neither the filter nor the selection."""

    def __init__(self, context: Context, thumbnails: ThumbnailProvider) -> None:
        super().__init__()
        self.grid = Grid(context, thumbnails)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def show_grid(self) -> None:
        """Back to the grid."""
        self._stack.setCurrentWidget(self.grid)
        self.grid.setFocus()
