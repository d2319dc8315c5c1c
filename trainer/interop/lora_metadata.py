"""The options that a LoRA was trained with, from what its file says about itself (ss_*)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from trainer.errors import TrainerError
from trainer.interop.foreign import Given, Imported, Notes, Rows, is_secret, number, shown
from trainer.interop.read_rows import options_of_rows
from trainer.interop.sd_scripts_keys import OF_DATASETS, OF_SUBSETS, SAME

_FORM = "the metadata of a LoRA"
_PREFIX = "ss_"
_RENAMED = {
    "batch_size_per_device": "train_batch_size",
    "debiased_estimation": "debiased_estimation_loss",
    "sd_model_name": "pretrained_model_name_or_path",
    "optimizer": "optimizer_type",
    "num_epochs": "max_train_epochs",
}
_JSON = ("network_args", "datasets", "dataset_dirs", "reg_dataset_dirs")
_OPTIMIZER = re.compile(r"([\w.]+)(?:\((.*)\))?", re.DOTALL)
_COMMA = re.compile(r",(?=\s*\w+\s*=)")  # before another argument, not within a value
_BASE = "pretrained_model_name_or_path"


def is_metadata(values: Mapping[str, Any]) -> bool:
    """Whether these are the metadata of a LoRA."""
    return any(str(name).startswith(_PREFIX) for name in values)


def read_metadata(values: Mapping[str, Any]) -> Imported:
    """The options behind a LoRA's metadata. Raises TrainerError where it says nothing of them."""
    found = {
        name.removeprefix(_PREFIX): value
        for name, value in values.items()
        if name.startswith(_PREFIX)
    }
    if not found:
        raise TrainerError(
            "This file does not say how it was trained.",
            "Its metadata was never written, or was taken out.",
        )
    notes = Notes()
    rows: Rows = {}
    facts = []
    for name, value in found.items():
        ours = _RENAMED.get(name, name)
        if is_secret(name):
            notes.ignored.append(f"ss_{name}: a secret, which is never read.")
        elif ours in SAME or name in ("network_args", "datasets", "full_fp16"):
            rows[ours] = Given(_value(name, value), f"ss_{name}")
        else:
            facts.append(f"ss_{name}")
    _family(rows, str(found.get("base_model_version", "")), notes)
    _datasets(rows)
    _optimizer(rows)
    _length(rows, found)
    _timesteps(rows, values)
    _folders(found, notes)
    options = options_of_rows(rows, notes, complete=False)
    if facts:
        notes.ignored.append(f"Facts about that run, no settings: {', '.join(facts)}.")
    return notes.done(_FORM, options)


def _timesteps(rows: Rows, values: Mapping[str, Any]) -> None:
    key = "modelspec.timestep_range"
    least, _, most = str(values.get(key, "")).partition(",")
    if most:
        rows["min_timestep"], rows["max_timestep"] = Given(least, key), Given(most, key)


def _value(name: str, value: object) -> Any:
    """A value as sd-scripts writes it: text, with JSON and tuples in it."""
    text = str(value)
    try:
        if name in _JSON:
            return json.loads(text)
        if text.startswith(("(", "[")):
            return json.loads(f"[{text[1:-1]}]")
    except (ValueError, RecursionError):
        return text
    return text


def _family(rows: Rows, version: str, notes: Notes) -> None:
    """The kind of model by its version, which says more than ss_v2."""
    rows.pop("v2", None)
    if version.startswith("sd_v2"):
        rows["v2"] = Given("true", "ss_base_model_version")
    if version.endswith("_v"):
        rows["v_parameterization"] = Given("true", "ss_base_model_version")
    base = rows.get(_BASE)
    if base:
        rows[_BASE] = Given(re.split(r"[/\\]", str(base.value))[-1], base.key)
        notes.warnings.append(
            f"The base model was {shown(rows[_BASE].value)}; choose where yours lies."
        )


def _datasets(rows: Rows) -> None:
    """What ss_datasets says of its first dataset, where the run had a dataset.toml."""
    given = rows.pop("datasets", None)
    datasets = given.value if given and isinstance(given.value, list) else []
    first = datasets[0] if datasets and isinstance(datasets[0], dict) else {}
    subsets = first.get("subsets")
    inner = subsets[0] if isinstance(subsets, list) and subsets else {}
    known = (*OF_DATASETS, *OF_SUBSETS)
    for source in (first, inner if isinstance(inner, dict) else {}):
        for name, value in source.items():
            name = _RENAMED.get(name, name)
            if name in known or name == "train_batch_size":
                rows.setdefault(name, Given(value, f"ss_datasets {name}"))


def _optimizer(rows: Rows) -> None:
    """ "torch.optim.adamw.AdamW(weight_decay=0.1,betas=(0.9, 0.99))" as type and arguments."""
    given = rows.get("optimizer_type")
    found = _OPTIMIZER.fullmatch(str(given.value).strip()) if given else None
    if given and found:
        rows["optimizer_type"] = Given(found[1], given.key)
        if found[2]:
            words = [word.strip() for word in _COMMA.split(found[2])]
            rows["optimizer_args"] = Given(words, given.key)


def _length(rows: Rows, found: Mapping[str, Any]) -> None:
    """Epochs where the steps are those of whole epochs, else steps."""
    steps, epochs, batches, groups = (
        number(found.get(name))
        for name in (
            *("max_train_steps", "num_epochs"),
            *("num_batches_per_epoch", "gradient_accumulation_steps"),
        )
    )
    if not steps:
        return
    per_epoch = -(-(batches or 0) // (groups or 1))
    rows.pop("max_train_steps" if epochs and steps == epochs * per_epoch else "max_train_epochs", 0)


def _folders(found: Mapping[str, Any], notes: Notes) -> None:
    for name in ("dataset_dirs", "reg_dataset_dirs"):
        folders = _value(name, found.get(name, ""))
        for folder, row in folders.items() if isinstance(folders, dict) else ():
            if isinstance(row, dict):
                notes.warnings.append(
                    f"It was trained on the folder {shown(folder)}: {row.get('img_count', '?')} "
                    f"pictures, {row.get('n_repeats', 1)} times. Choose yours."
                )
