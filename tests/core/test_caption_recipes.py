"""Caption recipes: kept with the project, one for each kind of base model, applied at export."""

from __future__ import annotations

from pathlib import Path

import pytest

from curator.core.caption_recipes import (
    AS_IT_IS,
    BUILT_IN,
    DESCRIPTIONS,
    TAGS,
    TEXT,
    TEXT_TAGS,
    CaptionRecipe,
    chosen_names,
    chosen_text,
    exported_lines,
    own_recipes,
    read_recipe,
    recipe_for,
    recipe_from,
    recipe_named,
    recipe_row,
    recipes_text,
)
from curator.core.captions import training_line
from curator.core.dataset_plan import plan_dataset
from curator.core.edits import set_rating
from curator.core.errors import UserError
from curator.core.project import Project
from curator.core.records import Rating
from curator.core.rule_context import RuleContext
from curator.core.settings import ProjectSettings
from curator.core.tag_rules import Delete
from tests.helpers.projects import fill

OWN = CaptionRecipe("mine", TAGS, (Delete("hat"),))
CAPTION = "fr3dd1e, name_\\(x\\), ^_^\nA cat sits\non grass."
CONTEXT = RuleContext([("fr3dd1e",)])


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("as it is", "fr3dd1e, name_\\(x\\), ^_^, A cat sits on grass."),
        ("booru", "fr3dd1e, name (x), ^_^, A cat sits on grass."),
        ("tags", "fr3dd1e, name (x), ^_^"),
        ("text", "fr3dd1e, A cat sits on grass."),
        ("text first", "fr3dd1e, A cat sits on grass., name (x), ^_^"),
        ("underscores", "fr3dd1e, name_(x), ^_^"),
    ],
)
def test_what_ships_exports_what_it_says(name: str, line: str) -> None:
    assert exported_lines(BUILT_IN[name], [CAPTION], CONTEXT) == [line]
    assert DESCRIPTIONS[name]


@pytest.mark.parametrize("caption", ["", " a ,b,", "a\n\nText.", "\nText.", "a,\n\n", "a\r\nb"])
def test_without_a_recipe_captions_are_exported_as_ever(caption: str) -> None:
    assert exported_lines(AS_IT_IS, [caption]) == [training_line(caption)]


def test_a_text_that_names_the_trigger_needs_no_other() -> None:
    recipe = CaptionRecipe("", TEXT)
    assert exported_lines(recipe, ["fr3dd1e, hat\nA fr3dd1e sits."], CONTEXT) == ["A fr3dd1e sits."]
    assert exported_lines(recipe, ["fr3dd1e, hat"], CONTEXT) == [""]
    assert exported_lines(CaptionRecipe("", TEXT_TAGS), ["fr3dd1e, hat"], CONTEXT) == [
        "fr3dd1e, hat"
    ]


def test_own_recipes_are_kept_in_a_setting() -> None:
    settings = ProjectSettings(recipes=recipes_text([OWN]))
    assert own_recipes(settings) == {"mine": OWN}
    assert recipe_named(settings, "mine") == OWN
    assert recipe_from(recipe_row(OWN)) == OWN
    assert recipes_text([]) == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "can't be read"),
        ("7", "can't be read"),
        ('{"version": 2}', "another version"),
        ('{"part": "all"}', "can't export"),
        ('{"part": ["tags"]}', "can't export"),
        ('{"name": "a\\nb"}', "line break"),
        ('{"rules": [{"rule": "x"}]}', "no rule"),
    ],
)
def test_a_file_that_is_no_recipe_is_refused(text: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_recipe(text)


def test_a_list_of_rules_is_a_recipe() -> None:
    assert read_recipe('[{"rule": "delete", "tags": "hat"}]').rules == (Delete("hat"),)


@pytest.mark.parametrize("name", ["", "a=b", "a, b", "booru"])
def test_names_that_could_not_be_chosen_are_refused(name: str) -> None:
    with pytest.raises(UserError):
        recipes_text([CaptionRecipe(name)])


def test_each_kind_of_base_model_may_have_its_own() -> None:
    chosen = {"": "booru", "sdxl": "text"}
    settings = ProjectSettings(recipe=chosen_text(chosen))
    assert chosen_names(settings) == chosen
    assert recipe_for(settings, "") == BUILT_IN["booru"]
    assert recipe_for(settings, "practice") == BUILT_IN["booru"]
    assert recipe_for(ProjectSettings()) == AS_IT_IS
    assert recipe_for(ProjectSettings(recipe="sdxl=text"), "practice") == AS_IT_IS
    with pytest.raises(UserError, match="no kind of base model"):
        recipe_for(ProjectSettings(recipe="sd9=text"))
    with pytest.raises(UserError, match='no caption recipe "nope"'):
        recipe_for(ProjectSettings(recipe="nope"))


def test_the_dataset_follows_the_recipe_and_undo_takes_it_back(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        images = fill(project, 2, ["fr3dd1e, red_hat\nA cat.", "fr3dd1e, hat"])

        project.apply(set_rating(images, Rating.PRIMARY))
        project.change_settings({"trigger": "fr3dd1e", "class": "cat", "recipe": "text"})
        first, second = plan_dataset(project).placed
        assert (first.caption, first.captioned) == ("fr3dd1e, A cat.", True)
        assert (second.caption, second.captioned) == ("fr3dd1e cat", False)
        assert project.image(1).caption == images[0].caption
        project.undo()
        assert plan_dataset(project).placed[0].caption == "fr3dd1e, red_hat, A cat."
