"""What the trigger wizard asks: what is taught, by which word, and in the place of which."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from curator.core.trigger_advice import Known
from curator.core.trigger_ground import Ground
from curator.core.trigger_routes import ROUTES, Outfit, Route, Wish
from curator.ui.context import Context
from curator.ui.theme import MUTED, STEP_PX, embolden
from curator.ui.trigger_word import TriggerWord

WORDLESS = frozenset({Route.OUTFIT, Route.NONE})
FURTHER = ""  # no trigger is replaced
UNREAD = "Triggers of other projects that could not be looked at: {}."
CONCEPT_HINT = "Words of the concept, such as sword, scabbard"


class TriggerForm(QWidget):
    """Shows of its questions those that the route asks."""

    changed = Signal()
    route_changed = Signal()

    def __init__(self, context: Context, known: Callable[[str], Known | None]) -> None:
        super().__init__()
        self._ground: Ground | None = None
        self.routes = QComboBox()
        self.routes.setAccessibleName("What is taught")
        for route, words in ROUTES.items():
            self.routes.addItem(words.title, route)
        self.routes.setCurrentIndex(list(ROUTES).index(Route.PROPER))
        self.explained = QLabel(wordWrap=True)
        self.explained.setForegroundRole(MUTED)
        self.word = TriggerWord(context, known)
        self.place = QComboBox()
        self.place.setAccessibleName("In the place of which trigger")
        self.concept = QLineEdit()
        self.concept.setAccessibleName("Words of the concept")
        self.concept.setPlaceholderText(CONCEPT_HINT)
        self.outfit_words: dict[int, QLineEdit] = {}
        self._outfits = QFormLayout()
        self.unread = QLabel(wordWrap=True)
        self.unread.setForegroundRole(MUTED)
        self._titles: dict[QWidget, QLabel] = {
            self.word: QLabel("Trigger word"),
            self.place: QLabel("It stands"),
            self.concept: QLabel("What touches it"),
        }
        self._lay_out()
        self._connect()
        self._show_route()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 2 * STEP_PX, 0)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(_heading(QLabel("What is taught")))
        column.addWidget(self.routes)
        column.addWidget(self.explained)
        for widget, title in self._titles.items():
            column.addWidget(_heading(title))
            column.addWidget(widget)
        column.addLayout(self._outfits)
        column.addStretch(1)
        column.addWidget(self.unread)

    def _connect(self) -> None:
        self.routes.currentIndexChanged.connect(self._take_route)
        self.word.changed.connect(self.changed)
        self.place.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self.concept.textChanged.connect(lambda _text: self.changed.emit())

    @property
    def route(self) -> Route:
        """The way that is chosen."""
        return Route(self.routes.currentData())

    def choose(self, route: Route) -> None:
        """Choose a way."""
        self.routes.setCurrentIndex(list(ROUTES).index(route))

    def show_ground(self, ground: Ground) -> None:
        """Ask about this project; what was typed stays."""
        is_first = self._ground is None
        self._ground = ground
        if is_first and not self.word.word:
            self.word.line.setText(ground.settings.trigger)
        self.unread.setText(UNREAD.format(", ".join(ground.unread)) if ground.unread else "")
        self._fill_places()
        self._fill_outfits(ground)
        self._show_route()
        self.word.look()

    def _fill_places(self) -> None:
        ground, chosen = self._ground, self.place.currentData()
        if ground is None:
            return
        is_none = self.route is Route.NONE
        self.place.blockSignals(True)
        self.place.clear()
        for word in ground.own_triggers:
            self.place.addItem(word if is_none else f"in the place of {word}", word)
        if ground.settings.trigger and not is_none:
            self.place.addItem(f"beside {ground.settings.trigger}, as a further one", FURTHER)
        self.place.setCurrentIndex(max(0, self.place.findData(chosen)))
        self.place.blockSignals(False)

    def _fill_outfits(self, ground: Ground) -> None:
        if set(self.outfit_words) == set(ground.outfits):
            return
        while self._outfits.rowCount():
            self._outfits.removeRow(0)
        self.outfit_words.clear()
        for set_id in ground.outfits:
            one = ground.sets[set_id]
            line = QLineEdit(one.trigger)
            line.setAccessibleName(f"Trigger of {one.name}")
            line.textChanged.connect(lambda _text: self.changed.emit())
            self.outfit_words[set_id] = line
            self._outfits.addRow(one.name, line)

    def _take_route(self) -> None:
        self._fill_places()
        if self.route is Route.CONCEPT and self.place.findData(FURTHER) >= 0:
            self.place.setCurrentIndex(self.place.findData(FURTHER))
        self._show_route()
        self.route_changed.emit()
        self.changed.emit()

    def _show_route(self) -> None:
        route = self.route
        self.explained.setText(ROUTES[route].what)
        has_triggers = self.place.count() > 0
        self._show(self.word, route not in WORDLESS)
        self._show(self.place, has_triggers and route is not Route.OUTFIT)
        self._show(self.concept, route is Route.CONCEPT)
        self._titles[self.place].setText("Goes out" if route is Route.NONE else "It stands")
        for line in self.outfit_words.values():
            self._outfits.setRowVisible(line, route is Route.OUTFIT)

    def _show(self, widget: QWidget, is_shown: bool) -> None:
        widget.setVisible(is_shown)
        self._titles[widget].setVisible(is_shown)

    def wish(self) -> Wish:
        """What is asked for, without the tags that are ticked."""
        route = self.route
        if route is Route.OUTFIT:
            words = {set_id: line.text().strip() for set_id, line in self.outfit_words.items()}
            return Wish(route, outfits=tuple(Outfit(*item) for item in words.items()))
        before = self.place.currentData() or ""
        word = "" if route is Route.NONE else self.word.word
        is_further = bool(word) and self.place.count() > 0 and self._is_further(before)
        return Wish(route, word, before, is_further=is_further)

    def _is_further(self, before: str) -> bool:
        """Whether the word stands beside the project's trigger, or replaces a further one."""
        return self._ground is not None and before != self._ground.settings.trigger


def _heading(label: QLabel) -> QLabel:
    embolden(label)
    return label
