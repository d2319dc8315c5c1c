"""The run file: every option of a training, flat and named as in sd-scripts, from and to TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import tomli_w

from trainer.data_options import DataOptions
from trainer.errors import TrainerError
from trainer.learning_options import LearningOptions
from trainer.model_options import ModelOptions
from trainer.network_args import expand
from trainer.network_options import NetworkOptions
from trainer.noise_options import NoiseOptions
from trainer.optimizer_options import OptimizerOptions
from trainer.options import Option, options_of, parse_value, parse_values, plain_value
from trainer.output_options import OutputOptions
from trainer.rules import check
from trainer.validation_options import ValidationOptions

PRACTICE_MODEL = "practice"  # stands for the practice model in place of a base model's path
_ALIASES = {"caption_extention": "caption_extension"}  # sd-scripts takes the misspelt name as well


@dataclass(frozen=True, kw_only=True)
class RunConfig(
    OutputOptions,
    ValidationOptions,
    NoiseOptions,
    OptimizerOptions,
    LearningOptions,
    NetworkOptions,
    ModelOptions,
    DataOptions,
):
    """All options of one run; where a default differs from sd-scripts', the help says so."""


OPTIONS: Mapping[str, Option] = options_of(RunConfig)


def parse_options(
    values: Mapping[str, object], start: RunConfig | None = None, *, checked: bool = True
) -> RunConfig:
    """A run from option values (text is parsed), the rest as in `start` or at the defaults.

    sd-scripts' network_args are taken apart. Raises TrainerError for an unknown name, a value that
    does not fit, or, where it is `checked`, options that contradict each other.
    """
    named = {_ALIASES.get(name, name): value for name, value in values.items()}
    config = replace(start or RunConfig(), **parse_values(OPTIONS, expand(named)))
    if checked:
        check(config)
    return config


def parse_option(name: str, value: object) -> Any:
    """One value as the type of its option. Raises TrainerError where it does not fit."""
    return parse_value(OPTIONS[name], value)


def parse_assignments(texts: Iterable[str]) -> dict[str, str]:
    """["learning_rate=1e-4"] as a mapping for `parse_options`; a later one wins.

    Raises TrainerError for a text without "=".
    """
    pairs = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise TrainerError(f'"{text}" sets nothing.', "Write it as option=value.")
        pairs[name.strip()] = value
    return pairs


def load_run(path: Path, *, checked: bool = True) -> RunConfig:
    """A run from a run file, or from an sd-scripts --config_file, whose sections are flattened.

    Relative paths in it count from the file's own folder. Raises TrainerError when the file cannot
    be read, is no TOML, or its options are wrong.
    """
    config = parse_options(_flat(read_toml(path), path), checked=checked)
    return anchored(config, path.resolve().parent)


def anchored(config: RunConfig, folder: Path) -> RunConfig:
    """The run with its relative paths counted from `folder`, so that it can be used elsewhere."""
    found: dict[str, Any] = {}
    for name in OPTIONS:
        value = getattr(config, name)
        if isinstance(value, Path):
            found[name] = folder / value
        elif _is_path_in_text(name, value) and _exists(folder / value):
            found[name] = str(folder / value)
    return replace(config, **found)


def dump_run(config: RunConfig) -> str:
    """The run as TOML that `load_run` reads; options that are not set are left out."""
    values = {one.name: getattr(config, one.name) for one in fields(config)}
    return tomli_w.dumps({name: plain_value(it) for name, it in values.items() if it is not None})


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file of any content, a byte order mark allowed. Raises TrainerError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TrainerError(f"Cannot read {path}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise TrainerError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise TrainerError(f"{path} is not valid TOML: {error}.") from error


def _flat(rows: Mapping[str, Any], path: Path) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in rows.items():
        inner = value if isinstance(value, dict) else {name: value}
        for key, one in inner.items():
            if key in flat and flat[key] != one:
                raise TrainerError(
                    f'{path} sets "{key}" twice: {flat[key]!r} and {one!r}.', "Remove one of them."
                )
            flat[key] = one
    return flat


def _is_path_in_text(name: str, value: object) -> bool:
    """Whether an option of text holds a path this time."""
    if name == "pretrained_model_name_or_path":
        return value not in ("", PRACTICE_MODEL)
    return name == "sample_prompts" and str(value).endswith(".txt") and "\n" not in str(value)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # longer than names may be, or with a NUL in it
        return False
