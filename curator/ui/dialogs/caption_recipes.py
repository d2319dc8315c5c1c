"""How captions are exported: a recipe for all base models or for each kind, shown at a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from curator.core.caption_recipes import (
    BUILT_IN,
    DESCRIPTIONS,
    FAMILIES,
    PARTS,
    CaptionRecipe,
    all_recipes,
    chosen_names,
    chosen_text,
    exported_lines,
    own_recipes,
    recipe_for,
    recipes_text,
)
from curator.core.captions import count_tokens
from curator.core.edits import SETTING, Edit
from curator.core.errors import UserError
from curator.core.readable import count
from curator.core.records import Image
from curator.core.settings import ProjectSettings
from curator.core.view import ProjectView
from curator.ui.context import Context
from curator.ui.rule_list import in_words
from curator.ui.theme import MUTED, STEP_PX, embolden

TITLE = "Captions at export"
HOW = (
    "A recipe says what an export and a training make of the captions; the captions themselves"
    " stay as they are. Rules of your own become a recipe in “Edit many captions”."
)
EVERY, SAME = "All base models", "as for all"
NO_PICTURE = "No picture is chosen."
SIZE_PX = (600, 460)
_SETTINGS = ("recipe", "recipes", "base")


@dataclass(frozen=True, slots=True)
class _Exported:
    name: str  # of the picture
    lines: Mapping[str, str]  # by recipe
    recipes: Mapping[str, CaptionRecipe]
    used: str  # the name of the recipe that the project's base model gets
    problem: str = ""


class CaptionRecipesDialog(QDialog):
    """Choices above, what comes of the current picture's caption below."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._looked_at = ""  # the recipe that is explained
        self.setWindowTitle(TITLE)
        self.resize(*SIZE_PX)
        self.choices: dict[str, QComboBox] = {}
        self.about = QLabel(wordWrap=True)
        self.part = QComboBox()
        self.part.setAccessibleName("What is exported")
        for part, words in PARTS.items():
            self.part.addItem(words[0].upper() + words[1:], part)
        self.rules_button = QPushButton("Edit its rules…", autoDefault=False)
        self.line = QLabel(wordWrap=True)
        self.line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.length = QLabel(wordWrap=True)
        self.length.setForegroundRole(MUTED)
        self.close_button = QPushButton("Close", autoDefault=False)
        self._lay_out()
        self.part.activated.connect(lambda _at: self._change_part())
        self.rules_button.clicked.connect(self._edit_rules)
        self.close_button.clicked.connect(self.close)
        context.edited.connect(self._hear)
        context.selection.current_changed.connect(self._look)

    def _lay_out(self) -> None:
        how = QLabel(HOW, wordWrap=True)
        how.setForegroundRole(MUTED)
        form = QFormLayout()
        for family, title in {"": EVERY, **FAMILIES}.items():
            box = QComboBox()
            box.activated.connect(partial(self._choose, family))
            self.choices[family] = box
            form.addRow(title, box)
        own = QHBoxLayout()
        own.addWidget(self.part, 1)
        own.addWidget(self.rules_button)
        heading = QLabel("What becomes of the picture's caption")
        embolden(heading)
        foot = QHBoxLayout()
        foot.addWidget(self.length, 1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP_PX)
        column.addWidget(how)
        column.addLayout(form)
        column.addWidget(self.about)
        column.addLayout(own)
        column.addWidget(heading)
        column.addWidget(self.line, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(foot)

    def bring_up(self) -> None:
        """Show it, in front of the others."""
        self.show()
        self._fill()
        self.raise_()
        self.activateWindow()

    # -- what is chosen

    def _hear(self, edit: Edit) -> None:
        if not self.isVisible():
            return
        if any(record == SETTING and name in _SETTINGS for record, name in edit.touched):
            self._fill()
        else:
            self._look()

    def _fill(self) -> None:
        settings = self._context.project.settings
        try:
            recipes, chosen = all_recipes(settings), chosen_names(settings)
        except UserError as error:
            self._context.tell_error(error)
            return
        for family, box in self.choices.items():
            box.clear()
            if family:
                box.addItem(SAME, "")
            for name in recipes:
                box.addItem(name, name)
                tip = DESCRIPTIONS.get(name, _rules_in_words(recipes[name]))
                box.setItemData(box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
            box.setCurrentIndex(max(box.findData(chosen.get(family, "")), 0))
        if self._looked_at not in recipes:
            self._looked_at = str(self.choices[""].currentData())
        self._look()

    def _choose(self, family: str, _at: int) -> None:
        names = {one: str(box.currentData()) for one, box in self.choices.items()}
        self._looked_at = names[family] or names[""]
        if names[""] == next(iter(BUILT_IN)):
            names[""] = ""  # as it is, which is what holds without a choice
        self._context.change_settings({"recipe": chosen_text(names)})
        self._look()

    # -- what comes of it

    def _look(self) -> None:
        if self.isVisible():
            project, image = self._context.project, self._context.current
            self._context.read(lambda: _exported(project, image), self._show, key="exported")

    def _show(self, found: _Exported) -> None:
        recipe = found.recipes.get(self._looked_at)
        if recipe is None:
            self.line.setText(found.problem)
            self.part.setEnabled(False)
            self.rules_button.setEnabled(False)
            return
        is_own = recipe.name not in BUILT_IN
        words = DESCRIPTIONS.get(recipe.name) or _rules_in_words(recipe)
        self.about.setText(f"{recipe.name}: {words}")
        self.part.setCurrentIndex(self.part.findData(recipe.part))
        self.part.setEnabled(is_own)
        self.rules_button.setEnabled(is_own)
        line = found.lines.get(recipe.name)
        used = "" if recipe.name == found.used or found.problem else f" (in use: {found.used})"
        self.line.setText(found.problem or (line if found.name else NO_PICTURE) or "No caption.")
        tokens = f"{count(count_tokens([line or ''])[0], 'token')}, " if line else ""
        self.length.setText(f"{tokens}from {found.name}{used}" if found.name else "")

    def _change_part(self) -> None:
        name, part = self._looked_at, str(self.part.currentData())

        def changed(settings: ProjectSettings) -> str:
            own = own_recipes(settings)
            return recipes_text(
                replace(one, part=part) if one.name == name else one for one in own.values()
            )

        self._context.change_setting("recipes", changed)

    def _edit_rules(self) -> None:
        recipe = own_recipes(self._context.project.settings).get(self._looked_at)
        if recipe is not None:
            self._context.rules_wanted.emit(list(recipe.rules), None)


def _rules_in_words(recipe: CaptionRecipe) -> str:
    return "; ".join(map(in_words, recipe.rules)) or "no rules"


def _exported(project: ProjectView, image: Image | None) -> _Exported:
    """What each recipe makes of a picture's caption."""
    from curator.core.caption_context import project_context  # NumPy

    settings = project.settings
    try:
        used = recipe_for(settings)
        recipes = all_recipes(settings)
        if image is None:
            return _Exported("", {}, recipes, used.name)
        context = project_context(project, [image])
        lines = {
            name: exported_lines(recipe, [image.caption], context)[0]
            for name, recipe in recipes.items()
        }
    except UserError as error:
        return _Exported("", {}, BUILT_IN, "", f"{error}")
    return _Exported(image.name, lines, recipes, used.name)
