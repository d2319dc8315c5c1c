"""A heading that unfolds what is below it; the inside is made when it is first unfolded."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget


class Fold(QWidget):
    """Folded at first."""

    made = Signal()  # the inside

    def __init__(self, title: str, make: Callable[[], QWidget]) -> None:
        super().__init__()
        self._make: Callable[[], QWidget] | None = make
        self.header = QToolButton(autoRaise=True)
        self.header.setCheckable(True)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setArrowType(Qt.ArrowType.RightArrow)
        self.header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.header.toggled.connect(self._unfold)
        self.header.setText(title)
        self.header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.header)
        self._inside: QWidget | None = None

    def set_title(self, title: str, marked: bool) -> None:
        """Change the heading; bold where something inside is not as it comes."""
        self.header.setText(title)
        font = self.header.font()
        font.setBold(marked)
        self.header.setFont(font)

    @property
    def is_open(self) -> bool:
        """Whether the inside is shown."""
        return self.header.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show the inside, or hide it."""
        self.header.setChecked(is_open)

    def _unfold(self, is_open: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow
        self.header.setArrowType(arrow)
        if self._make is not None:
            self._inside = self._make()
            self._make = None
            self._column.addWidget(self._inside)
            self.made.emit()
        if self._inside is not None:
            self._inside.setVisible(is_open)
