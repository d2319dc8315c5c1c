"""A new project: its name and place, and the photos it begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from curator.core.files import safe_name
from curator.core.import_options import ImportOptions
from curator.ui.dialogs.import_form import ImportForm
from curator.ui.preferences import Preferences
from curator.ui.theme import MUTED, STEP_PX, WARNING

TITLE = "New project"
HOW = "A project is a folder of its own with copies of your photos. The originals stay untouched."
NO_NAME = "Type a name."
PLACE = "projects_place"
WIDTH_PX = 600


@dataclass(frozen=True, slots=True)
class NewProject:
    """What the person wants; without `paths` the project is empty."""

    root: Path
    paths: tuple[Path, ...]
    options: ImportOptions


class NewProjectDialog(QDialog):
    """One page: Enter takes what is proposed."""

    wanted = Signal(object)  # a NewProject

    def __init__(
        self, parent: QWidget, preferences: Preferences, paths: Sequence[Path] = ()
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setWindowTitle(TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH_PX)
        self.name = QLineEdit(paths[0].stem if paths else "")
        self.name.setPlaceholderText("such as the subject or style")
        self.place = QLineEdit(str(preferences.remembered(PLACE) or _usual_place()))
        self.form = ImportForm(paths)
        self.problem = QLabel(wordWrap=True)
        self.problem.setForegroundRole(WARNING)
        self._lay_out()
        self.make.setDefault(True)
        self.name.selectAll()
        self.name.setFocus()

    def _lay_out(self) -> None:
        how = QLabel(HOW, wordWrap=True)
        how.setForegroundRole(MUTED)
        browse = QPushButton("Browse…", autoDefault=False)  # Enter is for the whole page
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.addWidget(self.place, 1)
        place.addWidget(browse)
        names = QFormLayout()
        names.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        names.addRow("Name", self.name)
        names.addRow("In", place)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.make = buttons.addButton("Make it", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._want)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setSpacing(3 * STEP_PX)
        for widget in (how, names, self.form, self.problem, buttons):
            if isinstance(widget, QFormLayout):
                column.addLayout(widget)
            else:
                column.addWidget(widget)

    def _browse(self) -> None:
        found = QFileDialog.getExistingDirectory(self, "Where projects lie", self.place.text())
        if found:
            self.place.setText(found)

    def _want(self) -> None:
        name, place = self.name.text().strip(), self.place.text().strip()
        if not name or not place:
            self.problem.setText(NO_NAME)
            return
        root = Path(place).expanduser() / safe_name(name, set())
        if root.exists() and any(root.iterdir()):
            self.problem.setText(f"{root} is not empty. Choose another name or place.")
            return
        self._preferences.remember(PLACE, place)
        self.wanted.emit(NewProject(root, tuple(self.form.paths), self.form.options()))
        self.close()


def _usual_place() -> Path:
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(documents)) / "Curator"
