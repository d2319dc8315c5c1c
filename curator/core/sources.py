"""What there is to import: files, folders with all below them, and archives, in natural order."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from curator.core.archives import (
    Archive,
    Entry,
    is_archive_name,
    is_closed_archive,
    open_archive,
)
from curator.core.errors import UserError
from curator.core.files import read_error
from curator.core.naming import natural_key
from curator.core.sidecars import candidates

_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
OWN = "It belongs to this project."


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was met. `source`: absolute, `a.zip!/inner.jpg` inside archives."""

    source: str
    size: int
    archive: Archive | None = None
    entry: Entry | None = None

    @property
    def path(self) -> Path | None:
        """Where it lies on disk; None inside an archive."""
        return None if self.archive else Path(self.source)

    @property
    def name(self) -> str:
        """Its name alone."""
        if self.entry is None:
            return os.path.basename(self.source)  # noqa: PTH119 - a Path would drop what follows "!"
        return self.entry.name.replace("\\", "/").rpartition("/")[2]

    @property
    def folder(self) -> str:
        """What it shares with the files beside it."""
        return self.source[: len(self.source) - len(self.name)]

    def open(self) -> BinaryIO:
        """Its bytes, to be read by the caller's thread. Raises UserError when they can't be had."""
        if self.archive is not None and self.entry is not None:
            return self.archive.open(self.entry)
        try:
            return Path(self.source).open("rb")
        except OSError as error:
            raise read_error(error, Path(self.source)) from error


@dataclass(frozen=True, slots=True)
class Unusable:
    """A file or folder that was met and is not even looked into; no loss unless `rejected`."""

    source: str
    reason: str
    hint: str = ""
    rejected: bool = False


class Sources:
    """The files behind what a user named; keeps the archives among them open until it is closed."""

    def __init__(
        self, own: Iterable[Path], scratch: Callable[[], Path], check: Callable[[], None]
    ) -> None:
        """`own`: the project's own folders and files, never entered. `check`: the cancel point."""
        self.files: list[Found] = []
        self.unusable: list[Unusable] = []
        self._own = {key for path in own if (key := _identity(path))}
        self._scratch, self._check = scratch, check
        self._entered: set[tuple[int, int]] = set()
        self._met: set[str] = set()
        self._archives: list[Archive] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        for archive in self._archives:
            archive.close()

    def add(self, sources: Sequence[Path]) -> None:
        """Look through what the user named; a picture named alone brings the sidecars beside it."""
        for source in sources:
            path = os.path.abspath(source)  # noqa: PTH100 - links in the user's path stay
            if self._is_own(path):
                self._skip(path, OWN)
            elif os.path.isdir(path):  # noqa: PTH112 - strings all the way, names may be odd
                self._walk(path)
            else:
                self._meet(path, named=True)
                for name in candidates(os.path.basename(path)):  # noqa: PTH119
                    beside = os.path.join(os.path.dirname(path), name)  # noqa: PTH118, PTH120
                    if os.path.isfile(beside):  # noqa: PTH113
                        self._meet(beside)

    def _is_own(self, path: str) -> bool:
        real = Path(os.path.realpath(path))
        return any(_identity(place) in self._own for place in (real, *real.parents))

    def _walk(self, top: str) -> None:
        """All below a folder, depth first; a stack of its own, for trees deeper than Python's."""
        stack = [self._enter(top, link=False)]
        while stack:
            self._check()
            path = next(stack[-1], None)
            if path is None:
                stack.pop()
            elif os.path.isdir(path):  # noqa: PTH112
                stack.append(self._enter(path, os.path.islink(path)))  # noqa: PTH114
            else:
                self._meet(path)

    def _enter(self, folder: str, link: bool) -> Iterator[str]:
        key = _identity(Path(folder))
        if key in self._own:
            self._skip(folder, OWN)
        elif key in self._entered:
            if link:
                self._skip(folder, "The link leads to a folder that was already looked through.")
        else:
            if key:
                self._entered.add(key)
            return iter(self._listed(folder))
        return iter(())

    def _listed(self, folder: str) -> list[str]:
        try:
            names = os.listdir(folder)  # noqa: PTH208
        except OSError as error:
            self._reject(folder, read_error(error, Path(folder)))
            return []
        names.sort(key=lambda name: (natural_key(name), name))
        return [os.path.join(folder, name) for name in names]  # noqa: PTH118

    def _meet(self, path: str, named: bool = False) -> None:
        if path in self._met:
            return
        self._met.add(path)
        try:
            found = os.stat(path)  # noqa: PTH116
        except OSError as error:
            self._refuse_lost(path, error)
            return
        if (found.st_dev, found.st_ino) in self._own:
            self._skip(path, OWN)
        elif not stat.S_ISREG(found.st_mode):
            kind = _KINDS.get(stat.S_IFMT(found.st_mode), "something else")
            self._skip(path, f"It is {kind}, not a file.")
        elif not (named or is_archive_name(path)) or not self._look_into(path):
            self.files.append(Found(path, found.st_size))

    def _refuse_lost(self, path: str, error: OSError) -> None:
        if error.errno == errno.ELOOP:
            self._skip(path, "The link leads in a circle.")
        elif error.errno == errno.ENOENT and os.path.islink(path):  # noqa: PTH114
            lost = UserError("The link leads to a file that does not exist.", "Mend or delete it.")
            self._reject(path, lost)
        else:
            self._reject(path, read_error(error, Path(path)))

    def _look_into(self, path: str) -> bool:
        """Whether it is an archive, whose entries are then among the files."""
        try:
            archive = open_archive(Path(path), self._scratch)
        except UserError as error:
            self._reject(path, error)
            return True
        if archive is None:
            return False
        self._archives.append(archive)
        for entry in sorted(archive.entries(), key=lambda e: (natural_key(e.name), e.name)):
            self._meet_entry(path, archive, entry)
        return True

    def _meet_entry(self, path: str, archive: Archive, entry: Entry) -> None:
        source = f"{path}!/{entry.name}"
        if entry.refused:
            rejected = bool(entry.hint)
            self.unusable.append(Unusable(source, entry.refused, entry.hint, rejected))
        elif is_archive_name(entry.name) or is_closed_archive(entry.name):
            self._skip(source, "An archive inside an archive is not opened.")
        else:
            self.files.append(Found(source, entry.size, archive, entry))

    def _skip(self, source: str, reason: str) -> None:
        self.unusable.append(Unusable(source, reason))

    def _reject(self, source: str, error: UserError) -> None:
        self.unusable.append(Unusable(source, error.message, error.hint, rejected=True))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
