"""The tagger panel: the model, thresholds with what they make, and the scores of the picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from curator.core.model_tags import Placement, Proposing
from curator.core.tag_scores import Thresholds
from curator.core.tag_spelling import tag_key
from curator.core.tagger_choices import TaggerChoice
from curator.core.undesired import parse_undesired
from curator.ui.context import Context
from curator.ui.score_list import ScoreList
from curator.ui.tag_shift_model import AFTER, OWN, TagShiftModel
from curator.ui.theme import MUTED, STEP_PX
from curator.ui.threshold_row import ThresholdRow

PLACES = {
    Placement.AFTER: "After the tags that are there",
    Placement.BEFORE: "Before them, behind triggers",
    Placement.REPLACE: "Instead of all models' tags",
}
ORDERS = {False: "In the model's order", True: "The surest first"}
MCUT = "&MCut: each picture has its own thresholds"
MCUT_TIP = "Maximum cut: a picture's tags end where its scores fall most."
KEPT = "tagger"


class TaggerPanel(QWidget):
    """Shows and asks; `moved` tells that tags would be proposed otherwise."""

    moved = Signal()
    model_chosen = Signal()
    undesired_typed = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._own: dict[str, float] = {}
        self.model = QComboBox()
        self.model.setAccessibleName("Tagger")
        self.model.setMinimumContentsLength(12)
        self.models_button = QPushButton("Models…", autoDefault=False)
        self.look_button = QPushButton("&Look at the pictures", autoDefault=False)
        self.state = QLabel(wordWrap=True)
        self.state.setForegroundRole(MUTED)
        self.general = ThresholdRow("General", Thresholds().general)
        self.character = ThresholdRow("Characters", Thresholds().character)
        self.mcut = QCheckBox(MCUT)
        self.mcut.setToolTip(MCUT_TIP)
        self.place, self.order = QComboBox(), QComboBox()
        self.undesired = QLineEdit(placeholderText="Tags that never come, commas between them")
        self.filter = QLineEdit(placeholderText="Find a tag", clearButtonEnabled=True)
        self.shifts = TagShiftModel(context.theme)
        self.table = QTableView()
        self.picture = QLabel()
        self.scores = ScoreList(context.theme)
        self.total = QLabel(wordWrap=True)
        self.apply_button = QPushButton("&Apply", autoDefault=False)
        self._lay_out()
        self._restore()
        self._connect()

    def _lay_out(self) -> None:
        for combo, titles in ((self.place, PLACES), (self.order, ORDERS)):
            for value, title in titles.items():
                combo.addItem(title, value)
        head = QHBoxLayout()
        head.addWidget(self.model, 1)
        head.addWidget(self.models_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP_PX, STEP_PX, 2 * STEP_PX, 2 * STEP_PX)
        column.setSpacing(STEP_PX)
        column.addLayout(head)
        column.addWidget(self.state)
        column.addWidget(self.look_button)
        for widget in (self.general, self.character, self.mcut):
            column.addWidget(widget)
        form = QFormLayout()
        form.setSpacing(STEP_PX)
        form.addRow("Place", self.place)
        form.addRow("Order", self.order)
        form.addRow("Undesired", self.undesired)
        column.addLayout(form)
        column.addWidget(self._lists(), 1)
        foot = QHBoxLayout()
        foot.addWidget(self.total, 1)
        foot.addWidget(self.apply_button)
        column.addLayout(foot)

    def _lists(self) -> QSplitter:
        self.filter.setAccessibleName("Find a tag")
        table = self.table
        table.setModel(self.shifts)
        table.setAccessibleName("Tags, now and after")
        table.setSortingEnabled(True)
        table.sortByColumn(AFTER, Qt.SortOrder.DescendingOrder)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        rows = table.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + STEP_PX)
        heads = table.horizontalHeader()
        heads.setStretchLastSection(False)
        heads.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        wide = self.fontMetrics().horizontalAdvance("After 00,000")
        for section in range(1, OWN + 1):
            heads.resizeSection(section, wide * 2 // 3)
        splitter = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        for label, widget in ((self.filter, table), (self.picture, self.scores)):
            page = QWidget()
            inside = QVBoxLayout(page)
            inside.setContentsMargins(0, STEP_PX, 0, 0)
            inside.setSpacing(STEP_PX)
            inside.addWidget(label)
            inside.addWidget(widget, 1)
            widget.setMinimumHeight(4 * self.fontMetrics().height())
            splitter.addWidget(page)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        return splitter

    def _connect(self) -> None:
        for row in (self.general, self.character):
            row.moved.connect(self._told)
        self.mcut.toggled.connect(self._told)
        self.place.activated.connect(self._told)
        self.order.activated.connect(self._told)
        self.model.activated.connect(lambda _at: self.model_chosen.emit())
        self.filter.textChanged.connect(self.shifts.find)
        self.shifts.own_chosen.connect(self._choose_own)
        self.undesired.editingFinished.connect(
            lambda: self.undesired_typed.emit(self.undesired.text())
        )

    def _told(self) -> None:
        """Keep what was chosen, for all projects, and have its outcome shown."""
        for row in (self.general, self.character):
            row.setEnabled(not self.mcut.isChecked())
        how = self.proposing()
        kept = {
            "general": how.thresholds.general,
            "character": how.thresholds.character,
            "mcut": how.thresholds.mcut,
            "own": self._own,
            "place": how.placement,
            "by_score": how.by_score,
        }
        self._context.preferences.remember(KEPT, json.dumps(kept))
        self.moved.emit()

    def _restore(self) -> None:
        with suppress(ValueError, TypeError, AttributeError):  # edited by hand
            kept: dict[str, Any] = json.loads(str(self._context.preferences.remembered(KEPT, "{}")))
            self.general.set_value(float(kept.get("general", self.general.value)))
            self.character.set_value(float(kept.get("character", self.character.value)))
            self.mcut.setChecked(bool(kept.get("mcut", False)))
            self.place.setCurrentIndex(max(0, self.place.findData(kept.get("place"))))
            self.order.setCurrentIndex(int(bool(kept.get("by_score", False))))
            self._own = {str(tag): float(own) for tag, own in kept.get("own", {}).items()}
        for row in (self.general, self.character):
            row.setEnabled(not self.mcut.isChecked())

    def _choose_own(self, tag: str, own: float | None) -> None:
        if own is None:
            self._own.pop(tag_key(tag), None)
        else:
            self._own[tag_key(tag)] = own
        self._told()

    def begin(self) -> None:
        """Take the keyboard, at what one changes most."""
        self.general.slider.setFocus()

    # -- what is chosen

    def choice(self) -> TaggerChoice | None:
        """The tagger that is chosen."""
        found: TaggerChoice | None = self.model.currentData()
        return found

    def show_choices(self, choices: Sequence[TaggerChoice]) -> None:
        """Show the taggers there are; the chosen one stays chosen."""
        before = self.choice()
        if choices == [self.model.itemData(at) for at in range(self.model.count())]:
            return
        self.model.clear()
        for one in choices:
            self.model.addItem(one.title, one)
        keys = [one.key for one in choices]
        if before is not None and before.key in keys:
            self.model.setCurrentIndex(keys.index(before.key))

    def own_thresholds(self) -> dict[str, float]:
        """Thresholds of single tags, by `tag_key`."""
        return dict(self._own)

    def proposing(self) -> Proposing:
        """How scores are to become tags."""
        thresholds = Thresholds(
            self.general.value, self.character.value, self.mcut.isChecked(), dict(self._own)
        )
        return Proposing(
            thresholds,
            parse_undesired(self.undesired.text()),
            Placement(self.place.currentData()),
            bool(self.order.currentData()),
        )
