"""Options as dataclass fields with help and bounds, and values from text or TOML into them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from trainer.errors import TrainerError

Size = tuple[int, int]  # width, height in pixels
Words = tuple[str, ...]
Number = int | float  # a whole number of steps, or a share below 1
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Option:
    """One option as forms, command lines and documents show it.

    `kind` is the type of its value without None; `optional` says that None ("not set") is allowed.
    `low` and `high` are inclusive; `choices` is empty where any value within the bounds will do.
    """

    name: str
    label: str
    help: str
    section: str
    default: Any
    kind: Any
    optional: bool
    low: float | None
    high: float | None
    choices: tuple[str, ...]


def option(
    default: Any,
    label: str,
    text: str,
    *,
    section: str,
    bounds: tuple[float | None, float | None] = (None, None),
    choices: tuple[str, ...] = (),
) -> Any:
    """A dataclass field that is an option; `text` is its help, `bounds` are inclusive."""
    shown = {"label": label, "help": text, "section": section, "bounds": bounds, "choices": choices}
    return field(default=default, metadata=shown)


def options_of(kind: type) -> dict[str, Option]:
    """The options of a dataclass by name, in the order of their declaration."""
    hints = get_type_hints(kind)
    found = {}
    for one in fields(kind):
        hint = hints[one.name]
        optional = NoneType in get_args(hint)
        low, high = one.metadata["bounds"]
        found[one.name] = Option(
            name=one.name,
            label=one.metadata["label"],
            help=one.metadata["help"],
            section=one.metadata["section"],
            default=one.default,
            kind=_without_none(hint) if optional else hint,
            optional=optional,
            low=low,
            high=high,
            choices=one.metadata["choices"],
        )
    return found


def parse_values(known: Mapping[str, Option], values: Mapping[str, object]) -> dict[str, Any]:
    """Values from TOML, JSON or text as the types of their options.

    Raises TrainerError for an unknown name (naming the nearest one) or a value that does not fit.
    """
    parsed = {}
    for name, value in values.items():
        if name not in known:
            near = nearest(name, known)
            raise TrainerError(
                f'There is no option "{name}".',
                f'The nearest one is "{near}". Nothing was changed.',
            )
        parsed[name] = parse_value(known[name], value)
    return parsed


def parse_value(one: Option, value: object) -> Any:
    """One value; "", "none" and None mean "not set" where that is allowed. Raises TrainerError."""
    if isinstance(value, str):
        value = value if one.kind is str else value.strip()
        if one.optional and value.strip().lower() in ("", "none"):
            return None
    if value is None and one.optional:
        return None
    result = _PARSERS[one.kind](one, value)
    _check_bounds(one, result)
    return result


def plain_value(value: Any) -> Any:
    """A value as TOML holds it; a size becomes "width,height"."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return ",".join(map(str, value)) if _is_size(value) else list(value)
    return value


def nearest(name: str, known: Mapping[str, object]) -> str:
    """The known name with the smallest edit distance to `name`; ties go to the first declared."""
    return min(known, key=lambda other: edit_distance(name.lower(), other.lower()))


def edit_distance(a: str, b: str) -> int:
    """Levenshtein's distance: how many letters to insert, delete or replace."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        above, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (left != right))
    return row[-1]


def _without_none(hint: Any) -> Any:
    rest = tuple(part for part in get_args(hint) if part is not NoneType)
    return Number if rest == get_args(Number) else rest[0]


def _is_size(value: tuple[Any, ...]) -> bool:
    return len(value) == 2 and all(isinstance(part, int) for part in value)


def _wrong(one: Option, value: object, wanted: str) -> TrainerError:
    return TrainerError(
        f'The option "{one.name}" must be {wanted}, not {value!r}.', _bounds_in_words(one)
    )


def _bounds_in_words(one: Option) -> str:
    if one.choices:
        return f"Possible: {', '.join(one.choices)}."
    ends = [f"at least {one.low:g}"] if one.low is not None else []
    ends += [f"at most {one.high:g}"] if one.high is not None else []
    return f"It takes {' and '.join(ends)}." if ends else ""


def _check_bounds(one: Option, value: Any) -> None:
    if one.choices and value not in one.choices:
        raise _wrong(one, value, "one of its choices")
    for number in value if isinstance(value, tuple) else (value,):
        if isinstance(number, str | Path | bool):
            continue
        too_low = one.low is not None and number < one.low
        if too_low or (one.high is not None and number > one.high):
            raise _wrong(one, number, "within its bounds")


def _number(one: Option, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _wrong(one, value, "a number")
    try:
        number = float(value)
    except (ValueError, OverflowError) as error:
        raise _wrong(one, value, "a number") from error
    if not math.isfinite(number):
        raise _wrong(one, value, "a finite number")
    return number


def _whole(one: Option, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    number = _number(one, value)
    if number != int(number):
        raise _wrong(one, value, "a whole number")
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.lstrip("+-").isdecimal() else int(number)


def _share(one: Option, value: object) -> Number:
    """Steps as a whole number, or a share of all steps: 0.1 and "10%" are the same."""
    if isinstance(value, str) and value.endswith("%"):
        return _number(one, value[:-1]) / 100
    number = _number(one, value)
    if number >= 1 and number != int(number):
        raise _wrong(one, value, "a whole number of steps or a share below 1")
    return number if 0 < number < 1 else int(number)


def _truth(one: Option, value: object) -> bool:
    words = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise _wrong(one, value, "true or false")


def _text(one: Option, value: object) -> str:
    if isinstance(value, bool) and one.choices:  # sd-scripts knows only two of them
        return str(value).lower()
    if not isinstance(value, str):
        raise _wrong(one, value, "text")
    return value.strip() if one.choices else value


def _path(one: Option, value: object) -> Path:
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value or "\0" in value:
        raise _wrong(one, value, "a path")
    return Path(value).expanduser()


def _size(one: Option, value: object) -> Size:
    parts = value.split(",") if isinstance(value, str) else value
    if isinstance(parts, int | float):
        parts = [parts]
    if not isinstance(parts, list | tuple) or len(parts) not in (1, 2):
        raise _wrong(one, value, 'a size such as "512" or "512,768"')
    sides = [_whole(one, part.strip() if isinstance(part, str) else part) for part in parts]
    return sides[0], sides[-1]


def _words(one: Option, value: object) -> Words:
    parts = value.split() if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise _wrong(one, value, "a list of words")
    return tuple(parts)


_PARSERS: Mapping[Any, Callable[[Option, object], Any]] = {
    int: _whole,
    float: _number,
    Number: _share,
    bool: _truth,
    str: _text,
    Path: _path,
    Size: _size,
    Words: _words,
}
