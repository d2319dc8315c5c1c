"""What a form shows: one kind of field, made from whatever declares settings or options."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import Field, asdict, dataclass, fields
from enum import Enum
from pathlib import Path
from typing import Any

from curator.core.run_options import NO, YES, option_text, tidy_option
from curator.core.settings import ProjectSettings, parse_field
from curator.ui.preferences import Liking
from trainer.config import OPTIONS

NOT_SET = "not set"
CHOICE_TITLES: Mapping[str, str] = {
    "": NOT_SET,
    "auto": "Automatic",
    "true": "Yes",
    "false": "No",
}
OWN_TITLES: Mapping[str, Mapping[str, str]] = {
    "network_module": {
        "networks.lora": "LoRA, LoCon",
        "networks.dylora": "DyLoRA",
        "lycoris.kohya": "LyCORIS",
    },
    "device": {"cpu": "Processor", "cuda": "NVIDIA (cuda)", "mps": "Apple (mps)"},
    "mixed_precision": {"no": "fp32 (no)"},
    "save_precision": {"float": "fp32 (float)"},
    "bucket_choice": {"sd-scripts": "As sd-scripts", "least-crop": "Least cropped away"},
    "loss_type": {"l2": "Squared (l2)", "l1": "Absolute (l1)"},
}
LARGEST_SPIN = 2**31 - 1  # a spin box counts in 32 bits


class Kind(Enum):
    """How a field is edited."""

    TEXT = "text"
    LINES = "lines"  # a text of several
    CHOICE = "choice"
    SUGGESTED = "suggested"  # one of the choices, or any other text
    TRUTH = "truth"  # yes or no
    WHOLE = "whole"
    PATH = "path"  # a file or a folder


@dataclass(frozen=True, slots=True)
class FormField:
    """One field, in text. `tidy` gives what is kept of a text; raises UserError if it's wrong."""

    name: str
    label: str
    help: str
    kind: Kind
    default: str
    tidy: Callable[[str], str]
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    titles: tuple[str, ...] = ()  # how the choices are shown, where not as they are
    empty: str = ""  # shown where nothing stands in it

    def title_of(self, text: str) -> str:
        """A text as it is shown in a sentence."""
        titles = dict(zip(self.choices, self.titles, strict=True)) if self.titles else {}
        return titles.get(text, text) or self.empty or "nothing"


def setting_fields(declared: Iterable[Field[Any]], paths: Collection[str] = ()) -> list[FormField]:
    """Fields from those that `core.settings.setting` declared; `paths` names those of files."""
    return [_setting_field(one, one.name in paths) for one in declared]


def declared_in(kind: type, names: Iterable[str] = ()) -> list[Field[Any]]:
    """The declarations of a dataclass, or those of these names in this order."""
    found = {one.name: one for one in fields(kind)}
    return [found[name] for name in names] if names else list(found.values())


def as_texts(settings: ProjectSettings | Liking) -> dict[str, str]:
    """What declared settings are, as a form shows them."""
    return {name: str(value) for name, value in asdict(settings).items()}


def _setting_field(one: Field[Any], is_path: bool) -> FormField:
    shown = one.metadata
    low, high = shown["bounds"] or (None, None)
    kind = _kind(shown["bounds"] is not None, tuple(shown["choices"]))
    if kind is Kind.CHOICE and shown["check"]:
        kind = Kind.SUGGESTED
    if shown["lines"]:
        kind = Kind.LINES
    return FormField(
        one.name,
        shown["label"],
        shown["help"],
        Kind.PATH if is_path else kind,
        str(one.default),
        lambda text: str(parse_field(one, text)),
        tuple(shown["choices"]),
        low,
        high,
    )


def _kind(is_whole: bool, choices: tuple[str, ...]) -> Kind:
    if choices:
        return Kind.TRUTH if set(choices) == {YES, NO} else Kind.CHOICE
    return Kind.WHOLE if is_whole else Kind.TEXT


def option_fields(names: Iterable[str]) -> list[FormField]:
    """Fields from the options of a training, by their names in sd-scripts."""
    return [_option_field(name) for name in names]


def _option_field(name: str) -> FormField:
    one = OPTIONS[name]
    fits = one.high is not None and one.high <= LARGEST_SPIN
    kind = _kind(one.kind is int and not one.optional and fits, one.choices)
    if one.kind is bool:
        kind = Kind.TRUTH
    elif one.kind is Path:
        kind = Kind.PATH
    choices = ("", *one.choices) if one.optional and one.choices else one.choices
    return FormField(
        name,
        one.label,
        f"{one.help} ({name})",
        kind,
        option_text(one.default),
        lambda text: tidy_option(name, text),
        choices,
        one.low,
        one.high,
        tuple(choice_title(name, choice) for choice in choices),
        NOT_SET if one.optional else "",
    )


def choice_title(name: str, choice: str) -> str:
    """One of the choices of an option, in words where it is none."""
    titles = {**CHOICE_TITLES, **OWN_TITLES.get(name, {})}
    return titles.get(choice, choice.replace("_", " "))


def in_labels(sentence: str) -> str:
    """A sentence of the trainer with its options called as the form calls them."""
    return _NAMES.sub(lambda found: f"“{OPTIONS[found[1]].label}”", sentence)


_NAMES = re.compile(rf'"?\b({"|".join(sorted(OPTIONS, key=len, reverse=True))})\b"?')
