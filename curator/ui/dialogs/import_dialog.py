"""An import with its options; dropping files on the window needs none of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from curator.ui.dialogs.import_form import ImportForm

TITLE = "Import"
WIDTH_PX = 600


class ImportDialog(QDialog):
    """Asks what to import and how."""

    wanted = Signal(list, object)  # paths, ImportOptions

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH_PX)
        self.form = ImportForm()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.start = buttons.addButton("Import", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._want)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self.form)
        column.addWidget(buttons)
        self.start.setDefault(True)

    def _want(self) -> None:
        if self.form.paths:
            self.wanted.emit(self.form.paths, self.form.options())
            self.close()
