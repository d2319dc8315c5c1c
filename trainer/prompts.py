"""Sample prompts as sd-scripts writes them: a text, and after it options such as --w 512 --d 1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trainer.errors import TrainerError
from trainer.options import Size
from trainer.output_options import SAMPLERS

_STEPS, _GUIDANCE = 20, 7.0
_LATENT_STEP = 64  # sides are rounded down to what a UNet can halve three times
_LARGEST = 4096  # of a side, as of the resolution; beyond it memory runs out
_OPTION = re.compile(r"\s--(\w+)(?=\s|$)")
_FIELDS: Mapping[str, tuple[str, type]] = {
    "n": ("negative", str),
    "w": ("width", int),
    "h": ("height", int),
    "d": ("seed", int),
    "l": ("guidance", float),
    "s": ("steps", int),
    "ss": ("sampler", str),
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What one sample picture shows and how it is drawn; sizes in pixels."""

    text: str
    width: int
    height: int
    seed: int
    negative: str = ""
    guidance: float = _GUIDANCE
    steps: int = _STEPS
    sampler: str = SAMPLERS[0]


def is_file(value: str) -> bool:
    """Whether the option sample_prompts names a file."""
    return value.strip().lower().endswith(".txt") and "\n" not in value.strip()


def read_prompts(value: str, size: Size, seed: int, sampler: str = SAMPLERS[0]) -> list[Prompt]:
    """The prompts of the option sample_prompts: one on each line, or a .txt file with such lines.

    `size` (width, height), `seed` and `sampler` are for prompts without their own. Lines that begin
    with # are comments. Raises TrainerError when a file cannot be read or an option is
    wrong.
    """
    lines = value.strip().splitlines()
    if is_file(value):
        try:
            lines = Path(lines[0]).read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise TrainerError(f"The sample prompts {value} cannot be read: {error}.") from error
    wanted = [line.strip() for line in lines]
    start = Prompt("", *size, seed, sampler=sampler)
    return [_parse(line, start) for line in wanted if line and not line.startswith("#")]


def _parse(line: str, start: Prompt) -> Prompt:
    text, *pairs = _OPTION.split(f" {line}")
    values: dict[str, Any] = {}
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        field, kind = _FIELDS.get(name, ("", str))
        try:
            values[field] = kind(value.strip())
        except ValueError as error:
            raise TrainerError(
                f'The sample prompt option "--{name} {value.strip()}" is no number.',
                f"It stands in: {line}",
            ) from error
    values.pop("", None)  # sd-scripts' options for other models say nothing here
    prompt = replace(start, text=text.strip(), **values)
    if prompt.sampler not in SAMPLERS:
        raise TrainerError(
            f'There is no sampler "{prompt.sampler}".',
            f"It stands in: {line}. Possible: {', '.join(SAMPLERS)}.",
        )
    for name, side in (("w", prompt.width), ("h", prompt.height)):
        if side > _LARGEST:
            raise TrainerError(
                f"The sample prompt asks for --{name} {side}, more than {_LARGEST} pixels.",
                f"It stands in: {line}",
            )
    return replace(
        prompt,
        width=_side(prompt.width),
        height=_side(prompt.height),
        steps=max(1, prompt.steps),
    )


def _side(pixels: int) -> int:
    return max(_LATENT_STEP, pixels // _LATENT_STEP * _LATENT_STEP)
