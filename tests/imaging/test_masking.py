"""Masks as pictures, and regions from what was cut out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from curator.core.errors import UserError
from curator.core.masks import TrainingMask
from curator.core.recipe import Recipe
from curator.core.regions import Ellipse, Polygon, Stroke
from curator.core.steps import Crop, CutOut, Resize, Turn
from curator.imaging.cutout import grab
from curator.imaging.made_steps import MadeSteps
from curator.imaging.masking import seen_subject, subject_region, traced, weights_of
from curator.imaging.render import apply
from curator.imaging.retouch import mask_of
from tests.helpers.projects import record

LEFT = Polygon(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
LIMIT = 10**8


def test_white_is_what_is_learned() -> None:
    image = replace(record(1), mask=TrainingMask((LEFT,)).to_json())
    weights = weights_of(image)
    assert weights is not None
    assert (weights.size, weights.mode) == ((640, 480), "L")
    assert weights.getpixel((100, 100)) == 255
    assert weights.getpixel((500, 100)) == 0
    outside = weights_of(replace(image, mask=TrainingMask((LEFT,), False, 0.2).to_json()))
    assert outside is not None
    assert (outside.getpixel((100, 100)), outside.getpixel((500, 100))) == (51, 255)
    assert weights_of(record(1)) is None


def test_a_mask_follows_the_recipe() -> None:
    recipe = Recipe((Crop(0, 0, 480, 480, 640, 480), Turn(1), Resize(240)))
    image = replace(record(1), mask=TrainingMask((LEFT,)).to_json(), recipe=recipe.to_json())
    weights = weights_of(image)
    assert weights is not None
    assert weights.size == (240, 240)  # the left two thirds of the crop are now its upper ones
    assert (weights.getpixel((120, 155)), weights.getpixel((120, 165))) == (255, 0)


def test_what_is_traced_covers_the_same() -> None:
    region = (Ellipse(0.5, 0.5, 0.4, 0.45), Ellipse(0.5, 0.5, 0.2, 0.2, erases=True),
              Stroke(((0.5, 0.5),), 0.1))  # fmt: skip
    mask = mask_of(region, (400, 300))
    again = mask_of(traced(mask), (400, 300))
    assert np.abs(mask - again).mean() < 0.01
    assert traced(np.zeros((30, 40), np.float32)) == ()
    assert np.all(mask_of(traced(np.ones((30, 40), np.float32)), (40, 30))[1:-1, 1:-1] == 1)


def test_the_subject_is_what_a_cut_out_leaves(tmp_path: Path) -> None:
    pixels = np.full((240, 320, 3), (30, 60, 200), np.uint8)
    pixels[60:180, 100:220] = (220, 180, 40)
    (tmp_path / "images").mkdir()
    Pillow.fromarray(pixels).save(tmp_path / "images" / "1.png")
    inside = (Stroke(((0.35, 0.5), (0.65, 0.5)), 0.05),)
    around = (Stroke(((0.05, 0.05), (0.95, 0.05), (0.95, 0.95), (0.05, 0.95)), 0.05),)
    cut = CutOut("hand", "white", inside, around)
    recipe = Recipe((Turn(2), cut, Resize(50)))
    image = record(1, path="images/1.png", width=320, height=240, recipe=recipe.to_json())
    with pytest.raises(UserError, match="not computed"):
        subject_region(image, tmp_path, LIMIT)
    picture = apply(Recipe(recipe.steps[:1]), Pillow.fromarray(pixels))
    MadeSteps(tmp_path / "cache", image, recipe).keep_mask(1, grab(cut, picture))
    mask = mask_of(subject_region(image, tmp_path, LIMIT), (320, 240))
    wanted = np.zeros((240, 320), np.float32)
    wanted[60:180, 100:220] = 1
    assert np.abs(mask - wanted).mean() < 0.02
    with pytest.raises(UserError, match="no cut-out"):
        subject_region(replace(image, recipe=""), tmp_path, LIMIT)


def test_a_masked_subject_is_seen_where_the_recipe_shows_it(tmp_path: Path) -> None:
    figure = (Ellipse(0.5, 0.25, 0.1, 0.2), Ellipse(0.5, 0.7, 0.2, 0.25))  # a head and a body
    recipe = Recipe((Crop(160, 0, 480, 480, 640, 480),))
    image = replace(record(1), mask=TrainingMask(figure).to_json(), recipe=recipe.to_json())
    whole, cropped = (seen_subject(image, place, tmp_path, LIMIT) for place in (0, 1))
    assert whole is not None
    assert whole[:4] == pytest.approx((0.3, 0.05, 0.7, 0.95), abs=0.01)
    left, top, wide, high = whole.face
    assert 0.4 < left < 0.5 < left + wide < 0.6
    assert 0.05 < top < top + high < 0.5
    assert cropped is not None
    assert cropped[:4] == pytest.approx((0.1, 0.05, 0.9, 0.95), abs=0.01)
    without = replace(image, mask=TrainingMask(figure, learns_inside=False).to_json())
    assert seen_subject(without, 0, tmp_path, LIMIT) is None
