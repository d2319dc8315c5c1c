"""Rules kept under a name: loaded into a list of rules, kept from it, forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Signal
from typing_extensions import override

from curator.core.caption_recipes import (
    BUILT_IN,
    DESCRIPTIONS,
    CaptionRecipe,
    own_recipes,
    recipes_text,
)
from curator.core.errors import UserError
from curator.core.rule_context import CaptionRule
from curator.core.settings import ProjectSettings
from curator.ui.context import Context
from curator.ui.kept_menu import KeptMenu
from curator.ui.notices import Notice

NO_RULES = "There is no rule to keep."


class RecipeMenu(KeptMenu):
    """The recipes of the project, and those that come with the program."""

    loaded = Signal(object)  # a CaptionRecipe

    def __init__(self, context: Context) -> None:
        super().__init__(
            "Recipes", "Load rules that are kept under a name, or keep these", "recipe"
        )
        self._context = context

    def keep(self, name: str, rules: Iterable[CaptionRule]) -> None:
        """Keep rules under a name, in place of those that were kept under it."""
        rules = tuple(rules)
        if not rules:
            self._context.tell(Notice(NO_RULES))
            return

        def kept(settings: ProjectSettings) -> str:
            own = own_recipes(settings)
            before = own.get(name, CaptionRecipe(name))
            return recipes_text((own | {name: CaptionRecipe(name, before.part, rules)}).values())

        self._context.change_setting("recipes", kept)

    def _forget(self, name: str) -> None:
        def left(settings: ProjectSettings) -> str:
            own = own_recipes(settings)
            return recipes_text(recipe for recipe in own.values() if recipe.name != name)

        self._context.change_setting("recipes", left)

    def _own(self) -> dict[str, CaptionRecipe]:
        try:
            return own_recipes(self._context.project.settings)
        except UserError as error:
            self._context.tell_error(error)
            return {}

    @override
    def fill(self) -> None:
        super().fill()
        own = self._own()
        for recipe in own.values():
            self.offer(recipe.name, partial(self.loaded.emit, recipe))
        self.menu.addSeparator()
        for recipe in BUILT_IN.values():
            if recipe.rules:
                tip = DESCRIPTIONS[recipe.name]
                self.offer(recipe.name, partial(self.loaded.emit, recipe), tip)
        self.offer_keeping("Keep these rules as…", own, self._forget)
