"""How a window that shows what it would change is laid out: wishes, the changes, a foot."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from curator.ui.theme import STEP_PX


def lay_out(
    window: QDialog, wishes: QWidget, changes: QWidget, wishes_px: int, foot: tuple[QWidget, ...]
) -> None:
    """Wishes at the left, `wishes_px` wide at first; the first of `foot` takes what is free."""
    split = QSplitter()
    split.setChildrenCollapsible(False)
    split.addWidget(wishes)
    split.addWidget(changes)
    split.setStretchFactor(1, 1)
    split.setSizes([wishes_px, window.width() - wishes_px])
    below = QHBoxLayout()
    for place, widget in enumerate(foot):
        below.addWidget(widget, int(not place))
    outer = QVBoxLayout(window)
    outer.setSpacing(2 * STEP_PX)
    outer.addWidget(split, 1)
    outer.addLayout(below)
