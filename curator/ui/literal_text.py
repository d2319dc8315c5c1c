"""Names and tags as they are, where Qt would take `<b>x</b>` for a wish to be bold."""

from __future__ import annotations

import html

from PySide6.QtGui import Qt


def literal(text: str) -> str:
    """A text for a tool tip, or another place that can't be told that it is plain."""
    return html.escape(text).replace("\n", "<br>") if Qt.mightBeRichText(text) else text
