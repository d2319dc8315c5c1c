"""What tools show of a picture, before a step and with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from curator.core.recipe import Recipe
from curator.core.regions import Stroke
from curator.core.steps import Crop, CutOut, Pad, Paint, Turn, Upscale
from curator.imaging.preview import picture_before, with_step
from curator.imaging.render import render
from tests.helpers import pictures
from tests.imaging.test_render import LIMIT, record


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    pictures.draw(1, (96, 64)).save(tmp_path / "a.png")
    return tmp_path


def test_the_picture_before_a_step_has_the_steps_before_it(drawn: Path) -> None:
    recipe = Recipe((Turn(1), Crop(0, 0, 32, 48, 64, 96), Pad(1, 1)))
    image = record("a.png", recipe.to_json())
    sizes = [picture_before(image, recipe, at, drawn, 500, LIMIT).size for at in range(4)]
    assert sizes == [(96, 64), (64, 96), (32, 48), (48, 48)]
    assert max(picture_before(image, recipe, 0, drawn, 30, LIMIT).size) == 30


def test_what_takes_a_model_is_stood_in_for(drawn: Path) -> None:
    recipe = Recipe((Upscale(4.0, "some-model"), CutOut("another"), Turn(1)))
    image = replace(record("a.png", recipe.to_json()), sha256="0" * 64)
    assert picture_before(image, recipe, 3, drawn, 500, LIMIT).size == (256, 384)


def test_a_step_on_the_whole_picture_is_what_the_recipe_makes(drawn: Path) -> None:
    stroke = Stroke(((0.2, 0.5), (0.8, 0.5)), 0.1)
    recipe = Recipe((Turn(2), Paint((stroke,), "black")))
    image = record("a.png", recipe.to_json())
    before = picture_before(image, recipe, 1, drawn, 500, LIMIT)
    made = with_step(recipe.steps[1], before, drawn)
    assert np.array_equal(np.asarray(made), np.asarray(render(image, drawn, LIMIT)))


def test_a_cut_out_by_hand_is_shown_at_once(drawn: Path) -> None:
    kept = Stroke(((0.5, 0.5),), 0.3)
    dropped = Stroke(((0.0, 0.05), (1.0, 0.05)), 0.1)
    picture = picture_before(record("a.png"), Recipe(), 0, drawn, 500, LIMIT)
    made = with_step(CutOut("hand", "transparent", (kept,), (dropped,)), picture, drawn)
    assert made.mode == "RGBA"
    alpha = np.asarray(made)[..., 3]
    assert alpha[32, 48] == 255
    assert alpha[1, 48] == 0
