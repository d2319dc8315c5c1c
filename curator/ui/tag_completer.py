"""Lines that tags are typed into, with the tags of the project and of lists offered beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from typing_extensions import override

from curator.core.tag_categories import Category
from curator.core.tag_moves import tags_in
from curator.ui.offering_line import Offer, OfferingLine
from curator.ui.tag_colours import tag_colour
from curator.ui.tag_words import TagWords
from curator.ui.theme import Theme

if TYPE_CHECKING:
    from curator.core.tag_index import Completion

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TagLine(OfferingLine):
    """A line for one tag, or several with commas; the one at the cursor is completed."""

    def __init__(self, theme: Theme, words: TagWords, placeholder: str, name: str) -> None:
        super().__init__(theme, placeholder, name)
        self._theme, self._words = theme, words

    @override
    def find_offers(self, *, asked: bool) -> Sequence[Offer]:
        begun = self.text()[: self.cursorPosition()].rpartition(",")[2].strip()
        if not (begun or asked):
            return ()
        colours = self._theme.colours
        return [
            _offer(one, tag_colour(one.category, colours)) for one in self._words.complete(begun)
        ]

    @override
    def take_offer(self, value: str) -> None:
        at, text = self.cursorPosition(), self.text()
        before, comma, _begun = text[:at].rpartition(",")
        start = f"{before}{comma} " if comma else ""
        self.setText(f"{start}{value}{text[at:]}")
        self.setCursorPosition(len(start) + len(value))

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._words.want()


class AddLine(TagLine):
    """Gives the tags as soon as each is finished: by a comma, Enter, an offer, or a paste."""

    given = Signal(list)  # of tags
    left_empty = Signal(object)  # a Qt.Key pressed in the empty line: Backspace, Left, Up, Escape

    def __init__(self, theme: Theme, words: TagWords, placeholder: str, name: str) -> None:
        super().__init__(theme, words, placeholder, name)
        self._before = ""
        self.textEdited.connect(self._split)

    def finish(self) -> None:
        """Give what stands in the line."""
        text = self.text()
        self._empty()
        if tags := tags_in(text):
            self.given.emit(tags)

    def _empty(self, rest: str = "") -> None:
        self.offers.hide()
        self.setText(rest)  # which also forgets what could be undone: that is the caption's now
        self._before = rest

    def _split(self, text: str) -> None:
        is_pasted = len(text) > len(self._before) + 1
        self._before = text
        if is_pasted and ("," in text or "\n" in text):
            self.finish()
        elif "," in text:
            whole, _comma, rest = text.rpartition(",")
            self._empty(rest.lstrip())
            if tags := tags_in(whole):
                self.given.emit(tags)

    @override
    def take_offer(self, value: str) -> None:
        self._empty()
        self.given.emit([value])

    @override
    def event(self, event: QEvent) -> bool:
        if asks_to_undo(event) and not self.isUndoAvailable():
            return False  # there is nothing typed to take back: the window's undo
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        leaves = (Qt.Key.Key_Backspace, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Escape)
        if key in leaves and is_plain and not self.text() and not self.offers.isVisible():
            self.left_empty.emit(Qt.Key(key))
        elif key == Qt.Key.Key_Escape and not self.offers.isVisible():
            self._empty()
        elif key in _ENTER and not self.take_current():
            self.finish()
        elif key not in _ENTER:
            super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        reasons = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if event.reason() not in reasons:
            self.finish()


def offers_come_first(line: TagLine, event: QEvent) -> bool:
    """Whether a key is meant for the list of offers, and not for the end of editing in place."""
    if not isinstance(event, QKeyEvent) or not line.offers.isVisible():
        return False
    return event.key() not in _ENTER or line.offers.currentRow() >= 0


def asks_to_undo(event: QEvent) -> bool:
    """Whether Qt asks a field if it wants the keys of undo, before the window gets them."""
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.matches(QKeySequence.StandardKey.Undo)
    )


def _offer(one: Completion, colour: str) -> Offer:
    title = f"{one.tag}   ← {one.alias}" if one.alias else one.tag
    kind = one.category if one.category not in (None, Category.GENERAL) else ""
    number = f"{one.count:,} here" if one.in_project else f"{one.count:,}"
    return Offer(title, f"{kind}  {number}".strip(), one.tag, colour)
