"""Named sets of options to begin with, each a TOML file that ships with the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.config import OPTIONS, parse_options, read_toml
from trainer.errors import TrainerError
from trainer.options import parse_values
from trainer.resources import RESOURCES

PRESETS = RESOURCES / "presets"


@dataclass(frozen=True, slots=True)
class Preset:
    """`name` is what commands call it; `description` says in one line whom it suits."""

    name: str
    title: str
    description: str
    options: Mapping[str, Any]


def all_presets(folder: Path = PRESETS) -> list[Preset]:
    """Every preset of the folder by name. Raises TrainerError for one that is wrong."""
    return [load_preset(path) for path in sorted(folder.glob("*.toml"))]


def find_preset(name: str, folder: Path = PRESETS) -> Preset:
    """The preset of that name. Raises TrainerError naming the possible ones."""
    path = folder / f"{name}.toml"
    names = sorted(one.stem for one in folder.glob("*.toml"))
    if name not in names:
        raise TrainerError(f'There is no preset "{name}".', f"Possible: {', '.join(names)}.")
    return load_preset(path)


def load_preset(path: Path) -> Preset:
    """A preset from its file. Raises TrainerError when it is no preset or an option is wrong."""
    rows = read_toml(path)
    title, description, options = (rows.get(it) for it in ("title", "description", "options"))
    if not (isinstance(title, str) and isinstance(description, str) and isinstance(options, dict)):
        raise TrainerError(
            f"{path} is not a preset.", "It needs a title, a description and a section [options]."
        )
    parsed = parse_values(OPTIONS, options)
    parse_options(parsed)
    return Preset(path.stem, title, description, parsed)
