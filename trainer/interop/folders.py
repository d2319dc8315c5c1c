"""Folders of other trainers' settings as the text of a dataset.toml, and what they all share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomli_w

from trainer.config import OPTIONS
from trainer.interop.foreign import Given, Imported, Notes, Rows, is_unset, shown
from trainer.interop.read_rows import options_of_rows
from trainer.interop.sd_scripts_keys import ALIASES, OF_DATASETS, OF_SUBSETS

_FORM = "an sd-scripts dataset.toml"
_OF_FOLDER = ("image_dir", "num_repeats", "is_reg", "class_tokens")
_BATCH = "batch_size"


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


def _text(datasets: list[dict[str, Any]], notes: Notes) -> tuple[str, Rows]:
    subsets = [_table(row) for one in datasets for row in _rows(one.get("subsets"))]
    shared = _shared(subsets)
    rows, unknown = [], dict[str, None]()
    for dataset in datasets:
        own = {name: value for name, value in dataset.items() if name != "subsets"}
        kept = {name: value for name, value in own.items() if _is_known(name, dataset=True)}
        unknown |= dict.fromkeys(name for name in own if name not in kept)
        folders = []
        for row in map(_table, _rows(dataset.get("subsets"))):
            named = {ALIASES.get(name, name): value for name, value in row.items()}
            keep = {it: value for it, value in named.items() if _is_known(it) and it not in shared}
            unknown |= dict.fromkeys(
                it for it, value in named.items() if not (it in keep or it in shared)
            )
            if isinstance(keep.get("image_dir"), str) and keep["image_dir"]:
                folders.append({it: value for it, value in keep.items() if not is_unset(value)})
                repeats = keep.get("num_repeats", 1)
                notes.understood.append(f"folder {shown(keep['image_dir'])}, {repeats} times")
        if folders:
            rows.append(kept | {"subsets": folders})
    for name in unknown:
        notes.ignored.append(f"{name}: not known for a folder.")
    return (tomli_w.dumps({"datasets": rows}) if rows else ""), shared


def _shared(subsets: list[dict[str, Any]]) -> Rows:
    """The options that all subsets set to the same value."""
    first = subsets[0] if subsets else {}
    return {
        name: Given(value, f"subsets {name}")
        for name, value in first.items()
        if name in OF_SUBSETS and all(row.get(name) == value for row in subsets)
    }


def _is_known(name: str, *, dataset: bool = False) -> bool:
    if dataset and (name in (_BATCH, "num_repeats", "class_tokens") or name in OF_DATASETS):
        return True
    return name in _OF_FOLDER or (name in OF_SUBSETS and name in OPTIONS)


def _rows(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
