"""Asks by which model pictures are to be described, and what becomes of texts that are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from curator.core.describing import Detail, TextRule
from curator.core.installed_models import InstalledModel
from curator.ui.preferences import Preferences
from curator.ui.theme import MUTED, STEP_PX, WARNING

TITLE = "Describe pictures"
HOW = (
    "A model says in sentences what a picture shows. The text stands below the tags of the caption,"
    " where you can edit it; one undo takes all texts back."
)
NONE = "No captioner is there yet: press Models to download one, or to use a folder of your own."
SENT = "The pictures are sent to this address: {}. Whoever runs it can see and keep them."
DETAILS = {
    Detail.SHORT: "One sentence",
    Detail.DETAILED: "A few sentences",
    Detail.PARAGRAPH: "A paragraph",
}
RULES = {
    TextRule.EMPTY: "Only pictures without a text",
    TextRule.REPLACE: "Replace texts that are there",
    TextRule.APPEND: "Add to texts that are there",
}
WIDTH_PX = 480
ADDRESS, NAME = "caption_address", "caption_model"  # what is kept of a server; never a key


@dataclass(frozen=True, slots=True)
class Described:
    """What was asked for. `folder` None: by the server at `address`."""

    folder: Path | None
    address: str
    model: str
    prompt: str
    key: str = field(repr=False)
    detail: Detail
    rule: TextRule


class DescribeDialog(QDialog):
    """`asked` tells of a Described; the pictures are those meant when the button is pressed."""

    asked = Signal(object)
    models_asked = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setWindowTitle(TITLE)
        self.here = QRadioButton("On this &machine")
        self.there = QRadioButton("By a &server at an address (OpenAI's chat protocol)")
        self.model = QComboBox()
        self.model.setAccessibleName("Captioner")
        self.models_button = QPushButton("Models…", autoDefault=False)
        self.none = QLabel(NONE, wordWrap=True)
        self.address = QLineEdit(placeholderText="http://localhost:11434/v1")
        self.name = QLineEdit(placeholderText="The model's name there")
        self.prompt = QLineEdit(placeholderText="As it comes, after what is chosen below")
        self.key = QLineEdit(placeholderText="None; it is forgotten when the program ends")
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.sent = QLabel(wordWrap=True)
        self.problem = QLabel(wordWrap=True)
        self.detail, self.rule = QComboBox(), QComboBox()
        self.start_button = QPushButton("&Describe", default=True)
        self.close_button = QPushButton("&Close", autoDefault=False)
        self._lay_out()
        self._connect()
        self.here.setChecked(True)
        self.address.setText(str(preferences.remembered(ADDRESS, "")))
        self.name.setText(str(preferences.remembered(NAME, "")))
        self._show_place()

    def _lay_out(self) -> None:
        self.setFixedWidth(WIDTH_PX)
        how = QLabel(HOW, wordWrap=True)
        how.setForegroundRole(MUTED)
        for label in (self.sent, self.problem):
            label.setForegroundRole(WARNING)
        for combo, titles in ((self.detail, DETAILS), (self.rule, RULES)):
            for value, title in titles.items():
                combo.addItem(title, value)
        form = QFormLayout()
        form.addRow("Say", self.detail)
        form.addRow("Texts", self.rule)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.start_button)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(how)
        column.addWidget(self.here)
        column.addLayout(self._models())
        column.addWidget(self.none)
        column.addWidget(self.there)
        column.addLayout(self._server())
        column.addWidget(self.sent)
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addLayout(buttons)

    def _models(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addSpacing(5 * STEP_PX)
        row.addWidget(self.model, 1)
        row.addWidget(self.models_button)
        return row

    def _server(self) -> QFormLayout:
        form = QFormLayout()
        form.setContentsMargins(5 * STEP_PX, 0, 0, 0)
        for title, line in zip(("Address", "Model", "Prompt", "Key"), self._lines(), strict=True):
            form.addRow(title, line)
        return form

    def _lines(self) -> tuple[QLineEdit, ...]:
        """What a server is about."""
        return self.address, self.name, self.prompt, self.key

    def _connect(self) -> None:
        self.here.toggled.connect(self._show_place)
        self.address.textChanged.connect(self._show_place)
        self.models_button.clicked.connect(self.models_asked)
        self.start_button.clicked.connect(self._ask)
        self.close_button.clicked.connect(self.close)

    def _show_place(self) -> None:
        here = self.here.isChecked()
        for widget in (self.model, self.models_button):
            widget.setEnabled(here)
        for line in self._lines():
            line.setEnabled(not here)
        address = self.address.text().strip()
        self.none.setVisible(here and not self.model.count())
        self.sent.setText(SENT.format(address))
        self.sent.setVisible(not here and bool(address))
        self.start_button.setEnabled(bool(self.model.count()) if here else bool(address))
        self.complain("")

    def bring_up(self, number: int, captioners: Sequence[InstalledModel]) -> None:
        """Show it in front; `number`: how many pictures are meant now."""
        self.offer(captioners)
        self.start_button.setText(f"&Describe {number:,} picture{'' if number == 1 else 's'}")
        self.show()
        self.raise_()
        self.activateWindow()

    def offer(self, captioners: Sequence[InstalledModel]) -> None:
        """Have one of these chosen; the chosen one stays chosen."""
        kept = self.model.currentData()
        self.model.clear()
        for one in captioners:
            self.model.addItem(one.title, one.path)
        self.model.setCurrentIndex(max(0, self.model.findData(kept)))
        self._show_place()

    def complain(self, why: str) -> None:
        """Say what is wrong with what was entered."""
        self.problem.setText(why)
        self.problem.setVisible(bool(why))

    def _ask(self) -> None:
        here = self.here.isChecked()
        address, name = self.address.text().strip(), self.name.text().strip()
        self._preferences.remember(ADDRESS, address)
        self._preferences.remember(NAME, name)
        self.asked.emit(
            Described(
                self.model.currentData(Qt.ItemDataRole.UserRole) if here else None,
                address,
                name,
                self.prompt.text().strip(),
                self.key.text().strip(),
                Detail(self.detail.currentData()),
                TextRule(self.rule.currentData()),
            )
        )
