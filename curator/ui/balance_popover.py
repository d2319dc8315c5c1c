"""The balance: what an epoch is made of, by rating and by set, with repeats by hand or by rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.core.balance_rules import Repeats, apply_repeats, fix_outweighed, steps_per_set, weigh
from curator.core.edits import Edit, change_set
from curator.ui import rating_marks
from curator.ui.context import Context
from curator.ui.epoch import Epoch, EpochWatch, read_epoch
from curator.ui.share_rows import ShareRows
from curator.ui.theme import MUTED, STEP_PX, WARNING, embolden

TITLE = "Balance of an epoch"
HOW = (
    "Repeats say how often an epoch shows each picture. Primaries should outweigh supporting"
    " pictures; about double is usual."
)
DOUBLE = "Keep primaries at double weight, whatever is rated"
FIX = "Let primaries weigh double"
WIDTH_PX = 560


class BalancePopover(QFrame):
    """Stands over the lower left of the window until Escape; the window stays in use meanwhile."""

    def __init__(self, context: Context, epochs: EpochWatch, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._before: QWidget | None = None  # what had the keyboard
        self.setAutoFillBackground(True)
        self.setAccessibleName(TITLE)
        self._total = QLabel()
        self.rows = ShareRows(context.theme)
        self.warning = QLabel(wordWrap=True)
        self.warning.setForegroundRole(WARNING)
        self.fix_button = QPushButton(FIX)
        self.double = QCheckBox(DOUBLE)
        self.times = QDoubleSpinBox(minimum=0.5, maximum=20, singleStep=0.5, value=2, decimals=1)
        self.steps = QSpinBox(minimum=1, maximum=100_000, singleStep=100, value=1000)
        self.weigh_button, self.steps_button = QPushButton("Apply"), QPushButton("Apply")
        self._lay_out()
        self._connect(epochs)
        window.installEventFilter(self)
        self.hide()

    # -- how it looks

    def _lay_out(self) -> None:
        how = QLabel(HOW, wordWrap=True)
        how.setForegroundRole(MUTED)
        troubled = QHBoxLayout()
        troubled.addWidget(self.warning, 1)
        troubled.addWidget(self.fix_button)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(*[3 * STEP_PX] * 4)
        column.setSpacing(2 * STEP_PX)
        column.addLayout(self._head())
        column.addWidget(how)
        column.addWidget(self.rows)
        column.addLayout(troubled)
        column.addLayout(
            self._rule("Primaries weigh", self.times, "times the supporting", self.weigh_button)
        )
        column.addLayout(
            self._rule("Each set makes", self.steps, "steps an epoch", self.steps_button)
        )
        column.addWidget(self.double)
        self.setFixedWidth(WIDTH_PX)

    def _head(self) -> QHBoxLayout:
        title = QLabel(TITLE)
        embolden(title)
        close = QToolButton(autoRaise=True)
        close.setText("✕")
        close.setAccessibleName("Close the balance")
        close.clicked.connect(self.put_away)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._total)
        head.addWidget(close)
        return head

    def _rule(
        self, before: str, number: QSpinBox | QDoubleSpinBox, after: str, button: QPushButton
    ) -> QHBoxLayout:
        words = f"{before} … {after}"
        number.setAccessibleName(words)
        button.setAccessibleName(f"Apply: {words}")
        row = QHBoxLayout()
        row.addWidget(QLabel(before))
        row.addWidget(number)
        row.addWidget(QLabel(after))
        row.addWidget(button)
        row.addStretch(1)
        return row

    def _connect(self, epochs: EpochWatch) -> None:
        epochs.changed.connect(self._show)
        if epochs.latest is not None:
            self._show(epochs.latest)
        self.rows.rating_repeats.connect(self._repeat_rating)
        self.rows.set_repeats.connect(self._repeat_set)
        self.fix_button.clicked.connect(self._fix)
        self.weigh_button.clicked.connect(self._weigh)
        self.steps_button.clicked.connect(self._level)
        self.double.clicked.connect(self._keep_double)

    def _show(self, epoch: Epoch) -> None:
        self._total.setText(f"{epoch.shares.steps:,} steps an epoch")
        self.rows.show_epoch(epoch)
        findings = epoch.plan.findings
        self.warning.setText(" ".join(finding.text for finding in findings))
        self.warning.setVisible(bool(findings))
        self.fix_button.setVisible(any(finding.fixable for finding in findings))
        self.double.setChecked(epoch.settings.balance == "double")
        self._place()

    def _place(self) -> None:
        if self.isVisible():
            self._column.activate()
            self.adjustSize()
            below = self._window.height() - self.height() - 8 * STEP_PX
            self.move(2 * STEP_PX, max(0, below))
            self.raise_()

    # -- coming and going

    def toggle(self) -> None:
        """Show it and give it the keyboard, or put it away."""
        if self.isVisible():
            self.put_away()
            return
        self._before = QApplication.focusWidget()
        self.show()
        self._place()
        self.rows.spin_of(rating_marks.PRIMARY).setFocus()

    def put_away(self) -> None:
        """Hide it, and give the keyboard back."""
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()

    # -- changes, each one edit

    def _apply(self, build: Callable[[Epoch], Edit]) -> None:
        """Have an edit built of the project as it is once all that was asked before is done."""
        project = self._context.project
        self._context.change([], lambda _images: build(read_epoch(project)))

    def _set(self, chosen: Callable[[Epoch], Repeats]) -> None:
        project = self._context.project

        def build(epoch: Epoch) -> Edit:
            stored = project.stored_settings()
            return apply_repeats(stored, epoch.sets.values(), chosen(epoch))

        self._apply(build)

    def _repeat_rating(self, judgement: str, repeats: int) -> None:
        def chosen(epoch: Epoch) -> Repeats:
            primary, supporting = epoch.plan.primary, epoch.plan.supporting
            if judgement == rating_marks.PRIMARY:
                return Repeats(repeats, supporting)
            return Repeats(primary, repeats)

        self._set(chosen)

    def _repeat_set(self, set_id: int, repeats: int) -> None:
        def build(epoch: Epoch) -> Edit:
            old = epoch.sets[set_id]
            return change_set(old, replace(old, repeats=repeats or None))

        self._apply(build)

    def _weigh(self) -> None:
        times = self.times.value()
        self._set(lambda epoch: weigh(epoch.groups, epoch.settings, times))

    def _level(self) -> None:
        steps = self.steps.value()
        self._set(lambda epoch: steps_per_set(epoch.groups, epoch.settings, steps))

    def _fix(self) -> None:
        project = self._context.project

        def build(epoch: Epoch) -> Edit:
            stored = project.stored_settings()
            return fix_outweighed(stored, epoch.sets.values(), epoch.groups, epoch.settings)

        self._apply(build)

    def _keep_double(self, wished: bool) -> None:
        if wished:
            self._fix()
        else:
            self._set(lambda epoch: Repeats(epoch.plan.primary, epoch.plan.supporting))

    # -- what Qt asks

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(self._context.theme.colours.muted))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        else:
            super().keyPressEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)
