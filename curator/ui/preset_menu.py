"""Presets in a menu: applied to what is selected, kept from a picture's steps, forgotten."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from curator.core.errors import UserError
from curator.core.recipe import Recipe
from curator.core.recipe_plans import Plan
from curator.core.recipe_presets import BUILT_IN, own_presets, presets_text
from curator.core.settings import ProjectSettings
from curator.ui.context import Context
from curator.ui.kept_menu import KeptMenu
from curator.ui.notices import Notice

NO_STEPS = "The current picture has no steps to keep."


class PresetMenu(KeptMenu):
    """The presets of the project, and those that come with the program."""

    chosen = Signal(object)  # a Plan

    def __init__(self, context: Context) -> None:
        tip = "Add steps to what is selected, or keep these under a name"
        super().__init__("Presets", tip, "preset")
        self._context = context
        self.name_given.connect(self.keep)

    def ask(self, over: QWidget) -> None:
        """Open the menu in the middle of a widget."""
        self.fill()
        self.menu.popup(over.mapToGlobal(over.rect().center()))

    def keep(self, name: str) -> None:
        """Keep the steps of the current picture, in place of those that were kept as this."""
        image = self._context.current
        try:
            plan = Recipe.from_json(image.recipe).active if image is not None else ()
        except UserError as error:
            self._context.tell_error(error)
            return
        if not plan:
            self._context.tell(Notice(NO_STEPS))
            return

        def kept(settings: ProjectSettings) -> str:
            return presets_text(own_presets(settings) | {name: plan})

        self._context.change_setting("presets", kept)

    def _forget(self, name: str) -> None:
        def left(settings: ProjectSettings) -> str:
            own = own_presets(settings)
            return presets_text({one: plan for one, plan in own.items() if one != name})

        self._context.change_setting("presets", left)

    def _own(self) -> dict[str, Plan]:
        try:
            return own_presets(self._context.project.settings)
        except UserError as error:
            self._context.tell_error(error)
            return {}

    @override
    def fill(self) -> None:
        super().fill()
        own = self._own()
        for name, plan in own.items():
            self.offer(name, partial(self.chosen.emit, plan))
        if own:
            self.menu.addSeparator()
        for name, plan in BUILT_IN.items():
            self.offer(f"{name[:1].upper()}{name[1:]}", partial(self.chosen.emit, plan))
        self.offer_keeping("Keep these steps as…", own, self._forget)
