"""The line a query is typed into, with what may come next below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from typing_extensions import override

from curator.core.query_completion import Completion, Completions, Vocabulary, complete
from curator.ui.offering_line import Offer, OfferingLine
from curator.ui.theme import Theme


class QueryEdit(OfferingLine):
    """Offers completions while the person types. Escape lets go."""

    focused = Signal()

    def __init__(self, theme: Theme, placeholder: str) -> None:
        super().__init__(theme, placeholder, "Filter")
        self.setClearButtonEnabled(True)
        self.words = Vocabulary()
        self._found = Completions(0, 0, ())

    @override
    def find_offers(self, *, asked: bool) -> Sequence[Offer]:
        """What may stand at the cursor; unless it was asked for, only once a word begins."""
        at, text = self.cursorPosition(), self.text()
        self._found = complete(text, at, self.words)
        has_begun = self._found.start < at or text[:at].endswith(":")
        if not (has_begun or asked):
            return ()
        return [Offer(one.title, one.note, one) for one in self._found.items]

    @override
    def take_offer(self, value: Completion) -> None:
        found, text = self._found, self.text()
        after = text[found.end :]
        goes_on = value.text.endswith(":")
        blank = "" if goes_on or after.startswith((" ", ")")) else " "
        self.setText(text[: found.start] + value.text + blank + after)
        self.setCursorPosition(found.start + len(value.text) + len(blank))
        self.textEdited.emit(self.text())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.offers.isVisible():
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()
