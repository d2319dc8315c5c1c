"""Folders of other trainers' settings as the text of a dataset.toml, and what they all share."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomli_w

from trainer.config import OPTIONS
from trainer.errors import TrainerError
from trainer.interop.dataset_toml import DatasetFolder
from trainer.interop.foreign import Given, Imported, Notes, Rows, is_unset, shown
from trainer.interop.read_rows import options_of_rows
from trainer.interop.sd_scripts_keys import ALIASES, OF_DATASETS, OF_SUBSETS
from trainer.options import parse_value, plain_value

_FORM = "an sd-scripts dataset.toml"
_BATCH = "batch_size"
_UNSAID = ("validation_split", "validation_seed")  # options of the run alone
_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "image_dir": lambda value: isinstance(value, str) and bool(value),
    "num_repeats": lambda value: type(value) is int and value > 0,
    "is_reg": lambda value: isinstance(value, bool),
    "class_tokens": lambda value: isinstance(value, str),
}
_IN_FOLDERS = frozenset(OF_SUBSETS) & OPTIONS.keys()
_ABOVE = {_BATCH, "num_repeats", "class_tokens", *OF_DATASETS, *_IN_FOLDERS}.difference(_UNSAID)


def read_dataset(values: Mapping[str, Any]) -> Imported:
    """A dataset.toml: its folders, and what all of its datasets share as options."""
    notes = Notes()
    general = _table(values.get("general"))
    datasets = [_table(one) for one in _rows(values.get("datasets"))]
    common: Rows = {}
    for name in (*OF_DATASETS, *OF_SUBSETS, _BATCH):
        found = [one.get(name, general.get(name)) for one in datasets]
        if found and not is_unset(found[0]) and all(one == found[0] for one in found):
            common[name] = Given(found[0], name)
    text, shared = _text([general | one for one in datasets], notes)
    for name in values:
        if name not in ("general", "datasets"):
            notes.ignored.append(f"{name}: not known in a dataset.toml.")
    return notes.done(_FORM, options_of_rows(common | shared, notes, complete=False), text)


def dataset_text(subsets: object, notes: Notes) -> tuple[str, Rows]:
    """The text of a dataset.toml with these subsets, "" without any, and what they all share."""
    return _text([{"subsets": _rows(subsets)}], notes)


def folders_in(text: str) -> list[DatasetFolder]:
    """The folders that a text of `Imported.dataset` names."""
    datasets = tomllib.loads(text).get("datasets", [])
    return [
        DatasetFolder(
            image_dir=Path(row["image_dir"]),
            num_repeats=row.get("num_repeats", 1),
            class_tokens=str(row.get("class_tokens", "")),
            is_reg=row.get("is_reg", False),
            alpha_mask=row.get("alpha_mask", False),
        )
        for dataset in datasets
        for row in dataset["subsets"]
    ]


def _text(datasets: list[dict[str, Any]], notes: Notes) -> tuple[str, Rows]:
    shared = _shared([_table(row) for one in datasets for row in _rows(one.get("subsets"))])
    made = []
    for dataset in datasets:
        rows = [_folder(_table(row), shared, notes) for row in _rows(dataset.get("subsets"))]
        own = {name: value for name, value in dataset.items() if name != "subsets"}
        kept = {name: value for name, value in own.items() if name in _ABOVE}
        _ignore(own, {*kept, *_UNSAID}, notes)
        if any(rows):
            made.append(kept | {"subsets": [row for row in rows if row]})
    return (tomli_w.dumps({"datasets": made}) if made else ""), shared


def _folder(row: Mapping[str, Any], shared: Rows, notes: Notes) -> dict[str, Any]:
    """A folder as a dataset.toml has it, without what all share; empty where it names none."""
    named = {ALIASES.get(name, name): value for name, value in row.items()}
    kept: dict[str, Any] = {}
    for name, value in named.items():
        if name in _CHECKS and _CHECKS[name](value):
            kept[name] = value
        elif name in _IN_FOLDERS and name not in shared and not is_unset(value):
            with suppress(TrainerError):
                kept[name] = _kept(name, value)
    unset = [name for name, value in named.items() if is_unset(value)]
    _ignore(named, {*kept, *shared, *unset, "name"}, notes)
    if "image_dir" not in kept:
        return {}
    notes.understood.append(f"folder {shown(kept['image_dir'])}: {kept.get('num_repeats', 1)} x")
    return kept


def _kept(name: str, value: Any) -> Any:
    """The value as it is written; sd-scripts takes a range as a list alone."""
    if name == "face_crop_aug_range" and isinstance(value, list):
        return value
    return plain_value(parse_value(OPTIONS[name], value))


def _ignore(found: Iterable[str], kept: Container[str], notes: Notes) -> None:
    for name in found:
        sentence = f"{name}: not known for a folder, or not with this value."
        if name not in kept and sentence not in notes.ignored:
            notes.ignored.append(sentence)


def _shared(subsets: list[dict[str, Any]]) -> Rows:
    """The options that all subsets set to the same value."""
    first = subsets[0] if subsets else {}
    return {
        name: Given(value, f"subsets {name}")
        for name, value in first.items()
        if name in OF_SUBSETS and all(row.get(name) == value for row in subsets)
    }


def _rows(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
