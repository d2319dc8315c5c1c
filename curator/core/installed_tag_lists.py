"""The lists of tags that the program knows: its own, and what the person has added.

Added lists lie in the user's data folder. What large lists amount to is kept beside the caches, so
that a start need not read them again.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path, user_data_path

from curator.core.errors import UserError
from curator.core.files import write_atomic, write_error
from curator.core.known_tags import KnownTags, known_from
from curator.core.tag_lists import TagList
from curator.core.text_lines import TextLines

STARTER = Path(__file__).resolve().parents[2] / "resources" / "tags"
_FORM = 1  # of what is kept; another number makes it anew
_LARGE = 1_000_000  # bytes of lists, which take about half a second to read


@dataclass(frozen=True, slots=True)
class InstalledList:
    """A list that the person has added."""

    name: str
    path: Path
    size_bytes: int


def lists_folder() -> Path:
    """Where added lists lie; it may not be there yet."""
    return user_data_path("curator", appauthor=False) / "tags"


def installed() -> list[InstalledList]:
    """The added lists, by name."""
    paths = sorted(lists_folder().glob("*.csv"))
    return [InstalledList(path.stem, path, path.stat().st_size) for path in paths]


def install(path: Path) -> TagList:
    """Add a copy of a list, in place of one of the same name; returns it as it was read.

    Raises UserError when the file is no list of tags.
    """
    found = TagList.load(path)
    folder = lists_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        data = path.read_bytes()
    except OSError as error:
        raise write_error(error, folder) from error
    write_atomic(folder / f"{path.stem}.csv", data)
    return found


def remove(name: str) -> None:
    """Take away an added list. Raises UserError when there is none of that name."""
    for one in installed():
        if one.name == name:
            try:
                one.path.unlink()
            except OSError as error:
                raise write_error(error, one.path) from error
            return
    names = ", ".join(one.name for one in installed()) or "none"
    raise UserError(f'There is no list of tags "{name}".', f"Added were: {names}.")


def known_tags() -> tuple[KnownTags, list[UserError]]:
    """What all lists know, and what went wrong with some of them; takes seconds the first time.

    What an added list says goes before what the program's own say.
    """
    paths = [one.path for one in installed()] + sorted(STARTER.glob("*.csv"))
    if sum(path.stat().st_size for path in paths) < _LARGE:
        return _read(paths)
    kept = user_cache_path("curator", appauthor=False) / "tags.npz"
    state = _state_of(paths)
    if (known := _kept(kept, state)) is not None:
        return known, []
    known, errors = _read(paths)
    if not errors:
        try:
            _keep(kept, state, known)
        except UserError as error:
            errors.append(error)
    return known, errors


def _read(paths: Sequence[Path]) -> tuple[KnownTags, list[UserError]]:
    lists, errors = [], []
    for path in paths:
        try:
            lists.append(TagList.load(path))
        except UserError as error:
            errors.append(error)
    return known_from(lists), errors


def _state_of(paths: Sequence[Path]) -> str:
    """Another text for every change of the lists."""
    facts = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    return hashlib.sha256(repr((_FORM, facts)).encode()).hexdigest()


def _keep(path: Path, state: str, known: KnownTags) -> None:
    columns = {field.name: getattr(known, field.name) for field in fields(KnownTags)}
    arrays = {
        name: np.frombuffer(column.raw, np.uint8) if isinstance(column, TextLines) else column
        for name, column in columns.items()
    }
    file = io.BytesIO()
    np.savez(file, state=np.array(state), **arrays)  # type: ignore[arg-type] # its own option
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, path) from error
    write_atomic(path, file.getvalue(), durable=False)


def _kept(path: Path, state: str) -> KnownTags | None:
    """What was kept for these lists; None where nothing was, or it can't be read."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            if str(arrays["state"]) != state:
                return None
            columns = {field.name: arrays[field.name] for field in fields(KnownTags)}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    texts = ("tags", "keys", "aliases", "alias_keys")
    return KnownTags(**columns | {name: TextLines(columns[name].tobytes()) for name in texts})
