"""The settings of a project, each declared once with label, help and bounds."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from typing import Any

from curator.core.errors import UserError
from curator.core.naming import check_line
from curator.core.ratings import EXAMPLE, RATING_MAPPINGS, RatingNumbers, check_mapping

# What is written into XMP for each rating; what was written follows when one of them changes.
NUMBER_NAMES = tuple(f"xmp_{name}" for name in RatingNumbers._fields)


def setting(  # noqa: PLR0913 - each is a part of the declaration
    default: Any,
    label: str,
    help: str = "",  # noqa: A002 - the word every form uses
    *,
    key: str = "",
    bounds: tuple[int, int] | None = None,
    choices: Sequence[str] = (),
    check: Callable[[str], str] | None = None,
    lines: bool = False,
) -> Any:
    """Declare a field; `key` is its name on the command line where that differs.

    With `lines` a text may have several; empty ones are left out.
    With a `check`, `choices` are only the usual ones; it gives what is kept, or raises UserError.
    """
    metadata = {"label": label, "help": help, "key": key, "bounds": bounds, "choices": choices}
    return field(default=default, metadata=metadata | {"check": check, "lines": lines})


def _number(default: int, label: str) -> Any:
    help_ = "As xmp:Rating in the files beside the pictures: -1 or 1 to 5, each for one rating."
    return setting(default, label, help_, bounds=(-1, 5))


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """What holds for a whole project. An empty text means: not set."""

    trigger: str = setting("", "Trigger word", "A made-up word; a style needs none.")
    extra_triggers: str = setting(
        "",
        "Further trigger words",
        "Of things that are learned beside the subject, such as its sword; commas between them.",
    )
    class_word: str = setting("", "Class word", "What the subject is, such as dog.", key="class")
    output_name: str = setting("", "Output name", "Of the LoRA; the trigger if empty.", key="name")
    base: str = setting(
        "",
        "Base model",
        'A .safetensors checkpoint or a diffusers folder; "practice" is a tiny one made here.',
    )
    preset: str = setting(
        "",
        "Preset",
        "What a training begins with; without one, photos of a subject or a style.",
    )
    options: str = setting(
        "",
        "Options of training",
        "What differs from the preset, as option=value in sd-scripts' names, a space between two.",
    )
    resolution: int = setting(
        512, "Resolution", "Side in pixels of a square bucket.", bounds=(64, 4096)
    )
    primary_repeats: int = setting(
        5, "Repeats of primaries", "How often an epoch shows each.", bounds=(1, 1000)
    )
    supporting_repeats: int = setting(
        2, "Repeats of supporting", "How often an epoch shows each.", bounds=(1, 1000)
    )
    balance: str = setting(
        "plain",
        "Balance",
        "plain: the repeats as they are; double: primaries weigh double the supporting pictures.",
        choices=("plain", "double"),
    )
    ratings: str = setting(
        "guess",
        "Ratings in imported files",
        "literal: 1 primary, 2 supporting; stars: 5 primary, 3-4 supporting, -1 rejected; or each "
        f"number by itself: {EXAMPLE}.",
        choices=RATING_MAPPINGS,
        check=check_mapping,
    )
    sidecars: str = setting(
        "yes",
        "Write captions and ratings beside the pictures, for other programs",
        "no: nothing is written or deleted there; what was missed is written after a yes.",
        choices=("yes", "no"),
    )
    xmp_primary: int = _number(RatingNumbers().primary, "Number of primaries")
    xmp_supporting: int = _number(RatingNumbers().supporting, "Number of supporting pictures")
    xmp_rejected: int = _number(RatingNumbers().rejected, "Number of rejected pictures")
    max_megapixels: int = setting(
        300, "Largest picture", "In megapixels; larger ones are refused.", bounds=(1, 4000)
    )
    undesired: str = setting(
        "",
        "Undesired tags",
        "Never proposed by a tagger; commas between them, * stands for anything.",
    )
    recipe: str = setting(
        "",
        "Caption recipe",
        "How captions are exported, by name; or one for each kind of base model, such as"
        " sd1=booru, sdxl=text.",
    )
    recipes: str = setting("", "Own caption recipes", "A list in JSON; captions stay as they are.")
    presets: str = setting("", "Own presets of steps", "A list in JSON, made in the window.")
    sample_prompt: str = setting(
        "",
        "Sample prompts",
        "One on each line, drawn after each epoch; the trigger and class word if empty. After one"
        " may stand --n what it must not show, --w width, --h height, --d seed, --l guidance,"
        " --s steps, --ss sampler.",
        lines=True,
    )

    @property
    def max_pixels(self) -> int:
        """The largest picture that is taken, in pixels."""
        return self.max_megapixels * 1_000_000

    @property
    def writes_sidecars(self) -> bool:
        """Whether captions and ratings are written beside the pictures."""
        return self.sidecars == "yes"

    @property
    def rating_numbers(self) -> RatingNumbers:
        """What is written into XMP for each rating."""
        return RatingNumbers(self.xmp_primary, self.xmp_supporting, self.xmp_rejected)


def key_of(declared: Field[Any]) -> str:
    """The name of a setting on the command line."""
    return str(declared.metadata["key"] or declared.name)


def spoken(names: Sequence[str]) -> str:
    """Settings as a sentence calls them, by their labels."""
    labels = {f.name: str(f.metadata["label"]) for f in fields(ProjectSettings)}
    found = (labels.get(name, name) for name in names)
    return ", ".join(it if it[1:2].isupper() else f"{it[:1].lower()}{it[1:]}" for it in found)


def stored_name(key: str) -> str:
    """The field behind a key or a field name. Raises UserError naming the nearest."""
    names = {key_of(f): f.name for f in fields(ProjectSettings)}
    if key in names:
        return names[key]
    if key in names.values():
        return key
    near = difflib.get_close_matches(key, names, n=1)
    meant = f"Did you mean {near[0]}?" if near else f"There are {', '.join(names)}."
    raise UserError(f'There is no setting "{key}".', meant)


def parse(name: str, text: str) -> int | str:
    """The value that `text` means for the field `name`. Raises UserError."""
    return parse_field(next(f for f in fields(ProjectSettings) if f.name == name), text)


def parse_field(declared: Field[Any], text: str) -> int | str:
    """The value that `text` means for a field that `setting` declared. Raises UserError."""
    choices, bounds = declared.metadata["choices"], declared.metadata["bounds"]
    label, check = declared.metadata["label"], declared.metadata["check"]
    if check:
        return str(check(text))
    if choices and text not in choices:
        raise UserError(f'{label} can\'t be "{text}".', f"Choose one of {', '.join(choices)}.")
    if not bounds:
        parts = text.splitlines() if declared.metadata["lines"] else [text]
        kept = [part.strip() for part in parts if part.strip()]
        for part in kept:
            check_line(label, part)
        return "\n".join(kept)
    low, high = bounds
    hint = f"Use a whole number from {low} to {high}."
    try:
        value = int(text.replace(",", "").replace("_", ""))
    except ValueError:
        raise UserError(f'{label} can\'t be "{text}".', hint) from None
    if not low <= value <= high:
        raise UserError(f"{label} can't be {value}.", hint)
    return value


def from_stored(values: Mapping[str, str]) -> ProjectSettings:
    """The settings from what is stored; names that a newer version wrote are ignored."""
    known = {f.name for f in fields(ProjectSettings)}
    return ProjectSettings(**{n: parse(n, t) for n, t in values.items() if n in known})  # type: ignore[arg-type]


def to_stored(name: str, text: str) -> str | None:
    """What is kept for `text`: None where it is the default. Raises UserError."""
    default = next(f.default for f in fields(ProjectSettings) if f.name == name)
    value = parse(name, text)
    return None if value == default else str(value)


def check_together(values: Mapping[str, str]) -> None:
    """Refuse stored values each of which is right, but not beside the others. Raises UserError."""
    numbers = from_stored(values).rating_numbers
    if len({0, *numbers}) <= len(numbers):
        primary, supporting, rejected = numbers
        raise UserError(
            f"Primary, supporting and rejected pictures can't be written as {primary}, "
            f"{supporting} and {rejected}.",
            "Use three different numbers, and not 0, which is unrated.",
        )
