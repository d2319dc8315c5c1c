"""The command about models: which there are, downloading, choosing and removing one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from curator.cli.arguments import Json
from curator.cli.output import run_job, show, show_json, shown
from curator.core.installed_models import model_for, remove, use_file, use_model, use_none
from curator.core.model_folder import models_folder
from curator.core.model_rows import ModelRow, model_rows
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
    rows = model_rows()
    return {
        "folder": str(models_folder()),
        "models": [_row(row, row.model) for row in rows if row.model],
        "used": {row.kind: str(row.there.path) for row in rows if row.in_use and row.there},
    }


def _row(row: ModelRow, model: KnownModel) -> dict[str, Any]:
    return {
        "key": model.key,
        "kind": model.kind,
        "title": model.title,
        "repository": model.repository,
        "licence": model.licence,
        "size_bytes": row.size,
        "path": str(row.there.path) if row.there else None,
        "used": row.in_use,
    }


def _show_list() -> None:
    rows = model_rows()
    for kind, words in KINDS.items():
        of_kind = [row for row in rows if row.kind == kind and (row.model or row.there)]
        if of_kind:
            show(words.title)
        for row in of_kind:
            licence = row.model.licence if row.model else "yours"
            line = f"  {row.key:<16} {size(row.size):>7}  {licence:<13} {row.state}"
            show(shown(line if row.key or not row.there else f"{line}: {row.there.path}"))
    show(shown(f"They lie in {models_folder()}."))
