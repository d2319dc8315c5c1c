"""Reads and writes sd-scripts' dataset.toml: folders of pictures with explicit repeats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomli_w

from trainer.buckets import BucketRule
from trainer.config import OPTIONS, RunConfig, parse_options, read_toml
from trainer.errors import TrainerError
from trainer.options import nearest, parse_value
from trainer.subsets import SUBSET_OPTIONS, Subset, subset_of

_DATASET_OPTIONS = (
    "resolution",
    "enable_bucket",
    "min_bucket_reso",
    "max_bucket_reso",
    "bucket_reso_steps",
    "bucket_no_upscale",
    "bucket_choice",
)
_BATCH = "batch_size"  # called train_batch_size everywhere else
_OF_FOLDER = ("image_dir", "num_repeats", "is_reg", "class_tokens")
# What sd-scripts knows and this trainer does not, with the value that means "off".
_OFF: Mapping[str, object] = {
    "network_multiplier": 1.0,
    "validation_split": 0.0,
    "validation_seed": None,
    "resize_interpolation": None,
    "cache_info": False,
    "metadata_file": None,
    "custom_attributes": None,
}
_PATHS = ("face_boxes", "conditioning_data_dir")  # those that options of a folder are
_IN_SUBSETS = dict.fromkeys((*_OF_FOLDER, *SUBSET_OPTIONS, *_OFF))
_ABOVE = dict.fromkeys(
    ("num_repeats", "class_tokens", *SUBSET_OPTIONS, *_DATASET_OPTIONS, _BATCH, *_OFF)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetFolder:
    """A folder as it is written into a dataset.toml."""

    image_dir: Path
    num_repeats: int
    class_tokens: str
    is_reg: bool = False
    alpha_mask: bool = False


@dataclass(frozen=True, slots=True)
class DatasetFile:
    """What a dataset.toml holds: groups of subsets that share a dataset, and one batch size."""

    groups: tuple[tuple[Subset, ...], ...]
    batch_size: int


def write_dataset_toml(
    folders: Iterable[DatasetFolder],
    rule: BucketRule,
    batch_size: int = 1,
    caption_extension: str = ".txt",
) -> str:
    """The text of a dataset.toml that sd-scripts and this trainer read; paths are absolute."""
    rows = [
        {
            "image_dir": str(folder.image_dir.absolute()),
            "num_repeats": folder.num_repeats,
            "class_tokens": folder.class_tokens,
            "is_reg": folder.is_reg,
            **({"alpha_mask": True} if folder.alpha_mask else {}),
        }
        for folder in folders
    ]
    dataset = {
        "resolution": list(rule.resolution),
        _BATCH: batch_size,
        "enable_bucket": rule.enabled,
        "min_bucket_reso": rule.min_reso,
        "max_bucket_reso": rule.max_reso,
        "bucket_reso_steps": rule.step,
        "bucket_no_upscale": rule.no_upscale,
        "subsets": rows,
    }
    general = {"caption_extension": caption_extension}
    return tomli_w.dumps({"general": general, "datasets": [dataset]})


def read_dataset_toml(path: Path, config: RunConfig) -> DatasetFile:
    """The folders of a dataset.toml; what it does not say comes from the run's options.

    A folder's own value wins over its dataset's, that over [general], that over the run's. Relative
    folders count from the file. Raises TrainerError for wrong or unknown keys, for keys that this
    trainer cannot honour, and for datasets with different batch sizes.
    """
    rows = read_toml(path)
    try:
        return _parse(rows, path, config)
    except TrainerError as error:
        raise TrainerError(f"{path}: {error.message}", error.hint) from error


def _parse(rows: Mapping[str, Any], path: Path, config: RunConfig) -> DatasetFile:
    for name in rows:
        if name not in ("general", "datasets"):
            raise TrainerError(f'There is no section "{name}".', "Possible: general, datasets.")
    (general,) = _sections([rows.get("general", {})], "[general]")
    general = _checked(general, _ABOVE)
    groups, sizes = [], []
    for dataset in _sections(rows.get("datasets", []), "[[datasets]]"):
        own = {name: value for name, value in dataset.items() if name != "subsets"}
        common = general | _checked(own, _ABOVE)
        shared, sizes_here = _options(config, common)
        sizes.append(sizes_here)
        subsets = _sections(dataset.get("subsets", []), "[[datasets.subsets]]")
        rows_here = [common | _checked(row, _IN_SUBSETS) for row in subsets]
        groups.append(tuple(_subset(shared, row, path.parent) for row in rows_here))
    if not any(groups):
        raise TrainerError("It names no folders.", "Add a [[datasets.subsets]] with image_dir.")
    if len(set(sizes)) > 1:
        raise TrainerError(
            f"Its datasets have different batch sizes: {', '.join(map(str, sizes))}.",
            "A run has one batch size; give all datasets the same.",
        )
    return DatasetFile(tuple(groups), sizes[0])


def _options(config: RunConfig, common: Mapping[str, Any]) -> tuple[RunConfig, int]:
    """The run's options as this dataset changes them, and its batch size."""
    names = (*SUBSET_OPTIONS, *_DATASET_OPTIONS)
    named = {name: common[name] for name in names if name in common}
    named |= {name: _plain(named[name]) for name in SUBSET_OPTIONS if name in named}
    changed = parse_options(named, config)
    if _BATCH not in common:
        return changed, changed.train_batch_size
    return changed, int(parse_value(OPTIONS["train_batch_size"], common[_BATCH]))


def _subset(shared: RunConfig, row: Mapping[str, Any], base: Path) -> Subset:
    named = {name: _plain(row[name]) for name in SUBSET_OPTIONS if name in row}
    own = parse_options(named, shared)
    folder, repeats = row.get("image_dir"), row.get("num_repeats", 1)
    if not isinstance(folder, str) or not folder:
        raise TrainerError("A subset has no image_dir.", "Add image_dir to every subset.")
    if not isinstance(repeats, int) or isinstance(repeats, bool) or repeats < 1:
        raise TrainerError(f"num_repeats of {folder} is {repeats!r}.", "It must be 1 or more.")
    class_tokens, is_reg = row.get("class_tokens", ""), row.get("is_reg", False)
    if not isinstance(class_tokens, str) or not isinstance(is_reg, bool):
        raise TrainerError(f"class_tokens or is_reg of {folder} is of the wrong type.")
    found = subset_of(own, base / folder, repeats, class_tokens, is_reg)
    paths = {name: base / path for name in _PATHS if (path := getattr(found, name)) and name in row}
    return replace(found, **paths)


def _plain(value: object) -> object:
    """A value as options take it; sd-scripts allows a list of two numbers for a range."""
    return ",".join(map(str, value)) if isinstance(value, list) else value


def _checked(row: Mapping[str, Any], known: Mapping[str, object]) -> dict[str, Any]:
    """The row, when every key in it is one that can be honoured at this place."""
    for name, value in row.items():
        if name not in known:
            near = nearest(name, known)
            raise TrainerError(f'There is no key "{name}" here.', f'The nearest one is "{near}".')
        if name in _OFF and value != _OFF[name]:
            raise TrainerError(
                f'"{name}" is not supported, and its value {value!r} asks for something.',
                "Remove the line to train without it.",
            )
    return dict(row)


def _sections(value: object, name: str) -> Sequence[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise TrainerError(f"{name} is not written as it should be.")
    return value
