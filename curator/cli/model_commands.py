"""The command about models: which there are, downloading, choosing and removing one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from curator.cli.arguments import Json
from curator.cli.output import run_job, show, show_json, shown
from curator.core.installed_models import (
    InstalledModel,
    installed,
    left_over,
    model_for,
    remove,
    use_file,
    use_model,
    use_none,
)
from curator.core.model_folder import models_folder
from curator.core.model_table import KINDS, KnownModel, known_model, known_models, model_kind
from curator.core.readable import size
from curator.tasks.download_model import download_model

NONE = "none"


class What(StrEnum):
    """What is done with models."""

    LIST = "list"
    DOWNLOAD = "download"
    USE = "use"
    REMOVE = "remove"


def models(
    what: Annotated[What, typer.Argument(help="What to do.")] = What.LIST,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORDS",
            help="download KEY, remove KEY, use KIND KEY, use KIND FILE, or use KIND none.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """List neural models; download, choose or remove one.

    Nothing is downloaded unless you ask for it.
    """
    given = words or []
    wanted = {What.LIST: 0, What.USE: 2}.get(what, 1)
    if len(given) != wanted:
        raise typer.BadParameter(f"{what} takes {wanted} more, see --help; there are {len(given)}.")
    said = _WORKS[what](given)
    if json:
        show_json(_listed())
    elif said:
        show(shown(said))
    else:
        _show_list()


def _download(words: Sequence[str]) -> str:
    model = known_model(words[0])
    found = run_job(lambda job: download_model(job, model))
    extra = f" Use it with: models use {model.kind} {model.key}" * (model_for(model.kind) is None)
    return f"{model.title}, {size(found.size)}, is in {found.path}.{extra}"


def _use(words: Sequence[str]) -> str:
    kind, meant = words
    model_kind(kind)
    if meant == NONE:
        use_none(kind)
        return f"Nothing is chosen as {KINDS[kind].one} any more."
    row = next((m for m in known_models() if (m.kind, m.key) == (kind, meant)), None)
    if row is None:
        return f"{use_file(kind, Path(meant)).path} is used as {KINDS[kind].one}."
    use_model(row)
    return f"{row.title} is used as {KINDS[kind].one}."


def _remove(words: Sequence[str]) -> str:
    model = known_model(words[0])
    freed = remove(model)
    return f"Removed {model.title}, {size(freed)}." if freed else f"{model.title} was not there."


_WORKS: Mapping[What, Callable[[Sequence[str]], str]] = {
    What.LIST: lambda _words: "",
    What.DOWNLOAD: _download,
    What.USE: _use,
    What.REMOVE: _remove,
}


def _listed() -> dict[str, Any]:
    used = {kind: model_for(kind) for kind in KINDS}
    return {
        "folder": str(models_folder()),
        "models": [_row(model, used[model.kind]) for model in known_models()],
        "used": {kind: str(one.path) for kind, one in used.items() if one},
    }


def _row(model: KnownModel, used: InstalledModel | None) -> dict[str, Any]:
    there = installed(model)
    return {
        "key": model.key,
        "kind": model.kind,
        "title": model.title,
        "repository": model.repository,
        "licence": model.licence,
        "size_bytes": there.size if there else model.size,
        "path": str(there.path) if there else None,
        "used": used is not None and used.key == model.key,
    }


def _show_list() -> None:
    for kind, words in KINDS.items():
        rows = [model for model in known_models() if model.kind == kind]
        used = model_for(kind)
        if rows or used:
            show(words.title)
        for model in rows:
            state = _state(model, used)
            show(f"  {model.key:<16} {size(model.size):>7}  {model.licence:<13} {state}")
        if used and not used.key:
            gone = "" if used.is_there else ", which is not there"
            show(shown(f"  in use: {used.path}{gone}"))
    show(shown(f"They lie in {models_folder()}."))


def _state(model: KnownModel, used: InstalledModel | None) -> str:
    if installed(model) is None:
        part = left_over(model)
        return f"begun, {size(part)} are here" if part else "not downloaded"
    return "in use" if used and used.key == model.key else "downloaded"
