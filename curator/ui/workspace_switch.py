"""The workspaces side by side, each with what waits there: "Cull 37 unrated"."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from curator.core.readable import count
from curator.ui.actions import ActionTable
from curator.ui.epoch import Epoch, EpochWatch
from curator.ui.main_window import CAPTION, CULL, PREPARE, TRAIN, MainWindow
from curator.ui.theme import Theme, palette

TITLES = {CULL: "Cull", PREPARE: "Prepare", CAPTION: "Caption", TRAIN: "Train"}


class WorkspaceSwitch(QWidget):
    """One button for each workspace, the present one pressed."""

    def __init__(
        self, window: MainWindow, table: ActionTable, epochs: EpochWatch, theme: Theme
    ) -> None:
        super().__init__()
        self._theme = theme
        self._waits: dict[str, str] = {}
        self._groups = ""
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for name, title in TITLES.items():
            button = QToolButton()
            button.setText(title)
            button.setCheckable(True)
            key = table.keys_text(f"workspace_{name}")
            button.setToolTip(f"{title} ({key})" if key else title)
            button.clicked.connect(lambda _on=False, name=name: window.go_to_workspace(name))
            self._group.addButton(button)
            self.buttons[name] = button
            row.addWidget(button)
        self._check(window.workspace)
        window.workspace_changed.connect(self._check)
        epochs.changed.connect(self._count)
        theme.changed.connect(self._dress)

    def _check(self, workspace: str) -> None:
        self.buttons[workspace].setChecked(True)
        self._dress()

    def _dress(self) -> None:
        """The present one in the accent colour."""
        colours = self._theme.colours
        for button in self.buttons.values():
            made = palette(colours)
            if button.isChecked():
                made.setColor(QPalette.ColorRole.Button, QColor(colours.accent))
                made.setColor(QPalette.ColorRole.ButtonText, QColor(colours.on_accent))
            button.setPalette(made)

    def _count(self, epoch: Epoch) -> None:
        rated = sum(group.images for group in epoch.groups)
        self._waits = {
            CULL: f"{epoch.undecided:,} unrated" if epoch.undecided else "",
            PREPARE: f"{epoch.small:,} below bucket" if epoch.small else "",
            CAPTION: f"{epoch.uncaptioned:,} without" if epoch.uncaptioned else "",
            TRAIN: count(rated, "picture") if rated else "",
        }
        self._write()

    def show_groups(self, number: int) -> None:
        """So many groups of duplicates wait."""
        self._groups = count(number, "duplicate group") if number else ""
        self._write()

    def _write(self) -> None:
        for name, button in self.buttons.items():
            groups = self._groups if name == CULL else ""
            waits = ", ".join(filter(None, (self._waits.get(name, ""), groups)))
            button.setText(f"{TITLES[name]}   {waits}".rstrip())
