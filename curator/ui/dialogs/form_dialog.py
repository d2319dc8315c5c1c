"""A window with a form in it; what is edited there holds at once, so that it only needs closing."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.ui.forms import Form, scrolled
from curator.ui.theme import MUTED, STEP_PX

SIZE = (560, 480)


class FormDialog(QDialog):
    """Shows a form, scrolled where it is long."""

    def __init__(self, title: str, sentence: str, form: Form, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.form = form
        self.setWindowTitle(title)
        self.resize(*SIZE)
        words = QLabel(sentence, wordWrap=True)
        words.setForegroundRole(MUTED)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addWidget(form)
        column.addStretch()
        scroll = scrolled(inside)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        # Return ends the typing in a field; it does not close the window.
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        outer = QVBoxLayout(self)
        outer.setSpacing(2 * STEP_PX)
        outer.addWidget(words)
        outer.addWidget(scroll, 1)
        outer.addWidget(buttons)

    def bring_up(self) -> None:
        """Show it, in front of the others."""
        self.show()
        self.raise_()
        self.activateWindow()

    @override
    def done(self, result: int) -> None:
        self.form.finish()
        super().done(result)
