"""The menus that open upon pictures: what is done with them, and why one is rejected."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from curator.ui.actions import ActionTable
from curator.ui.culling import REASON_KEYS, Culling
from curator.ui.key_menu import KeyMenu

JUDGING = ("rate_primary", "rate_supporting", "rate_unrated", "reject")
REST = (
    "crop",
    "turn_left",
    "turn_right",
    "new_crop",
    "put_into_set",
    "show_in_folder",
    "remove",
)


def open_picture_menu(
    table: ActionTable, culling: Culling, parent: QWidget, place: QPoint
) -> QMenu:
    """Open the menu of what is selected at a place on the screen."""
    menu = _menu(parent)
    menu.addActions([table[name] for name in JUDGING])
    reasons = menu.addMenu("Reject because")
    _fill_reasons(reasons, culling)
    menu.addSeparator()
    menu.addActions([table[name] for name in REST])
    menu.popup(place)
    return menu


def open_reasons(culling: Culling, parent: QWidget) -> QMenu:
    """Ask in the middle of the parent why what is selected is rejected; one more key tells."""
    menu = _menu(parent)
    _fill_reasons(menu, culling)
    menu.popup(parent.mapToGlobal(parent.rect().center()))
    return menu


def _menu(parent: QWidget) -> QMenu:
    menu = KeyMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _fill_reasons(menu: QMenu, culling: Culling) -> None:
    for key, reason in REASON_KEYS.items():
        at = reason.value.upper().find(key)
        words = reason.value.capitalize()
        action = menu.addAction(f"{words[:at]}&{words[at:]}")
        action.triggered.connect(partial(culling.reject, reason))
