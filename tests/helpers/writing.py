"""A window with a caption being written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from curator.core.caption_edits import change_captions
from curator.ui.app import App
from curator.ui.caption_editor import CaptionEditor
from curator.ui.session import Session
from tests.helpers.windows import (
    let_work,
    press,
    session_of,
    settle,
    wait_for,
)

KEY, MOD = Qt.Key, Qt.KeyboardModifier
CAPTIONS = ("fr3d, smile, red hair, hat", "fr3d, day\nShe sits.", "", "night", "")


class At:
    """A window with a caption being written."""

    def __init__(self, app: App, root: Path) -> None:
        self.app, self.root = app, root
        self.session: Session = session_of(app)
        self.context = self.session.context
        self.project = self.context.project
        self.project.change_settings({"trigger": "fr3d", "extra_triggers": "sw0rd"})
        images = self.project.images(self.context.model.ids)
        texts = dict(zip(images, CAPTIONS, strict=False))
        self.project.apply(change_captions("Captions", texts))
        settle(self.context)
        self.context.go_to_row(0)
        press(self.session.pictures.grid, "e")
        wait_for(self.editor.line.hasFocus, "the line")

    @property
    def editor(self) -> CaptionEditor:
        return self.session.caption_parts.panel.editor

    def caption(self, row: int = 0) -> str:
        """What is on the disk."""
        let_work(1)  # Qt takes what is typed over a chip only then
        settle(self.context)
        return self.project.image(self.context.model.ids[row]).caption

    def tags(self) -> list[str]:
        """What the chips say, without triggers that are off."""
        chips = self.editor.chips.chips.chips
        return [chip.tag for chip in chips if chip.is_on]

    def choose(self, *tags: str) -> None:
        """Go to chips by keyboard and select them."""
        chips = self.editor.chips
        rows = [[chip.tag for chip in chips.chips.chips].index(tag) for tag in tags]
        chips.take_keyboard(rows[0])
        for row in rows[1:]:
            index = chips.chips.index(row)
            QTest.mouseClick(
                chips.viewport(),
                Qt.MouseButton.LeftButton,
                MOD.ControlModifier,
                chips.visualRect(index).topLeft() + QPoint(12, 8),
            )

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = MOD.NoModifier) -> None:
        """Press a key where the keyboard is."""
        widget = QGuiApplication.focusObject()
        assert isinstance(widget, QWidget)
        QTest.keyClick(widget, key, modifier)
