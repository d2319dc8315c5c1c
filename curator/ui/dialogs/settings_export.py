"""The settings of the next run for another trainer, with what that one can't be told."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from curator.ui.theme import STEP_PX
from trainer.interop.foreign import Written

TITLE = "Export settings"
SIZE = (640, 560)
ALL = "This form says all of it."
LEFT_OUT_LINES = 6


class SettingsExportDialog(QDialog):
    """Asks for a form and shows the text; `save_wanted` and `copy_wanted` carry it."""

    form_chosen = Signal(str)
    save_wanted = Signal(str, str)  # form, text
    copy_wanted = Signal(str)

    def __init__(self, parent: QWidget, forms: Mapping[str, str]) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self.forms = QComboBox()
        for form, title in forms.items():
            self.forms.addItem(title, form)
        label = QLabel("&For")
        label.setBuddy(self.forms)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("The settings as text")
        self.text.setTabChangesFocus(True)
        self.left_out = QPlainTextEdit(readOnly=True)
        self.left_out.setAccessibleName("Left out, or written otherwise")
        self.left_out.setTabChangesFocus(True)
        self.left_out.setMaximumHeight(LEFT_OUT_LINES * self.fontMetrics().lineSpacing())
        self._lay_out(label)
        self.forms.activated.connect(lambda _at: self.ask())

    def _lay_out(self, label: QLabel) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.save = buttons.addButton("Save as…", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        self.save.clicked.connect(lambda: self.save_wanted.emit(self.form, self.text.toPlainText()))
        self.copy.clicked.connect(lambda: self.copy_wanted.emit(self.text.toPlainText()))
        buttons.rejected.connect(self.close)
        self.save.setDefault(True)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.forms, 1)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        column.addLayout(row)
        column.addWidget(self.text, 1)
        column.addWidget(QLabel("Left out, or written otherwise:"))
        column.addWidget(self.left_out)
        column.addWidget(buttons)
        self._enable(is_ready=False)

    @property
    def form(self) -> str:
        """The form that is chosen."""
        return str(self.forms.currentData())

    def ask(self) -> None:
        """Ask for the text in the form that is chosen."""
        self._enable(is_ready=False)
        self.form_chosen.emit(self.form)

    def show_written(self, form: str, written: Written) -> None:
        """Show the settings in a form, unless another one was chosen meanwhile."""
        if form == self.form:
            self.text.setPlainText(written.text)
            self.left_out.setPlainText("\n".join(written.left_out) or ALL)
            self._enable(is_ready=bool(written.text))

    def _enable(self, *, is_ready: bool) -> None:
        for button in (self.save, self.copy):
            button.setEnabled(is_ready)
