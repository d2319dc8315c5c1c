"""Heavy steps of what is looked at are made beside everything else, and shown when they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from curator.core.jobs import Job
from curator.core.project import Project
from curator.core.recipe import Recipe
from curator.core.recipe_edits import set_recipes
from curator.core.steps import Adjust, Crop, CutOut, Pad, Resize, Step, Straighten, Upscale
from curator.imaging.thumbnails import path_for
from curator.tasks.make_steps import make_missing
from curator.tasks.render_images import render_images
from curator.ui.app import App
from curator.ui.notices import Notice
from curator.ui.picture_provider import PictureProvider, Wish
from curator.ui.session import Session
from tests.helpers import heavy_models
from tests.helpers.imported import bring_in
from tests.helpers.pictures import photo
from tests.helpers.windows import make_project, session_of, settle, wait_for


@pytest.fixture
def window(open_window: Callable[..., App], tmp_path: Path) -> App:
    """A window on a project of three pictures."""
    return open_window(make_project(tmp_path, 3))


def give(session: Session, *steps: Step) -> int:
    """Give the first picture steps, and look at it."""
    id_ = session.context.model.ids[0]
    recipe = Recipe(steps)
    session.context.change([id_], lambda images: set_recipes("x", {images[0]: recipe}))
    wait_for(lambda: _recipe(session, id_) == recipe.to_json(), "the steps")
    settle(session.context)
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


def test_what_is_shown_at_100_percent_is_what_is_written(
    project: Project, tmp_path: Path, qtbot: QtBot
) -> None:
    doubler = str(heavy_models.write_doubler(tmp_path / "doubler.onnx"))
    photos = {"a.jpg": photo(1, (1600, 1200)), "b.jpg": photo(2, (300, 200))}
    bring_in(project, tmp_path / "in", photos)
    first, second = project.images(project.select())
    steps = {
        first: Recipe((Crop(0, 0, 1200, 1200, 1600, 1200), Resize(256), Adjust(0.3))),
        second: Recipe((Upscale(3, doubler), Straighten(4), Pad(1, 1, "blur"))),
    }
    project.apply(set_recipes("x", steps))
    images = project.images(project.select())
    report = render_images(Job(), project, images, tmp_path / "out", ".png", make_missing)
    provider = PictureProvider(project, 1 << 30)
    provider.wish([Wish(image) for image in images])
    wait_for(lambda: all(provider.has_whole(image) for image in images), "the pictures")
    for image, (_id, path) in zip(images, report.written, strict=True):
        shown = provider.get(image)[-1]
        with Pillow.open(path) as written:
            assert (shown.width(), shown.height()) == written.size
            assert bytes(shown.constBits()) == written.tobytes("raw", "BGRX")
    provider.close()


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


def test_what_could_not_be_made_is_tried_again_when_a_model_has_come(
    window: App, tmp_path: Path
) -> None:
    session = session_of(window)
    path = tmp_path / "later.onnx"
    id_ = give(session, CutOut(str(path)))
    image = session.context.project.images([id_])[0]
    wait_for(lambda: session.notices.lines(), "what is wrong")
    heavy_models.write_bright_cutter(path)
    session.making.try_again()
    wait_for(path_for(image, session.context.project.cache_dir).is_file, "the thumbnail")


def test_while_a_training_runs_nothing_is_made_and_models_are_let_go(
    window: App, tmp_path: Path
) -> None:
    session = session_of(window)
    cutter = str(heavy_models.write_bright_cutter(tmp_path / "bright.onnx"))
    making, training = session.making, session.training_parts.training
    first = making.models.cutter(cutter)
    training.started.emit()
    wait_for(lambda: making.models.cutter(cutter) is not first, "the models to be let go")
    id_ = give(session, CutOut(cutter))
    image = session.context.project.images([id_])[0]
    session.large.wish([Wish(image)])
    wait_for(lambda: session.large.lack(image) == "some steps are not computed", "the picture")
    training.ended.emit()
    wait_for(lambda: not session.large.lack(image), "its steps")
