"""Steps in words and as fields of a form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from curator.core.errors import UserError
from curator.core.regions import Ellipse
from curator.core.step_fields import FIELDS, StepField, fields_of, text_of, with_text
from curator.core.step_words import step_words
from curator.core.steps import (
    STEPS,
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
    Turn,
    Upscale,
)

REGION = (Ellipse(0.5, 0.5, 0.1, 0.1),)
SOME: dict[str, Step] = {
    "Turn right": Turn(1),
    "Mirror, turn left": Turn(3, mirrored=True),
    "Straighten by -1.5°": Straighten(-1.5),
    "Crop to 150 x 100": Crop(0, 0, 75, 50, 80, 60),
    "Resize to 320 x 240": Resize(320),
    "Pad to 160 x 160, white": Pad(1, 1),
    "Adjust: exposure +0.5, denoise 0.2": Adjust(0.5, denoise=0.2),
    "Heal 1 place": Heal(REGION),
    "Pixelate 1 place": Blur(REGION, pixelate=True),
    "Paint 1 place white": Paint(REGION),
    "Cut out by hand, blur": CutOut("hand", "blur"),
    "Enlarge to 320 x 240": Upscale(2.0),
}


@pytest.mark.parametrize("words", SOME)
def test_a_step_is_told_in_words(words: str) -> None:
    assert step_words(SOME[words], (160, 120)) == words


def test_every_kind_of_step_has_words() -> None:
    assert {step.kind for step in SOME.values()} == set(STEPS)


@pytest.mark.parametrize("step", SOME.values(), ids=lambda step: step.kind)
def test_a_step_is_the_same_after_its_fields_were_written_and_read(step: Step) -> None:
    for field in fields_of(step):
        assert with_text(step, field, text_of(step, field)) == step


def field_of(step: Step, name: str) -> StepField:
    return next(field for field in FIELDS[step.kind] if field.name == name)


@pytest.mark.parametrize(
    ("step", "name", "text"),
    [
        (Straighten(1.0), "degrees", "60"),
        (Straighten(1.0), "degrees", "nan"),
        (Straighten(1.0), "degrees", "much"),
        (Crop(0, 0, 10, 10, 20, 20), "right", "0"),
        (Resize(10), "width", "0"),
        (Pad(1, 1), "fill", "no colour"),
        (Pad(1, 1), "width", "1.5"),
        (Paint(REGION), "colour", "edge"),
    ],
)
def test_a_text_that_does_not_fit_is_a_sentence(step: Step, name: str, text: str) -> None:
    with pytest.raises(UserError):
        with_text(step, field_of(step, name), text)


def test_a_text_that_fits_changes_the_step() -> None:
    pad = Pad(1, 1)
    assert with_text(pad, field_of(pad, "fill"), "#00ff00") == replace(pad, fill="#00ff00")
    blur = Blur(REGION)
    assert with_text(blur, field_of(blur, "pixelate"), "yes") == replace(blur, pixelate=True)
