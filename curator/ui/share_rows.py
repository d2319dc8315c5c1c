"""Bars of what ratings and sets contribute to an epoch, with repeats to change by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QSpinBox, QWidget
from typing_extensions import override

from curator.core.balance import MAX_REPEATS, Row
from curator.core.readable import percent
from curator.core.records import Rating
from curator.core.shares import Part
from curator.ui import rating_marks
from curator.ui.epoch import Epoch
from curator.ui.set_form import PROJECTS
from curator.ui.share_strip import paint_bar
from curator.ui.theme import STEP_PX, Theme

NO_SET = "in no set"
MARK_PX = 14
TITLE_PX = 150


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One bar. `repeats`: what can be changed by hand, 0 for the project's, None for nothing."""

    title: str
    set_id: int | None  # None: of a rating
    judgement: str
    images: int
    repeats: int | None
    steps: int
    segments: Sequence[tuple[str, float]]

    @property
    def key(self) -> tuple[int | None, str]:
        """What stays the same when numbers change."""
        return self.set_id, self.title


def share_rows(epoch: Epoch) -> Iterator[ShareRow]:
    """The ratings, then each set that takes part."""
    plan, total = epoch.plan, epoch.plan.total or 1
    both: tuple[tuple[str, Part, int], ...] = (
        (rating_marks.PRIMARY, epoch.shares.primary, plan.primary),
        (rating_marks.SUPPORTING, epoch.shares.supporting, plan.supporting),
    )
    for word, part, repeats in both:
        segments = [(word, float(part.share))]
        yield ShareRow(word, None, word, part.images, repeats, part.steps, segments)
    by_set: dict[int, list[Row]] = defaultdict(list)
    for row in plan.rows:
        by_set[row.group.set_id or 0].append(row)
    if set(by_set) == {0}:
        return
    for set_id in sorted(by_set, key=lambda found: (not found, _name(epoch, found).casefold())):
        rows = by_set[set_id]
        segments = [(Rating(r.group.rating).name.lower(), r.steps / total) for r in rows]
        own = (rows[0].group.set_repeats or 0) if set_id else None
        images, steps = sum(r.group.images for r in rows), sum(r.steps for r in rows)
        yield ShareRow(_name(epoch, set_id), set_id, "", images, own, steps, segments)


def _name(epoch: Epoch, set_id: int) -> str:
    return epoch.sets[set_id].name if set_id in epoch.sets else NO_SET


class ShareRows(QWidget):
    """A line per row; a number that is changed is emitted, and shown once it holds."""

    rating_repeats = Signal(str, int)  # a judgement
    set_repeats = Signal(int, int)  # a set's id; 0 for the project's

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: list[_Line] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * STEP_PX)
        self._grid.setVerticalSpacing(STEP_PX)
        self._grid.setColumnStretch(5, 1)

    def show_epoch(self, epoch: Epoch) -> None:
        """Show these; lines are made anew only where there are others."""
        rows = list(share_rows(epoch))
        if [row.key for row in rows] != [line.row.key for line in self._lines]:
            self._build(rows)
        for line, row in zip(self._lines, rows, strict=True):
            line.show_row(row)

    def rows(self) -> list[ShareRow]:
        """What is shown."""
        return [line.row for line in self._lines]

    def spin_of(self, title: str) -> QSpinBox:
        """The number of a line."""
        return next(line.spin for line in self._lines if line.row.title == title)

    def _build(self, rows: Sequence[ShareRow]) -> None:
        """Lines that stay are moved, for one of them may have the keyboard."""
        before = {line.row.key: line for line in self._lines}
        self._lines = [
            before.pop(row.key) if row.key in before else _Line(self, row, self._theme)
            for row in rows
        ]
        for at, line in enumerate(self._lines):
            line.place(self._grid, at)
        for line in before.values():
            line.drop()


class _Line:
    def __init__(self, rows: ShareRows, row: ShareRow, theme: Theme) -> None:
        self.row, self._rows, self._theme = row, rows, theme
        self._mark, self._images, self._steps, self._share = (QLabel() for _ in range(4))
        self._title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._title.setMaximumWidth(TITLE_PX)
        self.spin = QSpinBox(minimum=1 if row.set_id is None else 0, maximum=MAX_REPEATS)
        self.spin.setKeyboardTracking(False)
        self.spin.setSpecialValueText(PROJECTS if row.set_id else "")
        self.spin.setAccessibleName(f"Repeats of {row.title}")
        self.bar = ShareBar(theme)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for label in (self._images, self._steps, self._share):
            label.setAlignment(right)
        self._widgets: tuple[QWidget, ...] = (
            self._mark,
            self._title,
            self._images,
            self.spin,
            self._steps,
            self.bar,
            self._share,
        )
        if row.repeats is None:
            policy = self.spin.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            self.spin.setSizePolicy(policy)
            self.spin.hide()
        self.spin.valueChanged.connect(self._changed)

    def place(self, grid: QGridLayout, at: int) -> None:
        for column, widget in enumerate(self._widgets):
            grid.addWidget(widget, at, column)

    def show_row(self, row: ShareRow) -> None:
        self.row = row
        colours = self._theme.colours
        if row.judgement:
            ratio = self._mark.devicePixelRatioF()
            colour = rating_marks.colour_of(row.judgement, colours)
            self._mark.setPixmap(rating_marks.mark(row.judgement, colour, MARK_PX, ratio, False))
        metrics, how = self._title.fontMetrics(), Qt.TextElideMode.ElideRight
        self._title.setText(metrics.elidedText(row.title, how, TITLE_PX))
        self._title.setToolTip(row.title)
        self._images.setText(f"{row.images:,} x" if row.repeats is not None else f"{row.images:,}")
        self._steps.setText(f"= {row.steps:,}")
        share = sum(share for _word, share in row.segments)
        self._share.setText(percent(share))
        self.bar.show_segments(row.segments)
        self.bar.setAccessibleName(f"{row.title}: {row.steps:,} steps, {percent(share)}")
        self.spin.blockSignals(True)
        self.spin.setValue(row.repeats or 0)
        self.spin.blockSignals(False)

    def _changed(self, value: int) -> None:
        if self.row.set_id is None:
            self._rows.rating_repeats.emit(self.row.judgement, value)
        else:
            self._rows.set_repeats.emit(self.row.set_id, value)

    def drop(self) -> None:
        for widget in self._widgets:
            widget.hide()
            widget.deleteLater()


class ShareBar(QWidget):
    """A thin bar of shares."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._segments: Sequence[tuple[str, float]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    def show_segments(self, segments: Sequence[tuple[str, float]]) -> None:
        """Show these shares, 0 to 1 of the bar."""
        self._segments = segments
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, 3 * STEP_PX)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        high = 3 * STEP_PX
        area = self.rect()
        area.setTop((self.height() - high) // 2)
        area.setHeight(high)
        paint_bar(QPainter(self), area, list(self._segments), self._theme.colours)
