"""Steps of a recipe in words, for lists and for the labels of edits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from curator.core.geometry import Size
from curator.core.readable import count
from curator.core.steps import (
    HAND,
    LANCZOS,
    PICTURE,
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

_TURNS = ("", "Turn right", "Turn upside down", "Turn left")


def step_words(step: Step, size: Size) -> str:
    """What a step does to a picture of this size: "Crop to 512 x 768"."""
    return _WORDS[step.kind](step, size)


def size_words(size: Size) -> str:
    """ "512 x 768"."""
    return f"{size[0]:,} x {size[1]:,}"


def _turn(step: Turn, _size: Size) -> str:
    turned = _TURNS[step.quarters % 4]
    if not step.mirrored:
        return turned or "Turn by nothing"
    return f"Mirror, {turned.lower()}" if turned else "Mirror"


def _pad(step: Pad, size: Size) -> str:
    return f"Pad to {size_words(step.size_after(size))}, {step.fill}"


def _adjust(step: Adjust, _size: Size) -> str:
    told = [f"{name} {getattr(step, name):+.2g}" for name in ("exposure", "contrast", "saturation")]
    parts = [words for words in told if not words.endswith((" +0", " -0"))]
    if step.denoise:
        parts.append(f"denoise {step.denoise:.2g}")
    return f"Adjust: {', '.join(parts)}" if parts else "Adjust nothing"


def _blur(step: Blur, _size: Size) -> str:
    return f"{'Pixelate' if step.pixelate else 'Blur'} {count(len(step.region), 'place')}"


def _cut_out(step: CutOut, _size: Size) -> str:
    how = "by hand" if step.model == HAND else f"with {_name(step.model)}"
    fill = "another picture" if step.fill.startswith(PICTURE) else step.fill
    return f"Cut out {how}, {fill}"


def _name(model: str) -> str:
    """A model by its key, or by the name of its file."""
    return re.split(r"[\\/]", model)[-1]


def _upscale(step: Upscale, size: Size) -> str:
    if step.factor == 1 and step.model != LANCZOS:
        return f"Filter with {_name(step.model)}"
    how = "" if step.model == LANCZOS else f", {_name(step.model)}"
    return f"Enlarge to {size_words(step.size_after(size))}{how}"


_WORDS: Mapping[str, Callable[[Any, Size], str]] = {
    Turn.kind: _turn,
    Straighten.kind: lambda step, _size: f"Straighten by {step.degrees:+.1f}°",
    Crop.kind: lambda step, size: f"Crop to {size_words(step.size_after(size))}",
    Resize.kind: lambda step, size: f"Resize to {size_words(step.size_after(size))}",
    Pad.kind: _pad,
    Adjust.kind: _adjust,
    Heal.kind: lambda step, _size: f"Heal {count(len(step.region), 'place')}",
    Blur.kind: _blur,
    Paint.kind: lambda step, _size: f"Paint {count(len(step.region), 'place')} {step.colour}",
    CutOut.kind: _cut_out,
    Upscale.kind: _upscale,
}
