"""What the numbers found in files mean: a proposal to confirm, each of them to be changed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from curator.core.ratings import JUDGEMENTS, REJECTED, Judgement, Mapped, judge, word
from curator.core.readable import count
from curator.ui.theme import MUTED, STEP_PX

TITLE = "Ratings found in files"
HOW = "Choose what each number becomes. One step of undo takes it back."
PRESETS = {
    Mapped.LITERAL: "1 primary, 2 supporting",
    Mapped.STARS: "Stars: 5 primary, 3 and 4 supporting",
    Mapped.NONE: "Leave all unrated",
}


class FoundRatingsDialog(QDialog):
    """A row per number that was found; `chosen` carries the meaning of each."""

    chosen = Signal(object)  # number -> Judgement, which Qt would not take as a map

    def __init__(
        self, parent: QWidget, counts: Mapping[int, int], mapping: str, mirrored: int = 0
    ) -> None:
        """`mirrored`: pictures whose own sidecar was written elsewhere, which needs no mapping."""
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.boxes: dict[int, QComboBox] = {}
        how = QLabel(HOW, wordWrap=True)
        how.setForegroundRole(MUTED)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(how)
        column.addLayout(self._presets())
        column.addLayout(self._table(counts, mapping))
        if mirrored:
            words = f"{mirrored:,} more were rated in other programs in Curator's own numbers."
            column.addWidget(QLabel(words, wordWrap=True))
        column.addWidget(self._end())
        self.apply_button.setDefault(True)

    def _presets(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for mapping, title in PRESETS.items():
            button = QPushButton(title, autoDefault=False)
            button.clicked.connect(lambda _on=False, mapping=mapping: self._use(mapping))
            row.addWidget(button)
        return row

    def _table(self, counts: Mapping[int, int], mapping: str) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(2, 1)
        for row, (number, times) in enumerate(sorted(counts.items())):
            title = "-1 (rejected)" if number == REJECTED else str(number)
            grid.addWidget(QLabel(title), row, 0)
            grid.addWidget(QLabel(count(times, "picture")), row, 1)
            box = QComboBox()
            box.addItems([name.capitalize() for name in JUDGEMENTS])
            box.setAccessibleName(f"{title} becomes")
            grid.addWidget(box, row, 2)
            self.boxes[number] = box
        self._use(mapping)
        return grid

    def _end(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Apply | QDialogButtonBox.StandardButton.Cancel
        )
        self.apply_button = buttons.button(QDialogButtonBox.StandardButton.Apply)
        self.apply_button.clicked.connect(self._choose)
        buttons.rejected.connect(self.close)
        return buttons

    def _use(self, mapping: str) -> None:
        for number, box in self.boxes.items():
            box.setCurrentText(word(judge(mapping, number)).capitalize())

    def meaning(self) -> dict[int, Judgement]:
        """What each number becomes, as it is chosen now."""
        return {n: JUDGEMENTS[box.currentText().lower()] for n, box in self.boxes.items()}

    def _choose(self) -> None:
        self.chosen.emit(self.meaning())
        self.close()
