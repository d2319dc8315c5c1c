"""Names and tags in tool tips."""

from __future__ import annotations

from PySide6.QtGui import Qt, QTextDocument

from curator.ui.literal_text import literal


def test_what_looks_like_html_is_shown_as_it_is() -> None:
    shown = QTextDocument()
    for text in ("<b>x</b>, hat", "<b>a</b>\nChanges 1 caption & more."):
        assert Qt.mightBeRichText(literal(text))  # so that a tool tip reads it as such
        shown.setHtml(literal(text))
        assert shown.toPlainText() == text
    assert literal("a < b & c, ^_^") == "a < b & c, ^_^"
