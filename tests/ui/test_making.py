"""Heavy steps of what is looked at are made beside everything else, and shown when they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QPixmap

from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.steps import CutOut, Step
from curator.imaging.thumbnails import path_for
from curator.ui.app import App
from curator.ui.notices import Notice
from curator.ui.picture_provider import Wish
from curator.ui.session import Session
from tests.helpers import heavy_models
from tests.helpers.windows import session_of, wait_for


def give(session: Session, *steps: Step) -> int:
    """Give the first picture steps, and look at it."""
    id_ = session.context.model.ids[0]
    recipe = Recipe(steps)
    session.context.change([id_], lambda images: set_recipes("x", {images[0]: recipe}))
    wait_for(lambda: _recipe(session, id_) == recipe.to_json(), "the steps")
    return id_


def _recipe(session: Session, id_: int) -> str:
    image = session.context.model.image(id_)
    return image.recipe if image else ""


def test_what_is_seen_is_made_and_shown(window: App, tmp_path: Path) -> None:
    session = session_of(window)
    cutter = str(heavy_models.write_bright_cutter(tmp_path / "bright.onnx"))
    id_ = give(session, CutOut(cutter, "#ff0000"))
    image = session.context.project.images([id_])[0]
    wait_for(path_for(image, session.context.project.cache_dir).is_file, "the thumbnail")
    wait_for(lambda: isinstance(session.thumbnails.any_size(image), QPixmap), "it to be shown")
    session.large.wish([Wish(image)])
    wait_for(lambda: session.large.has_whole(image), "the whole picture")
    wait_for(lambda: session.large.lack(image) == "", "its steps")
    assert session.context.project.images([id_])[0].recipe == image.recipe


def test_what_can_not_be_made_is_told_once_and_shown_without_it(window: App) -> None:
    session = session_of(window)
    told: list[Notice] = []
    session.context.told.connect(told.append)
    id_ = give(session, CutOut("nowhere.onnx"))
    image = session.context.project.images([id_])[0]
    wait_for(lambda: told, "what is wrong")
    assert told[0].text == "Steps of 1 picture could not be computed."
    assert "There is no model" in told[0].hint
    session.large.wish([Wish(image)])
    wait_for(lambda: session.large.has_whole(image), "the picture without it")
    assert session.large.lack(image) == "some steps are not computed"
    session.making.want_one(image)
    assert len(told) == 1
    assert not [one for one in session.context.jobs.running if "Compute" in one.title]


@pytest.mark.parametrize("again", [1, 2])
def test_models_are_let_go_when_a_training_starts(window: App, tmp_path: Path, again: int) -> None:
    session = session_of(window)
    cutter = str(heavy_models.write_bright_cutter(tmp_path / "bright.onnx"))
    models = session.making.models
    first = models.cutter(cutter)
    assert models.cutter(cutter) is first
    for _time in range(again):
        session.training_parts.training.started.emit()
    wait_for(lambda: models.cutter(cutter) is not first, "the models to be let go")
