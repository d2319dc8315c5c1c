"""Which models are there, which one is used for what, and how one is removed.

A model of the table has a folder of its own, named by its key, in the models folder; files that the
person puts there by hand count as well, and so does a model of one file that lies in the models
folder itself. What is used instead of the table's choice stands in a small file beside them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.errors import UserError
from curator.core.files import read_error, write_atomic, write_error
from curator.core.invocation import typed
from curator.core.model_folder import models_folder
from curator.core.model_identity import NAMELESS
from curator.core.model_table import KINDS, KnownModel, known_model, known_models, model_kind

RECORD = "curator-model.json"  # written last, so that its files are whole where it is
CHOICES = "chosen.json"
PARTIAL = ".part"
# What is not used unless the person says so, because it changes what is found.
ONLY_CHOSEN = frozenset({"embedding"})


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model that can be used. `path`: the file that is opened, or the folder of a whole model.

    `key`: its row in the table, "" for a file of the person's own. `size`: bytes on disk.
    `is_there`: False for a choice whose file has gone.
    """

    kind: str
    key: str
    title: str
    path: Path
    size: int
    is_there: bool = True


def folder_of(model: KnownModel) -> Path:
    """Where a model's files lie once they are fetched, or are put by hand."""
    return models_folder() / model.key


def partial_folder(model: KnownModel) -> Path:
    """Where they lie while they are fetched."""
    return models_folder() / (model.key + PARTIAL)


def installed(model: KnownModel) -> InstalledModel | None:
    """The model of this row, None while it is not whole."""
    folder = folder_of(model)
    files = _recorded(folder) or _by_hand(model, folder)
    if not files and len(model.files) == 1:
        folder = models_folder()
        files = _by_hand(model, folder)
    if not files:
        return None
    size = sum((folder / name).stat().st_size for name in files)
    return InstalledModel(model.kind, model.key, model.title, folder / model.main, size)


def _recorded(folder: Path) -> list[str]:
    """The files that were fetched, if all are as large as they were."""
    record = _json_of(folder / RECORD)
    found = record.get("files", {}) if isinstance(record, dict) else {}
    with suppress(OSError, AttributeError, TypeError, KeyError):
        if all((folder / name).stat().st_size == one["size"] for name, one in found.items()):
            return list(found)
    return []


def _by_hand(model: KnownModel, folder: Path) -> list[str]:
    """The files that the table names, if all of them are there."""
    named = [name for name in model.files if "*" not in name]
    if len(named) == len(model.files) and all((folder / name).is_file() for name in named):
        return named
    return []


def left_over(model: KnownModel) -> int:
    """The bytes of a fetch that was stopped; the next one goes on from there."""
    return sum(path.stat().st_size for path in partial_folder(model).rglob("*") if path.is_file())


# -- which one is used


def model_for(kind: str) -> InstalledModel | None:
    """The model that is used for a kind: the chosen one, else the table's first that is there."""
    chosen = _choices().get(kind, {})
    if path := chosen.get("path"):
        return _own_file(kind, Path(path))
    if key := chosen.get("key"):
        with suppress(UserError):  # a key of another version
            model = known_model(key)
            gone = InstalledModel(kind, key, model.title, folder_of(model) / model.main, 0, False)
            return installed(model) or gone
    if kind in ONLY_CHOSEN:
        return None
    there = (installed(model) for model in known_models() if model.kind == kind)
    return next((one for one in there if one), None)


def installed_of(kind: str) -> list[InstalledModel]:
    """All models of a kind that can be used: those of the table, then a file of the person's."""
    there = [installed(model) for model in known_models() if model.kind == kind]
    used = model_for(kind)
    own = [used] if used is not None and not used.key and used.is_there else []
    return [one for one in there if one is not None] + own


def is_chosen(kind: str) -> bool:
    """Whether the person said what is used for a kind."""
    return kind in _choices()


def require_model(kind: str) -> InstalledModel:
    """The model that is used for a kind. Raises UserError that says how to get one."""
    found = model_for(kind)
    if found is None:
        first = next((model for model in known_models() if model.kind == kind), None)
        way = f"{typed('models download ' + first.key)}" if first else ""
        raise UserError(
            f"There is no {KINDS[kind].one.split(' ', 1)[1]} yet.",
            "Download one on the page of models, or use a file of your own."
            if first
            else "Use a file of your own on the page of models.",
            f"Type: {way}" if way else "",
        )
    if not found.is_there:
        raise UserError(
            f"{found.title}, which was chosen as {KINDS[kind].one}, is no longer there:"
            f" {found.path}",
            "Download it again, or choose another one on the page of models.",
        )
    return found


def installed_named(kind: str, named: str) -> Path:
    """The file or folder of the model of this key or at this path, by default the one in use.

    Raises UserError that says how to get one.
    """
    if not named:
        return require_model(kind).path
    for model in known_models():
        if (model.key, model.kind) == (named, kind):
            there = installed(model)
            if there is None:
                raise UserError(
                    f"{model.title} is not there.",
                    f"Download it with: {typed('models download ' + named)}",
                )
            return there.path
    return Path(named)


def model_in_use(kind: str) -> str:
    """What names the model that is used for a kind: its key, or the path of a person's own.

    Raises UserError that says how to get one.
    """
    found = require_model(kind)
    return found.key or str(found.path)


def use_model(model: KnownModel) -> None:
    """Use a model of the table for its kind from now on. Raises UserError."""
    if installed(model) is None:
        raise UserError(f"{model.title} is not there.", "Download it first.")
    _choose(model.kind, {"key": model.key})


def use_file(kind: str, path: Path) -> InstalledModel:
    """Use a file or folder of the person's own for a kind from now on. Raises UserError."""
    meant = model_kind(kind)
    path = path.expanduser().absolute()
    if not path.exists():
        raise UserError(f"There is no {path}.", "Check the name.")
    suffix = "" if path.is_dir() else path.suffix.lower()
    if suffix not in meant.suffixes or (path.is_file() and not suffix):
        wanted = " or ".join(one or "a folder" for one in meant.suffixes)
        raise UserError(f"{path.name} is not {meant.one}.", f"What is wanted is {wanted}.")
    _choose(kind, {"path": str(path)})
    return _own_file(kind, path)


def use_none(kind: str) -> None:
    """Forget what was chosen for a kind; its files stay."""
    choices = _choices()
    if choices.pop(kind, None) is not None:
        _write_choices(choices)


def _own_file(kind: str, path: Path) -> InstalledModel:
    size = path.stat().st_size if path.is_file() else 0
    is_nameless = path.stem in NAMELESS and path.parent.name
    title = f"{path.parent.name}/{path.name}" if is_nameless else path.name
    return InstalledModel(kind, "", title, path, size, path.exists())


def _choose(kind: str, choice: dict[str, str]) -> None:
    _write_choices({**_choices(), kind: choice})


def _choices() -> dict[str, dict[str, str]]:
    found = _json_of(models_folder() / CHOICES)
    rows = found.items() if isinstance(found, dict) else ()
    return {kind: dict(one) for kind, one in rows if kind in KINDS and isinstance(one, dict)}


def _write_choices(choices: dict[str, dict[str, str]]) -> None:
    path = models_folder() / CHOICES
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, path) from error
    write_atomic(path, json.dumps(choices, indent=1).encode())


def _json_of(path: Path) -> Any:
    """What a small file holds; None where it is missing or spoilt. Raises UserError."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        raise read_error(error, path) from error


# -- removing


def remove(model: KnownModel) -> int:
    """Delete a model's files, fetched ones and those of a stopped fetch; returns the bytes.

    Only what its record or the table names in its own folder, and its one file in the models
    folder; what else lies there stays. Raises UserError.
    """
    folder = folder_of(model)
    found = installed(model)
    names = {*_recorded(folder), *(name for name in model.files if "*" not in name), RECORD}
    paths = [folder / name for name in names]
    if len(model.files) == 1:
        paths.append(models_folder() / model.main)
    partial = partial_folder(model)
    paths += [path for path in partial.rglob("*") if path.is_file()]
    freed = (found.size if found else 0) + left_over(model)
    root = models_folder().resolve()
    for path in paths:
        if not path.parent.resolve().is_relative_to(root):
            continue  # a folder that is a link to elsewhere
        try:
            path.unlink(missing_ok=True)
        except NotADirectoryError:
            continue
        except OSError as error:
            raise write_error(error, path) from error
    for empty in (*sorted(partial.rglob("*"), reverse=True), partial, folder):
        with suppress(OSError):  # not there, or something of the person's lies in it
            empty.rmdir()
    if _choices().get(model.kind, {}).get("key") == model.key:
        use_none(model.kind)
    return freed
