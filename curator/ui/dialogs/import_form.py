"""The choices about an import: where pictures come from, and what is kept about them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from curator.core.import_options import ImportOptions

NOTHING_CHOSEN = "Nothing chosen yet."
IN_PLACE = "Leave the files where they are and only refer to them"
SKIP_COPIES = "Leave out copies of pictures that are in the project already"
CONSENT_HINT = "Train on people only with their consent."


class ImportForm(QWidget):
    """Files or a folder, and the options; files outside the project are only ever read."""

    def __init__(self, paths: Sequence[Path] = ()) -> None:
        super().__init__()
        self.paths = list(paths)
        self.chosen = QLabel(wordWrap=True)
        self.in_place = QCheckBox(IN_PLACE)
        self.skip_copies = QCheckBox(SKIP_COPIES)
        self.skip_copies.setToolTip("Resized, cropped or edited ones too; looking takes a while.")
        self.every = QSpinBox(minimum=0, maximum=10_000)
        self.every.setSpecialValueText("only the first")
        self.every.setToolTip("Every so many frames of an animation, seconds of a video.")
        self.note, self.licence, self.consent = QLineEdit(), QLineEdit(), QLineEdit()
        self.note.setPlaceholderText("such as a site or a person")
        self.licence.setPlaceholderText("such as my own photos, CC BY 4.0")
        self.consent.setPlaceholderText(CONSENT_HINT)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow("Photos", self._choosing())
        form.addRow("", self.in_place)
        form.addRow("", self.skip_copies)
        form.addRow("Frames of animations", self.every)
        form.addRow("They come from", self.note)
        form.addRow("Licence", self.licence)
        form.addRow("Consent", self.consent)
        self._show_paths()

    def _choosing(self) -> QWidget:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        folder, files = (
            QPushButton("Folder…", autoDefault=False),
            QPushButton("Files…", autoDefault=False),
        )
        folder.clicked.connect(self._ask_folder)
        files.clicked.connect(self._ask_files)
        row.addWidget(self.chosen, 1)
        row.addWidget(folder)
        row.addWidget(files)
        holder = QWidget()
        holder.setLayout(row)
        return holder

    def _ask_folder(self) -> None:
        found = QFileDialog.getExistingDirectory(self, "A folder of photos")
        self.choose([Path(found)] if found else [])

    def _ask_files(self) -> None:
        found, _filter = QFileDialog.getOpenFileNames(self, "Photos and archives")
        self.choose([Path(one) for one in found])

    def choose(self, paths: Sequence[Path]) -> None:
        """Take these files and folders, if there are any."""
        if paths:
            self.paths = list(paths)
            self._show_paths()

    def _show_paths(self) -> None:
        first = str(self.paths[0]) if self.paths else NOTHING_CHOSEN
        more = f" and {len(self.paths) - 1:,} more" if len(self.paths) > 1 else ""
        self.chosen.setText(first + more)

    def options(self) -> ImportOptions:
        """What was chosen."""
        return ImportOptions(
            in_place=self.in_place.isChecked(),
            explode=float(self.every.value()) or None,
            note=self.note.text().strip(),
            licence=self.licence.text().strip(),
            consent=self.consent.text().strip(),
            skip_copies=self.skip_copies.isChecked(),
        )
