"""A box for a colour: some by name, any other typed or picked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QColorDialog, QComboBox
from typing_extensions import override

from curator.core.errors import UserError
from curator.core.steps import PICTURE

PICK = "Pick a colour…"
RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FillBox(QComboBox):
    """Holds the last text that fits."""

    chosen = Signal()

    def __init__(self, choices: Sequence[str], check: Callable[[str], str]) -> None:
        super().__init__()
        self._check, self.fill = check, choices[0]
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems([*choices, PICK])
        self.setToolTip("A name such as white, or #rrggbb")
        self.activated.connect(lambda _at: self._take())
        line = self.lineEdit()
        assert line is not None  # the box is editable
        line.editingFinished.connect(self._take)

    def show_fill(self, fill: str) -> None:
        """Show another one."""
        self.fill = fill
        self.setCurrentText(_words(fill))

    def _take(self) -> None:
        text = self.currentText().strip()
        if text == PICK:
            self.setCurrentText(_words(self.fill))
            self._pick()
            return
        if text == _words(self.fill):
            return
        try:
            fill = self._check(text)
        except UserError:
            self.setCurrentText(_words(self.fill))
            return
        self.fill = fill
        self.chosen.emit()

    def _pick(self) -> None:
        before = QColor(self.fill) if QColor.isValidColorName(self.fill) else QColor("white")
        dialog = QColorDialog(before, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(self._picked)
        dialog.open()

    def _picked(self, colour: QColor) -> None:
        self.show_fill(colour.name())
        self.chosen.emit()

    @override
    def event(self, event: QEvent) -> bool:
        """Return takes what is typed, and does not accept the tool."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() in RETURN:
            event.accept()
            return True
        return super().event(event)


def _words(fill: str) -> str:
    """What is shown for it; which picture of the project it is says the form of the step."""
    return "another picture" if fill.startswith(PICTURE) else fill
