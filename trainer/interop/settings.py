"""Settings of any trainer: read, whichever form they have, and written in a form of choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tomli_w

from trainer.config import OPTIONS, RunConfig, dump_run
from trainer.errors import TrainerError
from trainer.headers import read_header
from trainer.interop.dataset_toml import DatasetFolder
from trainer.interop.folders import read_dataset
from trainer.interop.foreign import Imported, Notes, Written, given_rows, meant, shown
from trainer.interop.kohya_gui import read_kohya, write_kohya
from trainer.interop.lora_easy import is_easy, read_easy, write_easy
from trainer.interop.lora_metadata import is_metadata, read_metadata
from trainer.interop.pasted import LIMIT, command_in, json_in, read_text, script_in, toml_in
from trainer.interop.read_rows import options_of_rows
from trainer.interop.sd_scripts_keys import OURS
from trainer.interop.write_rows import rows_of
from trainer.options import parse_value

FORMS = ("run", "kohya", "easy", "sd-scripts")
_BASE = "pretrained_model_name_or_path"
_TABLES = ("network_args", "optimizer_args", "lr_scheduler_args")  # a value, not a section
_MOST_KEYS = 5000  # a file of kohya_ss has some 200, each folder of LoRA_Easy some 15
_WAYS_OUT = (
    "Known are kohya_ss' JSON, LoRA_Easy's TOML, sd-scripts' TOML and command lines, run files, "
    "and LoRAs with metadata."
)


def read_settings(source: Path | str) -> Imported:
    """The settings in a file, or in pasted text, in whichever form they are.

    Paths in them are taken over but not opened, and secrets are never read. Raises TrainerError
    when the file cannot be read, or the text is in none of the known forms.
    """
    if isinstance(source, Path):
        if source.suffix.lower() == ".safetensors":
            return read_metadata(read_header(source).metadata)
        source = read_text(source)
    if len(source) > LIMIT:
        raise TrainerError("The text is too long for settings.", _WAYS_OUT)
    try:
        return _of_text(source)
    except RecursionError as error:
        raise TrainerError("The settings are nested too deeply.", _WAYS_OUT) from error


def read_queue(folder: Path) -> list[tuple[str, Imported]]:
    """The settings of every .toml and .json file of a folder, such as LoRA_Easy's queue, by name.

    Raises TrainerError when there are none, or one of them cannot be read.
    """
    paths = sorted(it for it in folder.iterdir() if it.suffix.lower() in (".toml", ".json"))
    if not paths:
        raise TrainerError(f"There are no settings in {folder}.", _WAYS_OUT)
    return [(path.stem, _one_of_queue(path)) for path in paths]


def _one_of_queue(path: Path) -> Imported:
    try:
        return read_settings(path)
    except TrainerError as error:
        raise TrainerError(
            f"{path.name}: {error.message}", f"{error.hint} Or take it out of the folder."
        ) from error


def write_settings(config: RunConfig, form: str, folders: Iterable[DatasetFolder] = ()) -> Written:
    """A run's settings in one of FORMS, with a sentence for all that the form cannot say.

    LoRA_Easy's form names the `folders` of pictures; the others take them from a dataset.toml or
    from the training folder.
    """
    if form == "run":
        return Written(dump_run(config))
    left_out: list[str] = []
    rows = rows_of(config, left_out, cycles=form == "easy")
    if form == "kohya":
        return write_kohya(rows, left_out)
    if form == "easy":
        return write_easy(rows, folders, left_out)
    prompts = str(rows.get("sample_prompts", ""))
    if prompts and not prompts.endswith(".txt"):
        left_out.append("sample_prompts is a prompt: sd-scripts wants a .txt file with it.")
    return Written(tomli_w.dumps(rows), tuple(left_out))


def _of_text(text: str) -> Imported:
    for find, read in ((toml_in, _of_toml), (json_in, _of_json)):
        rows = find(text)
        if rows:
            if _keys(rows) > _MOST_KEYS:
                raise TrainerError("The text has too many keys for settings.", _WAYS_OUT)
            return read(rows)
    rows = command_in(text)
    if rows and len(rows) <= _MOST_KEYS:
        return _of_command(rows, script_in(text))
    raise TrainerError("These are no settings that can be read.", _WAYS_OUT)


def _keys(value: object) -> int:
    """How many keys there are in all the tables of a value."""
    if isinstance(value, dict):
        return len(value) + sum(map(_keys, value.values()))
    return sum(map(_keys, value)) if isinstance(value, list) else 0


def _of_toml(rows: dict[str, Any]) -> Imported:
    if is_easy(rows):
        return read_easy(rows)
    if "datasets" in rows:
        return read_dataset(rows)
    flat = _flat(rows)
    if is_metadata(flat):
        return read_metadata(flat)
    if any(name in OURS for name in flat) or flat.get("v2") == "auto":
        return _of_run(flat)
    return _of_sd_scripts("settings of sd-scripts (TOML)", flat)


def _of_json(rows: dict[str, Any]) -> Imported:
    for name in ("__metadata__", "metadata", "ss_metadata"):
        if isinstance(rows.get(name), dict):
            rows = rows[name]
    return read_metadata(rows) if is_metadata(rows) else read_kohya(rows)


def _of_command(rows: dict[str, Any], script: str) -> Imported:
    if "sdxl" in script:
        rows.setdefault("sdxl", True)
    rows.pop("help", None)
    return _of_sd_scripts("a command line of sd-scripts", rows)


def _of_sd_scripts(form: str, rows: Mapping[str, Any]) -> Imported:
    notes = Notes()
    options = options_of_rows(given_rows(rows), notes, complete=_BASE in rows)
    for name in ("config_file", "dataset_config"):
        if name in rows:
            notes.warnings.append(f"{name} is a file of its own: it was not opened.")
    notes.account(rows)
    return notes.done(form, options)


def _of_run(rows: Mapping[str, Any]) -> Imported:
    """A run file of this program: taken as it stands."""
    notes = Notes()
    options = {}
    for name, given in given_rows(rows).items():
        if name not in OPTIONS:
            notes.ignored.append(f"{name}: not known here.{meant(name, OPTIONS)}")
            continue
        try:
            options[name] = parse_value(OPTIONS[name], given.value)
        except TrainerError as error:
            notes.ignored.append(f"{name}: {shown(error.message)} {error.hint}".strip())
        else:
            notes.take(name, given)
    return notes.done("a run file", options)


def _flat(rows: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of all sections together, as sd-scripts reads its --config_file."""
    flat: dict[str, Any] = {}
    for name, value in rows.items():
        section = isinstance(value, dict) and name not in _TABLES
        flat |= value if section else {name: value}
    return flat
