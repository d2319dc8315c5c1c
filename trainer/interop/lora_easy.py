"""Reads and writes the TOML files of LoRA_Easy_Training_Scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import tomli_w

from trainer.interop.dataset_toml import DatasetFolder
from trainer.interop.easy_keys import (
    ARGS,
    DATASET_ARGS,
    IDLE,
    IN_SUBSETS,
    RENAMED,
    SECTIONS,
)
from trainer.interop.folders import dataset_text
from trainer.interop.foreign import Given, Imported, Notes, Rows, Written, number
from trainer.interop.read_network import pairs
from trainer.interop.read_rows import options_of_rows
from trainer.interop.sd_scripts_keys import ANNEALED_CLASS, REX_CLASS

_FORM = "settings of LoRA_Easy_Training_Scripts"
_TABLES = ("args", "dataset_args")
_CLASSES = {"annealed_cosine": ANNEALED_CLASS, "rex": REX_CLASS}


def is_easy(values: Mapping[str, Any]) -> bool:
    """Whether a TOML file has the sections that LoRA_Easy writes."""
    found = (values.get(name) for name in SECTIONS)
    return any(isinstance(one, dict) and any(it in one for it in _TABLES) for one in found)


def read_easy(values: Mapping[str, Any]) -> Imported:
    """The options of such a file; its subsets become the text of a dataset.toml."""
    notes = Notes()
    rows: Rows = {}
    for section, table in values.items():
        if section == "subsets":
            continue
        for kind in _TABLES if isinstance(table, dict) else ():
            inner = table.get(kind)
            for key, value in inner.items() if isinstance(inner, dict) else ():
                _add(rows, key, value, notes)
    if "bucket_args" in values:
        rows.setdefault("enable_bucket", Given(True, "bucket_args"))
    dataset, common = dataset_text(values.get("subsets", []), notes)
    rows = common | rows
    if "caption_extension" in dataset:
        rows.setdefault("caption_extension", Given(".txt", "subsets"))  # each has its own
    _network(rows, notes)
    warmup = rows.pop("warmup_ratio", None)
    if warmup and number(warmup.value):
        rows["lr_warmup_steps"] = warmup
    complete = "pretrained_model_name_or_path" in rows
    return notes.done(_FORM, options_of_rows(rows, notes, complete=complete), dataset)


def _add(rows: Rows, key: str, value: Any, notes: Notes) -> None:
    if key in IDLE:
        notes.ignored.append(f"{key}: {IDLE[key]}.")
    elif key in ("flux_args", "extra_args") and isinstance(value, dict):
        for name, one in value.items():
            _add(rows, name, one, notes)
    else:
        rows[RENAMED.get(key, key)] = Given(value, key)


def _network(rows: Rows, notes: Notes) -> None:
    """The module that goes with the algorithm, which LoRA_Easy leaves unsaid."""
    given = rows.pop("network_args", None)
    arguments = pairs(given.value) if given else {}
    algo = str(arguments.get("algo", "")).lower()
    for name, value in arguments.items():
        rows.setdefault(name, Given(value, name))
    if "network_module" in rows:
        return
    if algo:
        rows["network_module"] = Given("lycoris.kohya", "algo")
    elif "unit" in arguments:
        rows["network_module"] = Given("networks.dylora", "unit")


def write_easy(
    rows: Mapping[str, Any], folders: Iterable[DatasetFolder], left_out: list[str]
) -> Written:
    """sd-scripts' options in LoRA_Easy's sections; `folders` become its subsets."""
    values = dict(rows)
    network = pairs(values.pop("network_args", []))
    unit = network.pop("unit", "1")
    if values.pop("network_module") == "networks.dylora" or network.get("algo") == "dylora":
        network["unit"] = unit
    optimizer = pairs(values.pop("optimizer_args"))
    _values(values)
    found: dict[str, Any] = {name: {"args": {}} for name in ARGS}
    found |= {"bucket_args": {"dataset_args": {}}}
    found["general_args"]["dataset_args"] = {}
    _schedule(values, found["optimizer_args"]["args"])
    if not values.get("enable_bucket"):
        del found["bucket_args"]
    for kind, table in (("args", ARGS), ("dataset_args", DATASET_ARGS)):
        for section, names in table.items():
            for name in names:
                if name in values and section in found:
                    found[section][kind][_theirs(name)] = values.pop(name)
    arguments = {name: _value(text) for name, text in network.items()}
    found["network_args"]["args"]["network_args"] = arguments
    found["optimizer_args"]["args"]["optimizer_args"] = optimizer
    found["subsets"] = _subsets(values, list(folders), left_out)
    if values:
        found["extra_args"] = {"args": values}
    return Written(tomli_w.dumps(found), tuple(left_out))


def _values(values: dict[str, Any]) -> None:
    """Sizes, ranges and the file of the dims as LoRA_Easy holds them."""
    width, height = map(int, values["resolution"].split(","))
    values["resolution"] = width if width == height else [width, height]
    if "face_crop_aug_range" in values:
        values["face_crop_aug_range"] = _value(values["face_crop_aug_range"])
    if values["dim_from_weights"] and "network_weights" in values:
        values["dim_from_weights"] = values.pop("network_weights")


def _value(text: str) -> Any:
    """A number, a list of numbers or a truth, where the text is one; its form reads no text."""
    if text in ("True", "False"):
        return text == "True"
    try:
        numbers = [_number(part) for part in text.split(",")]
    except ValueError:
        return text
    return numbers if len(numbers) > 1 else numbers[0]


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


def _theirs(name: str) -> str:
    return next((theirs for theirs, ours in RENAMED.items() if ours == name), name)


def _schedule(values: dict[str, Any], into: dict[str, Any]) -> None:
    """A schedule of LoRA_Easy's own, and the warm-up as a share."""
    warmup = values["lr_warmup_steps"]
    if warmup < 1:
        del values["lr_warmup_steps"]
        into |= {"warmup_ratio": warmup} if warmup else {}
    kind = _CLASSES.get(values["lr_scheduler"])
    if kind is None:
        return
    into["lr_scheduler_type"] = kind
    rate = values.get("unet_lr") or values["learning_rate"] or values.get("text_encoder_lr")
    shapes = {
        "min_lr": values.pop("lr_scheduler_min_lr_ratio") * rate,
        "gamma": values.pop("lr_scheduler_gamma"),
        "cycle_multiplier": values.pop("lr_scheduler_cycle_multiplier"),
    }
    d = values.pop("lr_scheduler_d")
    into["lr_scheduler_args"] = shapes | ({"d": d} if kind == REX_CLASS else {})
    del values["lr_scheduler"]


def _subsets(
    values: dict[str, Any], folders: list[DatasetFolder], left_out: list[str]
) -> list[dict[str, Any]]:
    """The folders with the options that LoRA_Easy keeps with each of them."""
    common = {name: values.pop(name) for name in IN_SUBSETS if name in values}
    for name in ("train_data_dir", "reg_data_dir", "dataset_config"):
        if values.pop(name, None) and not folders:
            left_out.append(f"{name}: LoRA_Easy wants each folder with its repeats; add it there.")
    rows = [
        {"image_dir": str(one.image_dir), "num_repeats": one.num_repeats, "is_reg": one.is_reg}
        for one in folders
    ] or [{}]
    return [row | common for row in rows]
