"""Caption recipes: what an export makes of captions, which themselves stay as they are.

A recipe is rules under a name and a choice of what is exported; a project has one for all base
models or one for each kind of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.base_models import recognise
from curator.core.caption_rules import NOTHING_KNOWN, apply_rules, rule_row, rules_from
from curator.core.captions import (
    one_line,
    split_caption,
    split_tags,
    training_line,
)
from curator.core.errors import UserError
from curator.core.naming import check_line
from curator.core.rule_context import CaptionRule, RuleContext
from curator.core.settings import ProjectSettings
from curator.core.spelling_rules import Escapes, Underscores, Weights
from curator.core.triggers import is_pinned, split_pinned
from trainer.base_kinds import TITLES

VERSION = 1
FAMILIES: Mapping[str, str] = TITLES  # of base models, each of which may have its recipe
TAGS, TEXT, TAGS_TEXT, TEXT_TAGS = "tags", "text", "tags, text", "text, tags"
# What is exported, in this order; triggers come first in each, unless the text names them.
PARTS: Mapping[str, str] = {
    TAGS_TEXT: "the tags, then the text below them",
    TEXT_TAGS: "the text, then the tags",
    TAGS: "the tags alone",
    TEXT: "the text alone",
}


@dataclass(frozen=True, slots=True)
class CaptionRecipe:
    """Rules in their order, and which part of a caption is exported after them: one of `PARTS`."""

    name: str
    part: str = TAGS_TEXT
    rules: tuple[CaptionRule, ...] = ()


AS_IT_IS = CaptionRecipe("as it is")
_PLAIN = (Underscores("spaces"), Escapes("plain"), Weights())
BUILT_IN: Mapping[str, CaptionRecipe] = {
    recipe.name: recipe
    for recipe in (
        AS_IT_IS,
        CaptionRecipe("booru", TAGS_TEXT, _PLAIN),
        CaptionRecipe("tags", TAGS, _PLAIN),
        CaptionRecipe("text", TEXT),
        CaptionRecipe("text first", TEXT_TAGS, _PLAIN),
        CaptionRecipe(
            "underscores", TAGS, (Escapes("plain"), Weights(), Underscores("underscores"))
        ),
    )
}
DESCRIPTIONS: Mapping[str, str] = {
    "as it is": "Tags, then text, written as in the project.",
    "booru": "Tags, then text; spaces for underscores, no escapes or weights.",
    "tags": "Tags alone, written as in booru.",
    "text": "Triggers, then text alone; for base models that were taught sentences.",
    "text first": "Triggers, text, then tags.",
    "underscores": "Tags alone, with underscores for spaces.",
}


def recipe_row(recipe: CaptionRecipe) -> dict[str, Any]:
    """A recipe as what JSON holds."""
    rules = [rule_row(rule) for rule in recipe.rules]
    return {"version": VERSION, "name": recipe.name, "part": recipe.part, "rules": rules}


def recipe_from(row: object) -> CaptionRecipe:
    """The inverse of `recipe_row`; a bare list is rules without a name. Raises UserError."""
    if isinstance(row, list):
        return CaptionRecipe("", TAGS_TEXT, rules_from(row))
    if not isinstance(row, dict):
        raise UserError("The caption recipe can't be read.", "It is an object or list in JSON.")
    if row.get("version", VERSION) != VERSION:
        raise UserError(
            "The caption recipe is of another version of Curator.", "Update Curator to use it."
        )
    part, name = str(row.get("part", TAGS_TEXT)), str(row.get("name", ""))
    if part not in PARTS:
        quoted = " or ".join(f'"{one}"' for one in PARTS)
        raise UserError(f'A caption recipe can\'t export "{part}".', f"Use {quoted}.")
    check_line("The name of a caption recipe", name)
    return CaptionRecipe(name, part, rules_from(row.get("rules", [])))


def read_recipe(text: str) -> CaptionRecipe:
    """A recipe from a file that somebody wrote or was given. Raises UserError."""
    return recipe_from(_parsed(text))


def own_recipes(settings: ProjectSettings) -> dict[str, CaptionRecipe]:
    """The project's own recipes by name. Raises UserError for what can't be read."""
    rows = _parsed(settings.recipes) if settings.recipes else []
    recipes = [recipe_from(row) for row in (rows if isinstance(rows, list) else [rows])]
    return {recipe.name: recipe for recipe in recipes}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"The caption recipe can't be read: {error}.", "It is no JSON.") from None


def recipes_text(recipes: Iterable[CaptionRecipe]) -> str:
    """What the setting `recipes` holds for the project's own recipes. Raises UserError."""
    rows = []
    for recipe in recipes:
        if not recipe.name.strip() or set(recipe.name) & set("=,"):
            raise UserError(
                f'A caption recipe can\'t be called "{recipe.name}".',
                "Give it a name without commas and =.",
            )
        if recipe.name in BUILT_IN:
            raise UserError(f'"{recipe.name}" comes with Curator.', "Choose another name.")
        rows.append(recipe_row(recipe))
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def all_recipes(settings: ProjectSettings) -> dict[str, CaptionRecipe]:
    """What ships and the project's own, by name."""
    return {**BUILT_IN, **own_recipes(settings)}


def chosen_names(settings: ProjectSettings) -> dict[str, str]:
    """The recipe's name by family, under "" for all that are not named. Raises UserError."""
    names = {}
    for part in split_tags(settings.recipe):
        family, sign, name = (one.strip() for one in part.rpartition("="))
        if sign and family not in FAMILIES:
            raise UserError(
                f'"{family}" is no kind of base model.', f"There are {', '.join(FAMILIES)}."
            )
        names[family] = name
    return names


def chosen_text(names: Mapping[str, str]) -> str:
    """What the setting `recipe` holds for these names by family."""
    some = {family: name for family, name in sorted(names.items()) if name}
    return ", ".join(f"{family}={name}" if family else name for family, name in some.items())


def recipe_named(settings: ProjectSettings, name: str) -> CaptionRecipe:
    """The recipe of this name. Raises UserError naming those there are."""
    recipes = all_recipes(settings)
    if name not in recipes:
        raise UserError(f'There is no caption recipe "{name}".', f"There are {', '.join(recipes)}.")
    return recipes[name]


def check_recipes(stored: Mapping[str, str]) -> None:
    """Refuse settings, as they are stored, whose recipes are not there. Raises UserError."""
    settings = ProjectSettings(recipe=stored.get("recipe", ""), recipes=stored.get("recipes", ""))
    for name in filter(None, chosen_names(settings).values()):
        recipe_named(settings, name)
    recipes_text(own_recipes(settings).values())


def recipe_for(settings: ProjectSettings, base: str | None = None) -> CaptionRecipe:
    """The recipe that an export uses for a base model, the project's if None. Raises UserError.

    The base model's file is looked at only where its kind makes a difference.
    """
    names = chosen_names(settings)
    every = names.pop("", "")
    name = every
    if names:
        path = settings.base if base is None else base
        name = names.get(recognise(Path(path)).kind if path else "", every)
    return recipe_named(settings, name) if name else AS_IT_IS


def exported_lines(
    recipe: CaptionRecipe, captions: Sequence[str], context: RuleContext = NOTHING_KNOWN
) -> list[str]:
    """Each caption in the one line that trainers read; "" where nothing is left of it."""
    if recipe.part == TAGS:
        captions = [split_caption(caption)[0] for caption in captions]
    ruled = apply_rules(recipe.rules, captions, context) if recipe.rules else captions
    if recipe.part in (TAGS, TAGS_TEXT):
        return list(map(training_line, ruled))
    return [_text_first(recipe, one, context.triggers_at(n)) for n, one in enumerate(ruled)]


def _text_first(recipe: CaptionRecipe, caption: str, triggers: Sequence[str]) -> str:
    tags, text = split_tags(caption), one_line(split_caption(caption)[1])
    pinned, free = split_pinned(tags, triggers)
    unnamed = [tag for tag in pinned if not _names(text, tag, triggers)]
    if recipe.part == TEXT:
        # Triggers alone say nothing that the folder's name doesn't.
        return ", ".join([*unnamed, text]) if text else ""
    return ", ".join(one for one in (*unnamed, text, *free) if one)


def _names(text: str, tag: str, triggers: Sequence[str]) -> bool:
    """Whether a text names the triggers of a pinned tag itself."""
    return all(is_pinned(text, (one,)) for one in triggers if is_pinned(tag, (one,)))
