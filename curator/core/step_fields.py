"""The parameters of steps as a form shows them: labels, bounds, and text to a step and back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from curator.core.errors import UserError
from curator.core.recipe_plans import FILLS, check_colour, check_fill
from curator.core.steps import (
    PICTURE,
    Adjust,
    Blur,
    Crop,
    CutOut,
    Pad,
    Paint,
    Resize,
    Step,
    Straighten,
    Turn,
    Upscale,
)

NO, YES = "no", "yes"
COLOURS = ("white", "black", "grey", "lightgrey")
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class StepField:
    """A number from `low` to `high`, whole if so said; a yes or no; or a text that is checked."""

    name: str
    label: str
    help: str
    low: float = 0.0
    high: float = 0.0
    is_whole: bool = False
    is_truth: bool = False
    choices: tuple[str, ...] = ()
    check: Callable[[str], str] | None = None


def _whole(name: str, label: str, help_: str, low: int = 0, high: int = _LARGEST) -> StepField:
    return StepField(name, label, help_, low, high, is_whole=True)


def check_background(fill: str) -> str:
    """What takes a background's place, if it is that. Raises UserError."""
    if fill in ("blur", "transparent") or fill.startswith(PICTURE):
        return fill
    return check_colour(fill)


FIELDS: Mapping[str, Sequence[StepField]] = {
    Turn.kind: (
        _whole("quarters", "Quarter turns", "Clockwise, after mirroring.", 0, 3),
        StepField("mirrored", "Mirrored", "Left to right.", is_truth=True),
    ),
    Straighten.kind: (StepField("degrees", "Degrees", "Clockwise, -45 to 45.", -45, 45),),
    Crop.kind: (
        _whole("left", "Left", "In pixels of the picture that is cropped."),
        _whole("top", "Top", "In pixels of the picture that is cropped."),
        _whole("right", "Right", "In pixels; the crop ends before it."),
        _whole("bottom", "Bottom", "In pixels; the crop ends before it."),
    ),
    Resize.kind: (
        _whole("width", "Width", "In pixels; 0 keeps the ratio.", 0, 16_384),
        _whole("height", "Height", "In pixels; 0 keeps the ratio.", 0, 16_384),
    ),
    Pad.kind: (
        _whole("width", "Ratio, width", "Of the ratio that the picture gets.", 1),
        _whole("height", "Ratio, height", "Of the ratio that the picture gets.", 1),
        StepField(
            "fill",
            "Fill",
            "A colour, edge (its outermost pixels go on), blur (of itself) or transparent.",
            choices=(*COLOURS, *FILLS),
            check=check_fill,
        ),
        StepField("x", "Across", "Where the picture stands: 0 left, 0.5 middle, 1 right.", 0, 1),
        StepField("y", "Down", "Where the picture stands: 0 top, 0.5 middle, 1 bottom.", 0, 1),
    ),
    Adjust.kind: (
        StepField("exposure", "Exposure", "In stops, -3 to 3.", -3, 3),
        StepField("contrast", "Contrast", "-1 (grey) to 1.", -1, 1),
        StepField("saturation", "Saturation", "-1 (without colour) to 1.", -1, 1),
        StepField("denoise", "Denoise", "0 to 1; takes a while for large pictures.", 0, 1),
    ),
    Blur.kind: (
        StepField(
            "strength", "Strength", "As a share of the longer side, 0.001 to 0.2.", 0.001, 0.2
        ),
        StepField("pixelate", "Pixelate", "In blocks of one colour instead.", is_truth=True),
    ),
    Paint.kind: (
        StepField("colour", "Colour", "A name or #rrggbb.", choices=COLOURS, check=check_colour),
    ),
    CutOut.kind: (
        StepField("model", "Model", "What finds the subject.", check=str),
        StepField(
            "fill",
            "Background",
            "A colour, blur, transparent, or another picture, which can be dropped here.",
            choices=(*COLOURS, "blur", "transparent"),
            check=check_background,
        ),
    ),
    Upscale.kind: (
        StepField("model", "Model", "What enlarges it; Lanczos needs no model.", check=str),
        StepField("factor", "Factor", "How many times larger, 0.05 to 16; 1 filters.", 0.05, 16),
    ),
}


def fields_of(step: Step) -> Sequence[StepField]:
    """What of a step a form shows; nothing of one that is only drawn."""
    return FIELDS.get(step.kind, ())


def text_of(step: Step, field: StepField) -> str:
    """A parameter as a form shows it."""
    value = getattr(step, field.name)
    if field.is_truth:
        return YES if value else NO
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def tidy(field: StepField, text: str) -> str:
    """What is kept of a text. Raises UserError where it does not fit."""
    if field.check is not None:
        return field.check(text.strip())
    if not field.is_truth:
        _number(field, text)
    return text.strip()


def _number(field: StepField, text: str) -> float:
    hint = f"Use a number from {field.low:,g} to {field.high:,g}."
    try:
        value = int(text) if field.is_whole else float(text)
    except ValueError:
        raise UserError(f'{field.label} can\'t be "{text}".', hint) from None
    if not (math.isfinite(value) and field.low <= value <= field.high):
        raise UserError(f"{field.label} can't be {text}.", hint)
    return value


def with_text(step: Step, field: StepField, text: str) -> Step:
    """The step with another parameter. Raises UserError where it does not fit."""
    value: object = tidy(field, text)
    if field.is_truth:
        value = text == YES
    elif field.check is None:
        value = _number(field, text)
    made: Step = replace(step, **{field.name: value})  # type: ignore[arg-type]
    if isinstance(made, Crop) and (made.left >= made.right or made.top >= made.bottom):
        raise UserError(
            "Nothing is left of the picture.", "Left is before right, top above bottom."
        )
    if isinstance(made, Resize) and not (made.width or made.height):
        raise UserError("The picture would have no size.", "Give one of width and height.")
    return made
