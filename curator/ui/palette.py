"""The palette: every action that can be done now, found by a few letters, with its keys."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from curator.ui.actions import ACTIONS, ActionTable
from curator.ui.chooser import Choice, Chooser

PROMPT = "Find an action"


def open_palette(window: QWidget, table: ActionTable) -> Chooser:
    """Show the palette over the window."""
    choices = [
        Choice(
            row.title,
            table[row.name].trigger,
            f"{row.menu.replace('&', '')}    {table.keys_text(row.name)}".rstrip(),
            table[row.name].isEnabled(),
        )
        for row in ACTIONS
        if row.name != "palette"
    ]
    palette = Chooser(window, PROMPT, choices)
    palette.open_over(window)
    return palette
