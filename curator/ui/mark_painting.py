"""How tags that go and come are drawn: in a line of a list, and in full as rich text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from curator.core.caption_marks import Fate, Mark
from curator.ui.theme import STEP_PX, Colours

MORE = "…"


def colour_of(fate: Fate, colours: Colours) -> str:
    """The colour of a tag by what becomes of it."""
    return {
        Fate.KEPT: colours.text,
        Fate.GONE: colours.rejected,
        Fate.COME: colours.primary,
        Fate.MOVED: colours.accent,
    }[fate]


def sign_of(fate: Fate) -> str:
    """What stands before a tag, so that nobody needs to tell colours; what goes is struck."""
    return {Fate.COME: "+ ", Fate.MOVED: "↔ "}.get(fate, "")


def paint_marks(
    painter: QPainter, room: QRect, marks: Sequence[Mark], colours: Colours, font: QFont
) -> None:
    """Draw them side by side in one line, as far as there is room."""
    struck = QFont(font)
    struck.setStrikeOut(True)
    left, end = room.left(), room.right()
    middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    for at, mark in enumerate(marks):
        painter.setFont(struck if mark.fate is Fate.GONE else font)
        painter.setPen(QColor(colour_of(mark.fate, colours)))
        text = f"{sign_of(mark.fate)}{mark.text}"
        width = painter.fontMetrics().horizontalAdvance(text)
        left_over = end - left
        place = QRect(left, room.top(), left_over, room.height())
        is_last = at + 1 == len(marks)
        if width > left_over - (0 if is_last else 4 * STEP_PX):
            how = Qt.TextElideMode.ElideRight
            painter.drawText(place, middle, painter.fontMetrics().elidedText(text, how, left_over))
            return
        painter.drawText(place, middle, text)
        left += width + 3 * STEP_PX


def marks_html(marks: Sequence[Mark], colours: Colours) -> str:
    """The tags as rich text, commas between them."""
    return ", ".join(_html(mark, colours) for mark in marks)


def _html(mark: Mark, colours: Colours) -> str:
    text = escape(mark.text)
    if mark.fate is Fate.KEPT:
        return text
    inner = f"<s>{text}</s>" if mark.fate is Fate.GONE else f"<b>{text}</b>"
    return f'<span style="color:{colour_of(mark.fate, colours)}">{inner}</span>'


def spoken(marks: Sequence[Mark]) -> str:
    """What changes, in words for screen readers."""
    return ", ".join(f"{mark.fate.value} {mark.text}" for mark in marks)
