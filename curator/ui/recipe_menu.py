"""Rules kept under a name: loaded into a list of rules, kept from it, forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QWidget

from curator.core.caption_recipes import (
    BUILT_IN,
    DESCRIPTIONS,
    CaptionRecipe,
    own_recipes,
    recipes_text,
)
from curator.core.errors import UserError
from curator.core.rule_context import CaptionRule
from curator.ui.context import Context
from curator.ui.notices import Notice
from curator.ui.theme import STEP_PX

NAME_HINT = "Name of the recipe"
NO_RULES = "There is no rule to keep."


class RecipeMenu(QWidget):
    """A button with a menu, and beside it the line for a name while one is asked for."""

    loaded = Signal(object)  # a CaptionRecipe
    name_given = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.button = QPushButton("Recipes", autoDefault=False)
        self.button.setToolTip("Load rules that are kept under a name, or keep these")
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
        self.name.returnPressed.connect(self._give_name)
        self.name.editingFinished.connect(self.name.hide)

    def fill(self) -> None:
        """Offer what there is now."""
        self.menu.clear()
        own = self._own()
        for recipe in own.values():
            self.menu.addAction(recipe.name, partial(self.loaded.emit, recipe))
        self.menu.addSeparator()
        for recipe in BUILT_IN.values():
            if recipe.rules:
                action = self.menu.addAction(recipe.name, partial(self.loaded.emit, recipe))
                action.setToolTip(DESCRIPTIONS[recipe.name])
        self.menu.addSeparator()
        self.menu.addAction("Keep these rules as…", self.ask_name)
        forget = self.menu.addMenu("Forget")
        forget.setEnabled(bool(own))
        for name in own:
            forget.addAction(name, partial(self._forget, name))

    def ask_name(self) -> None:
        """Have a name typed for the rules."""
        self.name.clear()
        self.name.show()
        self.name.setFocus()

    def _give_name(self) -> None:
        name = self.name.text().strip()
        self.name.hide()
        if name:
            self.name_given.emit(name)

    def keep(self, name: str, rules: Iterable[CaptionRule]) -> None:
        """Keep rules under a name, in place of those that were kept under it."""
        rules = tuple(rules)
        if not rules:
            self._context.tell(Notice(NO_RULES))
            return
        own = self._own()
        before = own.get(name, CaptionRecipe(name))
        own[name] = CaptionRecipe(name, before.part, rules)
        self._write(own.values())

    def _forget(self, name: str) -> None:
        self._write(recipe for recipe in self._own().values() if recipe.name != name)

    def _own(self) -> dict[str, CaptionRecipe]:
        try:
            return own_recipes(self._context.project.settings)
        except UserError as error:
            self._context.tell_error(error)
            return {}

    def _write(self, recipes: Iterable[CaptionRecipe]) -> None:
        try:
            text = recipes_text(recipes)
        except UserError as error:
            self._context.tell_error(error)
        else:
            self._context.change_settings({"recipes": text})
