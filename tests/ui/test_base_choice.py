"""The choice of a base model: what is offered, in which order, and what is said of it."""

from __future__ import annotations

from pathlib import Path

from curator.core.base_models import PRACTICE, BaseModel
from curator.core.run_draft import RunDraft
from curator.ui.base_choice import BaseChoice
from curator.ui.context import Context
from curator.ui.theme import WARNING


def offered(choice: BaseChoice) -> list[str]:
    return [choice.combo.itemData(at) for at in range(choice.combo.count())]


def draft_of(base: BaseModel, size: int = 0) -> RunDraft:
    return RunDraft("", "", base, size, None, None)


def test_the_one_used_last_is_chosen_where_the_project_has_none(context: Context) -> None:
    context.preferences.remember_base("/models/a.safetensors")
    context.preferences.remember_base("/models/b.safetensors")
    choice = BaseChoice(context)
    choice.offer("")
    assert offered(choice) == ["/models/b.safetensors", "/models/a.safetensors", "practice"]
    assert choice.value() == "/models/b.safetensors"


def test_the_projects_own_comes_first(context: Context) -> None:
    context.preferences.remember_base("/models/b.safetensors")
    choice = BaseChoice(context)
    choice.offer("/models/own.safetensors")
    assert choice.value() == "/models/own.safetensors"
    assert choice.combo.currentText() == "own"


def test_the_practice_model_is_chosen_where_there_is_no_other(context: Context) -> None:
    choice = BaseChoice(context)
    choice.offer("")
    assert (choice.value(), choice.combo.currentText()) == ("practice", PRACTICE.title)


def test_it_says_what_is_chosen_or_why_one_cannot_train_on_it(context: Context) -> None:
    choice = BaseChoice(context)
    choice.describe(draft_of(BaseModel(Path("x"), "sd1", "x", trainable=True), 2_130_000_000))
    assert choice.about.text() == "Stable Diffusion 1.x, 2.1 GB"
    choice.describe(draft_of(BaseModel(Path("x"), "sdxl", "x", False, "not yet trained here")))
    assert choice.about.text() == "Not yet trained here"
    assert choice.about.foregroundRole() == WARNING
