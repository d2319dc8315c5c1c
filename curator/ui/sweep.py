"""The sweep of a tag: a large picture, one question, three keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QStringListModel, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from curator.core.readable import count, percent
from curator.core.records import Image
from curator.core.sweep import has
from curator.ui.actions import ActionTable
from curator.ui.context import Context
from curator.ui.picture_pane import PicturePane
from curator.ui.picture_provider import PictureProvider
from curator.ui.picture_wishes import PictureWishes
from curator.ui.sweeping import Sweeping
from curator.ui.theme import MUTED, STEP_PX, enlarge
from curator.ui.thumbnail_provider import ThumbnailProvider
from curator.ui.view_state import ViewState

ASKING = {
    "sweep_back": "Back",
    "sweep_skip": "Skip",
    "sweep_no": "No",
    "sweep_yes": "Yes",
}
CHOOSE = (
    "Type a tag above: you are asked in which of the pictures on show it is, the most uncertain"
    " first."
)
READING = "Looking for what is uncertain …"
DONE = "Nothing is left to ask."
RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
MOST_TAGS = 5000  # that are offered while one types


class SweepView(QWidget):
    """Follows the sweep as long as it is shown."""

    left = Signal()  # the person wants back
    menu_asked = Signal(QPoint)  # global

    def __init__(
        self, context: Context, pictures: PictureProvider, thumbnails: ThumbnailProvider
    ) -> None:
        super().__init__()
        self._context = context
        self.view_state = ViewState()
        self.sweeping = Sweeping(context, self)
        self.pane = PicturePane(context, pictures, thumbnails, self.view_state)
        self._wishes = PictureWishes(
            [self.pane.canvas], pictures, thumbnails, self.view_state, self
        )
        self.tag = _TagLine(placeholderText="Tag to sweep", clearButtonEnabled=True)
        self.tag.setAccessibleName("Tag to sweep")
        self._tags = QStringListModel(self)
        self.state, self.order = QLabel(), QLabel()
        self.question, self.seen = QLabel(), QLabel()
        self.low, self.high = _score_box("Lowest score asked"), _score_box("Highest score asked")
        self.accept = QPushButton(autoDefault=False)
        self.again = QPushButton("Ask about the skipped ones", autoDefault=False)
        self.buttons: dict[str, QToolButton] = {}
        self.setFocusProxy(self.pane)
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        completer = QCompleter(self._tags, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.tag.setCompleter(completer)
        for label in (self.state, self.order, self.seen):
            label.setForegroundRole(MUTED)
        enlarge(self.question)
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.question, self.order):
            label.setMinimumWidth(1)  # a long tag must not hold the window wide
        column = QVBoxLayout(self)
        column.setContentsMargins(0, STEP_PX, 0, STEP_PX)
        column.setSpacing(STEP_PX)
        self.between = QLabel("Ask between")
        column.addLayout(_row(self.tag, self.state, None, self.again, self.accept))
        column.addLayout(_row(self.order, None, self.between, self.low, self.high))
        column.addWidget(self.pane, 1)
        column.addLayout(_row(self.question, None, self.seen))
        column.addLayout(_row(None, *(self._button(name, ASKING[name]) for name in ASKING)))

    def _button(self, name: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # their keys hold here
        self.buttons[name] = button
        return button

    def _connect(self) -> None:
        sweeping = self.sweeping
        sweeping.changed.connect(self._show)
        self.tag.returnPressed.connect(self._take_tag)
        self.tag.completer().activated.connect(lambda _text: self._take_tag())
        self.low.setValue(round(sweeping.bounds.low * 100))
        self.high.setValue(round(sweeping.bounds.high * 100))
        for box in (self.low, self.high):
            box.valueChanged.connect(self._take_bounds)
        self.accept.clicked.connect(sweeping.accept)
        self.again.clicked.connect(sweeping.ask_skipped)
        for button in (self.accept, self.again):
            button.clicked.connect(lambda: self.pane.setFocus())  # where the answers are given
        self.pane.menu_asked.connect(self.menu_asked)
        self.pane.canvas.double_clicked.connect(self.left)
        self._context.model.dataChanged.connect(lambda _top, _bottom: self._show_picture())

    def take_actions(self, table: ActionTable) -> None:
        """Have the buttons do the actions of the table."""
        for name, button in self.buttons.items():
            button.clicked.connect(table[name].trigger)
            button.setToolTip(table[name].toolTip())
            key = table.keys_text(name)
            button.setText(f"{ASKING[name]}   {key}" if key else ASKING[name])

    def works(self) -> Mapping[str, Callable[[], object]]:
        """What the actions of sweeping do."""
        return {
            "sweep_yes": partial(self.sweeping.answer, True),
            "sweep_no": partial(self.sweeping.answer, False),
            "sweep_skip": self.sweeping.skip,
            "sweep_back": self.sweeping.back,
        }

    # -- what is swept

    def begin(self, tag: str = "") -> None:
        """Have a tag typed, or sweep this one."""
        project = self._context.project

        def names() -> list[str]:
            return [name for name, _count in project.tag_counts()[:MOST_TAGS]]

        self._context.read(names, self._tags.setStringList, key="sweep-tags")
        if tag:
            self.tag.setText(tag)
            self._take_tag()
        else:
            self.tag.setFocus()
            self.tag.selectAll()

    def _take_tag(self) -> None:
        tag = self.tag.text().strip()
        if tag:
            self.sweeping.begin(tag, list(self._context.model.ids))
            self.pane.setFocus()

    def _take_bounds(self) -> None:
        low, high = sorted((self.low.value() / 100, self.high.value() / 100))
        self.sweeping.use(replace(self.sweeping.bounds, low=low, high=high))

    # -- what is shown

    def _show(self) -> None:
        sweeping, sweep = self.sweeping, self.sweeping.sweep
        read = sweeping.read
        self.state.setText(sweep.in_words() if read else "")
        self.order.setText(read.order if read else "" if sweeping.tag else CHOOSE)
        is_scored = read is not None and read.is_scored
        for widget in (self.between, self.low, self.high):
            widget.setVisible(is_scored)
        self.accept.setText(sweep.ends_in_words())
        self.accept.setVisible(bool(sweep.yes or sweep.no))
        is_done = read is not None and sweeping.current is None
        self.again.setVisible(is_done and sweeping.skipped > 0)
        for name, button in self.buttons.items():
            button.setEnabled(sweeping.current is not None or name == "sweep_back")
        self._show_picture()

    def _show_picture(self) -> None:
        if not self.isVisible():
            return
        sweeping, id_ = self.sweeping, self.sweeping.current
        image = self._context.model.image(id_) if id_ is not None else None
        number = len(sweeping.sweep.asked)
        self.pane.show_image(image, f"{sweeping.place + 1:,} of {number:,}" if image else "")
        self.question.setText(self._question(image is not None))
        self.seen.setText(self._seen(image) if image is not None else self._so_far())
        if image is not None:
            near = (self._context.model.image(other) for other in sweeping.near())
            self._wishes.follow([one for one in near if one is not None])

    def _question(self, is_asked: bool) -> str:
        if is_asked:
            return f"{self.sweeping.tag} in this picture?"
        if self.sweeping.read is not None:
            return DONE
        return READING if self.sweeping.is_reading else ""

    def _seen(self, image: Image) -> str:
        scores = self.sweeping.sweep.scores or {}
        is_there = has(image, self.sweeping.tag)
        words = "the caption has it" if is_there else "the caption lacks it"
        score = scores.get(image.id)
        return words if score is None else f"{percent(score)} likely, {words}"

    def _so_far(self) -> str:
        sweeping = self.sweeping
        if sweeping.read is None:
            return ""
        return f"{count(sweeping.answered, 'answer')}, {sweeping.skipped:,} skipped"

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self._show()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._wishes.stop()


class _TagLine(QLineEdit):
    """Keeps Return to itself, which opens the loupe everywhere else among pictures."""

    @override
    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() in RETURN:
            event.accept()
            return True
        return super().event(event)


def _score_box(name: str) -> QSpinBox:
    box = QSpinBox(minimum=0, maximum=100, suffix=" %")
    box.setAccessibleName(name)
    return box


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None is room that gives way."""
    row = QHBoxLayout()
    row.setContentsMargins(3 * STEP_PX, 0, 3 * STEP_PX, 0)
    row.setSpacing(2 * STEP_PX)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
