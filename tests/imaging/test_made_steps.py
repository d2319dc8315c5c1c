"""What heavy steps gave: found again by what it was made from, shown large and small."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from curator.core.errors import UserError
from curator.core.recipe import Recipe
from curator.core.records import Image
from curator.core.steps import Crop, CutOut, Pad, Resize, Step, Turn, Upscale
from curator.imaging.made_steps import MadeSteps, delete_steps
from curator.imaging.render import NotMade, flatten, render, render_small
from tests.helpers.pictures import difference, draw, write
from tests.helpers.projects import record

LIMIT = 10**8
SIZE = (96, 64)
BIG = Upscale(2, "model")


def image_of(root: Path, *steps: Step) -> Image:
    write(root / "a.png", draw(size=SIZE))
    recipe = Recipe(steps).to_json()
    return record(1, path="a.png", width=SIZE[0], height=SIZE[1], recipe=recipe)


def made(root: Path, image: Image) -> MadeSteps:
    return MadeSteps(root / "cache", image, Recipe.from_json(image.recipe))


def left_half() -> np.ndarray:
    mask = np.zeros((SIZE[1], SIZE[0]), np.float32)
    mask[:, : SIZE[0] // 2] = 1
    return mask


def test_what_is_not_made_is_told_and_left_out_for_now(tmp_path: Path) -> None:
    image = image_of(tmp_path, CutOut("model"), BIG)
    assert made(tmp_path, image).missing() == (0, 1)
    for show in (lambda: render(image, tmp_path, LIMIT), lambda: _small(image, tmp_path)):
        with pytest.raises(NotMade, match=r"(cut-out|upscale) is not computed yet"):
            show()
    for_now = render(image, tmp_path, LIMIT, for_now=True)
    assert for_now.size == (192, 128)
    assert render_small(image, tmp_path, 90, LIMIT, for_now=True).size == (90, 60)


def _small(image: Image, root: Path) -> Pillow.Image:
    return render_small(image, root, 48, LIMIT)


def test_a_mask_is_kept_whatever_takes_the_background_s_place(tmp_path: Path) -> None:
    image = image_of(tmp_path, CutOut("model", "white"))
    made(tmp_path, image).keep_mask(0, left_half())
    for fill in ("white", "#336699", "blur", "transparent"):
        other = replace(image, recipe=Recipe((CutOut("model", fill),)).to_json())
        assert made(tmp_path, other).missing() == ()
        whole = render(other, tmp_path, LIMIT)
        assert (whole.mode == "RGBA") == (fill == "transparent")
        small = _small(other, tmp_path)
        assert small.size == (48, 32)
        there = whole.resize(small.size, Pillow.Resampling.BOX)
        assert difference(flatten(small, "red"), flatten(there, "red")) < 6
    assert render(image, tmp_path, LIMIT).getpixel((90, 10)) == (255, 255, 255)
    mask = made(tmp_path, image).mask(0)
    assert mask is not None
    assert np.array_equal(mask, left_half())
    assert made(tmp_path, image_of(tmp_path, CutOut("other"))).missing() == (0,)
    assert made(tmp_path, image_of(tmp_path, Turn(1), CutOut("model"))).missing() == (1,)


def test_an_upscale_is_kept_and_goes_on_without_the_source(tmp_path: Path) -> None:
    steps = (Turn(2), BIG, Crop(0, 0, 96, 128, 192, 128), Pad(1, 1, "red"))
    image = image_of(tmp_path, *steps)
    large = draw(7, size=(192, 128))
    made(tmp_path, image).keep(1, large)
    assert made(tmp_path, image).missing() == ()
    (tmp_path / "a.png").unlink()
    whole = render(image, tmp_path, LIMIT)
    assert whole.size == (128, 128)
    assert whole.crop((16, 0, 112, 128)).tobytes() == large.crop((0, 0, 96, 128)).tobytes()
    small = render_small(image, tmp_path, 64, LIMIT)
    assert small.size == (64, 64)
    assert difference(small, whole.resize((64, 64), Pillow.Resampling.BOX)) < 6


def test_steps_before_a_kept_upscale_are_not_needed(tmp_path: Path) -> None:
    image = image_of(tmp_path, CutOut("model"), BIG, CutOut("model"), Resize(50, 40))
    made(tmp_path, image).keep(1, draw(7, size=(192, 128)))
    assert made(tmp_path, image).missing() == (2,)
    with pytest.raises(NotMade) as told:
        render(image, tmp_path, LIMIT)
    assert told.value.place == 2
    made(tmp_path, image).keep_mask(2, np.ones((128, 192), np.float32))
    assert render(image, tmp_path, LIMIT).size == (50, 40)


def test_another_picture_takes_the_background_s_place(tmp_path: Path) -> None:
    behind = "b" * 64
    step = CutOut("model", f"picture:{behind}")
    image = image_of(tmp_path, step)
    made(tmp_path, image).keep_mask(0, left_half())
    assert made(tmp_path, image).missing() == (0,)
    assert made(tmp_path, image).lacks_behind(step) == behind
    made(tmp_path, image).keep_behind(behind, Pillow.new("RGB", (10, 10), "blue"))
    assert made(tmp_path, image).missing() == ()
    assert render(image, tmp_path, LIMIT).getpixel((90, 10)) == (0, 0, 255)


def test_what_was_cut_off_is_made_again_and_deleting_takes_all(tmp_path: Path) -> None:
    image = image_of(tmp_path, CutOut("model"))
    made(tmp_path, image).keep_mask(0, left_half())
    (path,) = (tmp_path / "cache").rglob("*.png")
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(NotMade):
        render(image, tmp_path, LIMIT)
    assert made(tmp_path, image).missing() == (0,)
    made(tmp_path, image).keep_mask(0, left_half())
    delete_steps(tmp_path / "cache", image.sha256, 1)
    assert path.is_file()
    delete_steps(tmp_path / "cache", image.sha256, image.frame)
    assert not path.exists()


def test_a_record_that_was_tampered_with_leads_nowhere(tmp_path: Path) -> None:
    image = replace(image_of(tmp_path, CutOut("model")), sha256="../../../away")
    with pytest.raises(UserError, match="damaged"):
        made(tmp_path, image).keep_mask(0, left_half())
