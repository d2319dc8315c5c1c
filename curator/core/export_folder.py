"""The folder an export writes to: which files in it are ours, up to date, or strangers'.

A manifest beside the files lists every file of ours before it is written, so that an export that
was cut off is known as ours and continued.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from curator.core.errors import UserError
from curator.core.files import (
    TEMP_PREFIX,
    folded_name,
    read_error,
    remove_leftovers,
    write_atomic,
    write_error,
)

MANIFEST = "curator-export.json"
CONFIG = "dataset.toml"
TREES = ("img", "reg")
VERSION = 1
Stamp = tuple[str, int, int]  # what a file was made from, its size in bytes and its mtime in ns


class ExportFolder:
    """The files of ours in one export folder, by POSIX path relative to it."""

    def __init__(self, root: Path) -> None:
        """Open a folder that is new, empty or was exported to before, else raise UserError."""
        self.root = root
        try:
            root.mkdir(parents=True, exist_ok=True)
            known = _read_manifest(root)
            if known is None:
                _refuse_strangers(root)
        except OSError as error:
            raise write_error(error, root) from error
        self._stamps: dict[str, Stamp | None] = known or {}

    def plan(self, paths: Iterable[str]) -> None:
        """Claim the files that are about to be written; call it before the first of them is.

        Raises UserError when a stranger's file bears one of the names.
        """
        for path in paths:
            if path not in self._stamps and os.path.lexists(self.root / path):
                raise UserError(
                    f"{self.root / path} is in the way: it is not part of an earlier export.",
                    "Move it away, or choose another folder.",
                )
            self._stamps.setdefault(path, None)
        self.save()

    def is_current(self, path: str, key: str) -> bool:
        """Whether the file was made from `key` and is still as it was written."""
        stamp = self._stamps.get(path)
        if stamp is None or stamp[0] != key:
            return False
        try:
            found = (self.root / path).stat()
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == stamp[1:]

    def write(self, path: str, data: bytes) -> None:
        """Write a file whole; callable from any thread. Raises UserError."""
        target = self.root / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_error(error, target.parent) from error
        write_atomic(target, data)

    def wrote(self, path: str, key: str) -> None:
        """Note what the file on disk was made from."""
        found = (self.root / path).stat()
        self._stamps[path] = (key, found.st_size, found.st_mtime_ns)

    def refresh(self, path: str, data: bytes) -> None:
        """Write a small file if it does not hold exactly these bytes already. Raises UserError."""
        try:
            same = (self.root / path).read_bytes() == data
        except OSError:
            same = False
        if not same:
            self.write(path, data)

    def drop_others(self, planned: Iterable[str]) -> list[str]:
        """Delete files of ours that are no longer planned, and folders that this leaves empty."""
        kept = {folded_name(path): self.root / path for path in planned}
        wanted = set(planned)
        dropped = []
        for path in sorted(set(self._stamps) - wanted):
            self._delete(self.root / path, kept.get(folded_name(path)))
            del self._stamps[path]
            dropped.append(path)
        self.save()
        return dropped

    def _delete(self, path: Path, renamed_to: Path | None) -> None:
        """Delete one file; where case is ignored, its new name may be the same file."""
        try:
            if renamed_to is not None and renamed_to.exists() and path.samefile(renamed_to):
                return
            path.unlink(missing_ok=True)
        except OSError as error:
            raise write_error(error, path) from error
        with suppress(OSError):  # a stranger's file keeps the folder
            path.parent.rmdir()

    def strangers(self) -> list[str]:
        """Files in the dataset's folders that no export wrote; trainers read them too."""
        return [
            path
            for tree in TREES
            for file in sorted((self.root / tree).glob("*/*"))
            if (path := file.relative_to(self.root).as_posix()) not in self._stamps
        ]

    def clean(self) -> None:
        """Delete half-written files of an export that was killed."""
        for tree in TREES:
            remove_leftovers(self.root / tree)
        for path in self.root.glob(f"{TEMP_PREFIX}*"):
            path.unlink(missing_ok=True)

    def save(self) -> None:
        """Write the manifest. Raises UserError."""
        rows = {
            "made_by": "curator",
            "version": VERSION,
            "files": dict(sorted(self._stamps.items())),
        }
        write_atomic(self.root / MANIFEST, json.dumps(rows, indent=0).encode())


def _read_manifest(root: Path) -> dict[str, Stamp | None] | None:
    """What the manifest says; None where there is none. Raises UserError for a damaged one."""
    path = root / MANIFEST
    try:
        rows = json.loads(path.read_bytes())
        return _stamps(rows["files"])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise read_error(error, path) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{path} is damaged, so it is not known which files are Curator's.",
            "Delete the folder's img, reg and dataset.toml with it, or export to another folder.",
        ) from error


def _stamps(files: Mapping[str, Any]) -> dict[str, Stamp | None]:
    found: dict[str, Stamp | None] = {}
    for path, row in files.items():
        parts = PurePosixPath(path).parts
        # Only such files are ever deleted, whatever a manifest says.
        inside = len(parts) == 3 and parts[0] in TREES and ".." not in parts
        if not (inside or path == CONFIG) or "\\" in path:
            raise ValueError(f"not a file of an export: {path}")
        found[path] = None if row is None else (str(row[0]), int(row[1]), int(row[2]))
    return found


def _refuse_strangers(root: Path) -> None:
    for name in (*TREES, CONFIG):
        path = root / name
        if path.is_dir() and not any(path.iterdir()):
            continue
        if os.path.lexists(path):
            raise UserError(
                f"{path} is there already and is not from Curator.",
                "Choose an empty folder, or move it away.",
            )
