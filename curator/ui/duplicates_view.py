"""Duplicates, a group at a time: which is kept and why, flipped and subtracted on one ground."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QHideEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from curator.core.decisions import Fate
from curator.core.duplicate_cases import Case, groups_in_words
from curator.core.duplicates import COPIES, WORDS
from curator.core.overlay import Ground, lay
from curator.core.records import Image
from curator.ui.actions import ActionTable
from curator.ui.closer_look import CloserLook
from curator.ui.context import Context
from curator.ui.deciding import SHOTS, Deciding
from curator.ui.member_strip import MemberStrip
from curator.ui.overlay_canvas import STRONGER, OverlayCanvas
from curator.ui.picture_provider import PictureProvider
from curator.ui.picture_wishes import PictureWishes
from curator.ui.theme import MUTED, STEP_PX, embolden, palette
from curator.ui.thumbnail_provider import ThumbnailProvider
from curator.ui.view_state import ViewState

BLINK_MS = 400
TITLES = {COPIES: "Duplicates", SHOTS: "The same shot"}
NONE_LEFT = {
    COPIES: "No group of duplicates is left to decide.\nDuplicates > Find duplicates compares what"
    " is new, Same shots shows photos taken in a row, Escape goes back to the grid.",
    SHOTS: "No group of photos taken in a row is left to decide.\nSame shots goes back to"
    " duplicates, Escape to the grid.",
}
LOOKING = "Looking …"
TOP = {"previous_group": "Previous", "next_group": "Next", "decide_many": "Decide many…"}
SEEING = {"flip": "Flip", "blink": "Blink", "difference": "Difference", "zoom_actual": "100 %"}
ACTING = {
    "same_shots": "Same shots",
    "make_keeper": "Make it the keeper",
    "not_duplicate": "Not a duplicate",
    "keep_group": "Keep all",
    "accept_group": "Accept",
}


class DuplicatesView(QWidget):
    """Follows the group at hand as long as it is shown."""

    left = Signal()  # the person wants back
    menu_asked = Signal(QPoint)  # global

    def __init__(
        self, context: Context, pictures: PictureProvider, thumbnails: ThumbnailProvider
    ) -> None:
        super().__init__()
        self._context = context
        self.view_state = ViewState()
        self.deciding = Deciding(context, self)
        self._closer = CloserLook(context, self)
        self.canvas = OverlayCanvas(context, pictures, thumbnails, self.view_state)
        self.strip = MemberStrip(context, thumbnails)
        self.title, self.seen = QLabel(), QLabel()
        self.buttons: dict[str, QToolButton] = {}
        self.is_difference = self.is_flipped = False
        self._other: int | None = None  # what the keeper is flipped to
        self._ground: tuple[object, Ground] | None = None
        self._blinking = QTimer(self, interval=BLINK_MS)
        self._blinking.timeout.connect(self.flip)
        self._wishes = PictureWishes([self.canvas], pictures, thumbnails, self.view_state, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self._connect(pictures)

    def _lay_out(self) -> None:
        embolden(self.title)
        self.seen.setForegroundRole(MUTED)
        self.canvas.setAccessibleName("Picture")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, STEP_PX, 0, STEP_PX)
        column.setSpacing(STEP_PX)
        column.addLayout(self._row(self.title, TOP))
        column.addWidget(self.canvas, 1)
        column.addWidget(self.strip)
        column.addLayout(self._row(self.seen, SEEING))
        column.addLayout(self._row(None, ACTING))
        for name in ("blink", "difference", "same_shots"):
            self.buttons[name].setCheckable(True)

    def _row(self, words: QLabel | None, names: Mapping[str, str]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(3 * STEP_PX, 0, 3 * STEP_PX, 0)
        row.setSpacing(STEP_PX)
        if words is not None:
            words.setMinimumWidth(1)  # a long name must not hold the window wide
            row.addWidget(words, 1)
        else:
            row.addStretch(1)
        for name, text in names.items():
            button = QToolButton()
            button.setText(text)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys of all of them hold here
            self.buttons[name] = button
            row.addWidget(button)
        return row

    def _connect(self, pictures: PictureProvider) -> None:
        self.deciding.changed.connect(self._begin)
        self._closer.changed.connect(self._show)
        self.strip.chosen.connect(self.deciding.choose)
        self.view_state.changed.connect(self._say)
        pictures.arrived.connect(self._say)
        self.canvas.pressed.connect(self.setFocus)
        self.canvas.double_clicked.connect(self.left)
        self._context.theme.changed.connect(self._say)

    def take_actions(self, table: ActionTable) -> None:
        """Have the buttons do the actions of the table."""
        for name, button in self.buttons.items():
            button.clicked.connect(table[name].trigger)
            button.setToolTip(table[name].toolTip())

    def works(self) -> Mapping[str, Callable[[], object]]:
        """What the actions of deciding do."""
        deciding = self.deciding
        return {
            "accept_group": deciding.accept,
            "keep_primary": partial(deciding.give, Fate.PRIMARY),
            "keep_supporting": partial(deciding.give, Fate.SUPPORTING),
            "keep_too": partial(deciding.give, Fate.KEEP),
            "reject_duplicate": partial(deciding.give, Fate.REJECT),
            "make_keeper": deciding.make_keeper,
            "keep_group": deciding.keep_all,
            "not_duplicate": deciding.not_duplicate,
            "next_group": partial(deciding.go_by, 1),
            "previous_group": partial(deciding.go_by, -1),
            "same_shots": deciding.toggle_shots,
            "flip": self.flip,
            "blink": self.blink,
            "difference": self.toggle_difference,
        }

    # -- looking

    def flip(self) -> None:
        """To the keeper, or back to the picture that was seen before."""
        self.is_flipped = not self.is_flipped
        self.is_difference = False
        self._show()

    def blink(self) -> None:
        """Flip by itself, or stop that."""
        if self._blinking.isActive():
            self._blinking.stop()
            self.is_flipped = False
        else:
            self._blinking.start()
        self._show()

    def toggle_difference(self) -> None:
        """Show the difference, or the picture."""
        self.is_difference = not self.is_difference
        self._show()

    def _begin(self) -> None:
        """Another group or picture, or another choice: look at it unflipped."""
        self.is_flipped = False
        case, choice, current = self.deciding.case, self.deciding.choice, self.deciding.current
        if case is not None and choice is not None:
            others = [image_id for image_id in case.ids if image_id != choice.keeper]
            if current in others:
                self._other = current
            elif self._other not in others:
                self._other = next(iter(others), None)
        self.strip.show_case(case, choice, current)
        self._show()

    def _partner(self) -> int | None:
        """What the current picture is flipped to and subtracted from."""
        choice, current = self.deciding.choice, self.deciding.current
        if choice is None:
            return None
        return self._other if current == choice.keeper else choice.keeper

    def _show(self) -> None:
        case, choice, current = self.deciding.case, self.deciding.choice, self.deciding.current
        self._say()
        if case is None or choice is None or current is None:
            self.canvas.show_image(None)
            return
        ground = self._ground_of(case, choice.keeper)
        laid = [one for one in (current, self._partner()) if one in ground.maps]
        images = [as_imported(image) for one in laid for image in case.images if image.id == one]
        if not images:
            self.canvas.show_image(None)
            return
        shown = images[-1] if self.is_flipped else images[0]
        beside = images[-1] if self.is_difference and len(images) > 1 else None
        self.canvas.show_on(ground, images[0] if beside else shown, beside)
        self._say()
        rest = [as_imported(i) for i in case.images if i.id in ground.maps and i.id not in laid]
        near = [image for image in images if image.id != shown.id] + rest
        if self.isVisible():
            self._wishes.follow(near)
            if len(images) > 1:
                self._closer.look(images[0], images[1], case.group.pairs)

    def _ground_of(self, case: Case, keeper: int) -> Ground:
        pairs = self._closer.pairs(case.group.pairs)
        key = pairs, case.images, keeper
        if self._ground is None or self._ground[0] != key:
            self._ground = key, lay(case.images, pairs, keeper)
        return self._ground[1]

    def _say(self) -> None:
        """The words and buttons around the picture."""
        deciding, choice = self.deciding, self.deciding.choice
        case, image = deciding.case, self.canvas.image
        for name, button in self.buttons.items():
            button.setEnabled(case is not None or name == "same_shots")
        self.buttons["decide_many"].setEnabled(bool(deciding.cases) and deciding.kinds is COPIES)
        self._press("blink", self._blinking.isActive())
        self._press("difference", self.is_difference)
        self._press("same_shots", deciding.kinds is SHOTS)
        if case is None or choice is None:
            self.title.setText(TITLES[deciding.kinds])
            self.seen.setText("")
            self.canvas.words = NONE_LEFT[deciding.kinds] if deciding.is_read else LOOKING
            self.buttons["accept_group"].setText(ACTING["accept_group"])
            return
        of = groups_in_words(len(deciding.cases), deciding.kinds)
        kind = "" if deciding.kinds is SHOTS else f": {WORDS[case.group.kind]}"
        self.title.setText(f"{deciding.place + 1:,} of {of}{kind}")
        self.buttons["accept_group"].setText(choice.in_words())
        if image is not None:
            self.seen.setText(
                f"{self._seen_words(image, choice.keeper)}    {self.canvas.zoom_words()}"
            )

    def _press(self, name: str, is_on: bool) -> None:
        """Show whether something is on, in the accent colour as everywhere."""
        button, colours = self.buttons[name], self._context.theme.colours
        made = palette(colours)
        if is_on:
            made.setColor(QPalette.ColorRole.Button, QColor(colours.accent))
            made.setColor(QPalette.ColorRole.ButtonText, QColor(colours.on_accent))
        button.setChecked(is_on)
        button.setPalette(made)

    def _seen_words(self, image: Image, keeper: int) -> str:
        beside = self.canvas.beside
        if beside is not None:
            return f"Difference of {image.name} and {beside.name}, {STRONGER} times as strong"
        return f"{image.name}, the keeper" if image.id == keeper else image.name

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self.deciding.begin()
        self._begin()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._blinking.stop()
        self._wishes.stop()


def as_imported(image: Image) -> Image:
    """The picture without what was done to it since, as it was compared."""
    return replace(image, recipe="")
