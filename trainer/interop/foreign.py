"""What reading another trainer's settings gives, and the notes taken on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trainer.config import RunConfig
from trainer.options import edit_distance

_SECRET = re.compile(r"api_?key|(^|_)token$|passw|secret|credential", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_SHOWN = 80  # characters of a value that a sentence shows
_NEAR = 2  # letters by which a misspelt name may differ to be pointed out


@dataclass(frozen=True, slots=True)
class Imported:
    """Another trainer's settings as options of a run; the notes are plain sentences.

    `form` says what was read. `understood`, `changed` and `ignored` account for every key of the
    file, `warnings` name what its trainer would have done without a word. `dataset` is the text of
    a dataset.toml, "" where the settings name no folders one by one. Nothing named was opened.
    """

    form: str
    options: Mapping[str, Any]
    understood: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    dataset: str = ""

    def config(self) -> RunConfig:
        """A run with these options; options that contradict each other are not refused."""
        return replace(RunConfig(), **self.options)


@dataclass(frozen=True, slots=True)
class Written:
    """Settings in another trainer's form, and in sentences what that form cannot say."""

    text: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it was found, and the key that it had there."""

    value: Any
    key: str


Rows = dict[str, Given]  # by sd-scripts' name


@dataclass(slots=True)
class Notes:
    """Sentences gathered while settings are read."""

    understood: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    off: list[str] = field(default_factory=list)  # keys

    def take(self, name: str, given: Given) -> None:
        """Note a value that was taken over as it is."""
        before = "" if given.key == name else f"{given.key}: "
        self.understood.append(f"{before}{name} = {shown(given.value)}")

    def account(self, source: Mapping[str, Any]) -> None:
        """Note the keys that no sentence names: those that are off, or that others needed."""
        lists = (self.understood, self.changed, self.ignored, self.warnings, self.off)
        named = {word for one in lists for sentence in one for word in _WORD.findall(sentence)}
        missing = [key for key in source if key not in named]
        self.off += [key for key in missing if is_off(source[key])]
        others = [key for key in missing if not is_off(source[key])]
        if others:
            self.understood.append(f"Read together with others: {', '.join(others)}.")

    def done(self, form: str, options: Mapping[str, Any], dataset: str = "") -> Imported:
        """The notes, with the options they are about."""
        if self.off:
            self.understood.append(f"Empty, 0 or off, so as usual: {', '.join(self.off)}.")
        return Imported(
            form=form,
            options=options,
            understood=_printable(self.understood),
            changed=_printable(self.changed),
            ignored=_printable(self.ignored),
            warnings=_printable(self.warnings),
            dataset=dataset,
        )


def given_rows(values: Mapping[str, Any]) -> Rows:
    """Values whose keys are sd-scripts' own."""
    return {name: Given(value, name) for name, value in values.items()}


def is_secret(name: str) -> bool:
    """Whether what stands under this key must never be read."""
    return bool(_SECRET.search(name))


def is_unset(value: object) -> bool:
    """Whether a value says nothing, so that the trainer's default holds."""
    return value is None or (isinstance(value, str) and value.strip().lower() in ("", "none"))


def is_off(value: object) -> bool:
    """Whether a value is what kohya_ss leaves out: nothing, false or 0, also written as text."""
    return is_unset(value) or number(value) == 0 or str(value).strip().lower() == "false"


def is_on(value: object) -> bool:
    """Whether a switch is on: true, "True", "1"."""
    return str(value).strip().lower() in ("true", "1", "yes", "on")


def number(value: object) -> float | None:
    """A number that may be written as text; None for anything else."""
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def shown(value: object) -> str:
    """A value for a sentence, on one line and not too long."""
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    text = " ".join(str(value).lower().split() if isinstance(value, bool) else str(value).split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _printable(sentences: Iterable[str]) -> tuple[str, ...]:
    """The sentences without line breaks and control characters, which keys may hold."""
    return tuple("".join(sign if sign.isprintable() else " " for sign in one) for one in sentences)


def meant(name: str, known: Iterable[str]) -> str:
    """A question after a misspelt name, "" where no known name is near."""
    alike = (other for other in known if abs(len(other) - len(name)) <= _NEAR)
    near = [(edit_distance(name.lower(), other.lower()), other) for other in alike]
    distance, other = min(near, default=(_NEAR + 1, ""))
    return f" Was {other} meant?" if distance <= _NEAR else ""
