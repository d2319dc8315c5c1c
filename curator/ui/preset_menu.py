"""Presets in a menu: applied to what is selected, kept from a picture's steps, forgotten."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from curator.core.errors import UserError
from curator.core.recipe import Recipe
from curator.core.recipe_plans import Plan
from curator.core.recipe_presets import BUILT_IN, own_presets, presets_text
from curator.ui.context import Context
from curator.ui.key_menu import KeyMenu
from curator.ui.notices import Notice
from curator.ui.theme import STEP_PX

NAME_HINT = "Name of the preset"
NO_STEPS = "The current picture has no steps to keep."


class PresetMenu(QWidget):
    """A button with the menu, and beside it the line for a name while one is asked for."""

    chosen = Signal(object)  # a Plan

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.menu = KeyMenu(self)
        self.button = QPushButton("Presets", autoDefault=False)
        self.button.setToolTip("Add steps to what is selected, or keep these under a name")
        self.button.setMenu(self.menu)
        self.name = QLineEdit(placeholderText=NAME_HINT)
        self.name.setAccessibleName(NAME_HINT)
        self.name.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(STEP_PX)
        row.addWidget(self.button)
        row.addWidget(self.name, 1)
        self.menu.aboutToShow.connect(self.fill)
        self.name.returnPressed.connect(self._keep_named)
        self.name.editingFinished.connect(self.name.hide)

    def fill(self) -> None:
        """Offer what there is now."""
        self.menu.clear()
        own = self._own()
        for name, plan in {**own, **BUILT_IN}.items():
            if name == next(iter(BUILT_IN)) and own:
                self.menu.addSeparator()
            title = f"{name[:1].upper()}{name[1:]}" if name in BUILT_IN else name
            self.menu.addAction(title.replace("&", "&&"), partial(self.chosen.emit, plan))
        self.menu.addSeparator()
        self.menu.addAction("Keep these steps as…", self.ask_name)
        forget = self.menu.addMenu("Forget")
        forget.setEnabled(bool(own))
        for name in own:
            forget.addAction(name.replace("&", "&&"), partial(self._forget, name))

    def ask(self, over: QWidget) -> None:
        """Open the menu in the middle of a widget."""
        self.fill()
        self.menu.popup(over.mapToGlobal(over.rect().center()))

    def ask_name(self) -> None:
        """Have a name typed for the steps of the current picture."""
        self.name.clear()
        self.name.show()
        self.name.setFocus()

    def _keep_named(self) -> None:
        name = self.name.text().strip()
        self.name.hide()
        if name:
            self.keep(name)

    def keep(self, name: str) -> None:
        """Keep the steps of the current picture, in place of those that were kept as this."""
        image = self._context.current
        try:
            plan = Recipe.from_json(image.recipe).active if image is not None else ()
        except UserError as error:
            self._context.tell_error(error)
            return
        if plan:
            self._write({**self._own(), name: plan})
        else:
            self._context.tell(Notice(NO_STEPS))

    def _forget(self, name: str) -> None:
        self._write({one: plan for one, plan in self._own().items() if one != name})

    def _own(self) -> dict[str, Plan]:
        try:
            return own_presets(self._context.project.settings)
        except UserError as error:
            self._context.tell_error(error)
            return {}

    def _write(self, presets: dict[str, Plan]) -> None:
        try:
            text = presets_text(presets)
        except UserError as error:
            self._context.tell_error(error)
        else:
            self._context.change_settings({"presets": text})
