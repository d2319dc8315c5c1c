"""Pictures as the project shows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow

from curator.core.errors import UserError
from curator.core.recipe import STEPS as KNOWN_STEPS
from curator.core.recipe import Recipe, Turn
from curator.core.records import Image
from curator.core.regions import Ellipse
from curator.core.steps import (
    Adjust,
    Blur,
    Crop,
    CutOut,
    Heal,
    Pad,
    Paint,
    Resize,
    Step,
    Straighten,
    Upscale,
)
from curator.imaging.render import STEPS, NotMade, apply, flatten, render, render_small
from tests.helpers import pictures

LIMIT = 10**8


def record(path: str, recipe: str = "") -> Image:
    return Image(
        id=1, path=path, name=path, source=path, sha256="", frame=0, frames=1, format="png",
        width=96, height=64, size_bytes=1, added=0, taken=None, import_id=None, source_url="",
        rating=0, rejected=False, reject_reason="", caption="", tag_sources="", set_id=None,
        removed=False, recipe=recipe,
    )  # fmt: skip


def test_every_step_that_a_recipe_knows_can_be_rendered() -> None:
    assert {*STEPS, "cutout"} == KNOWN_STEPS.keys()  # cutting out is heavy, see `is_heavy`


def test_a_picture_is_shown_upright_with_its_alpha(tmp_path: Path) -> None:
    clear = pictures.draw(alpha=True)
    stored = pictures.stored_for(clear, 6)
    pictures.write(tmp_path / "images" / "a.png", stored, exif=pictures.exif(6))
    shown = render(record("images/a.png"), tmp_path, LIMIT)
    assert shown.mode == "RGBA"
    assert pictures.difference(shown, clear) == 0


def test_a_picture_in_place_is_read_where_it_lies(tmp_path: Path) -> None:
    path = pictures.write(tmp_path / "elsewhere" / "a.png")
    assert render(record(str(path)), tmp_path / "project", LIMIT).size == (96, 64)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3, 4, -1])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_turn_is_clockwise_after_mirroring(tmp_path: Path, quarters: int, mirrored: bool) -> None:
    drawn = pictures.draw()
    pictures.write(tmp_path / "a.png")
    recipe = Recipe((Turn(quarters, mirrored),))
    shown = render(record("a.png", recipe=recipe.to_json()), tmp_path, LIMIT)
    expected = drawn.transpose(Pillow.Transpose.FLIP_LEFT_RIGHT) if mirrored else drawn
    expected = expected.rotate(-90 * quarters, expand=True)
    assert pictures.difference(shown, expected) == 0


def test_steps_are_applied_in_order_and_the_picture_given_stays(tmp_path: Path) -> None:
    drawn = pictures.draw()
    before = drawn.copy()
    there_and_back = Recipe((Turn(1, mirrored=True), Turn(1, mirrored=True)))
    assert pictures.difference(apply(there_and_back, drawn), before) == 0
    assert apply(Recipe((Turn(1), Turn(1, mirrored=True))), drawn).size == (96, 64)
    assert pictures.difference(drawn, before) == 0


def test_alpha_is_flattened_onto_a_colour() -> None:
    half = Pillow.new("RGBA", (2, 2), (255, 0, 0, 128))
    assert flatten(half, "#0000ff").getpixel((0, 0)) == (128, 0, 127)
    clear = Pillow.new("RGBA", (2, 2), (0, 0, 0, 0))
    assert flatten(clear, "white").getpixel((0, 0)) == (255, 255, 255)
    assert flatten(Pillow.new("RGB", (2, 2), "red"), "white").getpixel((0, 0)) == (255, 0, 0)


SPOT = (Ellipse(0.5, 0.5, 0.2, 0.2),)
EXAMPLES = {
    "turn": Turn(1, mirrored=True),
    "straighten": Straighten(7.5),
    "crop": Crop(100, 50, 700, 400, 960, 640),
    "resize": Resize(700, 300),
    "pad": Pad(1, 1, "edge"),
    "adjust": Adjust(0.5, 0.2, -0.5),
    "heal": Heal(SPOT),
    "blur": Blur(SPOT, 0.05),
    "paint": Paint(SPOT, "#336699"),
    "upscale": Upscale(1.5),
}


def test_every_step_does_to_a_small_picture_what_it_does_to_the_whole(tmp_path: Path) -> None:
    assert EXAMPLES.keys() == STEPS.keys()
    pictures.write(tmp_path / "a.png", pictures.draw(size=(960, 640)))
    for step in EXAMPLES.values():
        image = replace(record("a.png", recipe=Recipe((step,)).to_json()), width=960, height=640)
        small = render_small(image, tmp_path, 240, LIMIT)
        whole = render(image, tmp_path, LIMIT)
        assert max(small.size) == 240
        assert whole.size == step.size_after((960, 640))
        there = whole.resize(small.size, Pillow.Resampling.BOX)
        assert pictures.difference(small, there) < 4, step.kind


def test_a_small_crop_is_decoded_large_enough_to_be_sharp(tmp_path: Path) -> None:
    pictures.write(tmp_path / "a.png", pictures.draw(size=(960, 640)))
    steps = (Crop(0, 0, 96, 64, 960, 640), Upscale(4))
    image = replace(record("a.png", recipe=Recipe(steps).to_json()), width=960, height=640)
    assert render_small(image, tmp_path, 90, LIMIT).size == (90, 60)


def test_a_heavy_step_is_asked_for_and_one_switched_off_is_passed_over(tmp_path: Path) -> None:
    drawn = pictures.draw()
    recipe = Recipe((Turn(1), CutOut("any"), Upscale(2, "any"), Crop(0, 0, 1, 1, 9, 9, off=True)))
    with pytest.raises(NotMade) as told:
        apply(recipe, drawn)
    assert (told.value.place, told.value.step) == (1, CutOut("any"))
    asked = []

    def make(place: int, step: Step, picture: Pillow.Image) -> Pillow.Image:
        asked.append((place, step.kind, picture.size))
        return picture

    assert apply(recipe, drawn, make).size == (64, 96)
    assert asked == [(1, "cutout", (64, 96)), (2, "upscale", (64, 96))]


def test_a_jpeg_that_is_scaled_down_far_is_decoded_small_and_looks_the_same(
    tmp_path: Path,
) -> None:
    drawn = pictures.photo(1, (1600, 1200))
    for name, orientation in (("a.jpg", 1), ("b.jpg", 6)):
        stored = pictures.stored_for(drawn, orientation)
        pictures.write(tmp_path / name, stored, exif=pictures.exif(orientation), quality=95)
        steps = (Turn(1), Crop(0, 100, 1100, 1200, 1200, 1600), Resize(150))
        image = replace(
            record(name, recipe=Recipe(steps).to_json()), width=1600, height=1200, format="jpeg"
        )
        with Pillow.open(tmp_path / name) as whole:
            upright = whole.transpose(Pillow.Transpose.ROTATE_270) if orientation == 6 else whole
            expected = apply(Recipe(steps), upright.convert("RGB"))
        shown = render(image, tmp_path, LIMIT)
        assert shown.size == expected.size == (150, 150)
        assert pictures.difference(shown, expected) < 2


def test_what_is_no_larger_than_wished_is_the_picture_itself(tmp_path: Path) -> None:
    pictures.write(tmp_path / "a.jpg", pictures.photo(1, (960, 640)), quality=95)
    for step in (*EXAMPLES.values(), Resize(120)):
        image = replace(record("a.jpg", recipe=Recipe((step,)).to_json()), width=960, height=640)
        whole = render(image, tmp_path, LIMIT)
        small = render_small(image, tmp_path, max(whole.size), LIMIT)
        assert (small.size, small.tobytes()) == (whole.size, whole.tobytes()), step.kind


def test_steps_that_would_make_a_giant_are_refused_before_they_do(tmp_path: Path) -> None:
    pictures.write(tmp_path / "a.png")
    image = record("a.png", recipe=Recipe((Upscale(5000),)).to_json())
    for show in (render, lambda *given: render_small(image, tmp_path, 64, LIMIT)):
        with pytest.raises(UserError, match="would become"):
            show(image, tmp_path, LIMIT)
