"""Looking into zip and tar files without unpacking them, and without trusting what they say.

Nothing is ever written under a name that stands in an archive; entries are only read.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from curator.core.errors import UserError
from curator.core.files import BLOCK_BYTES, read_error, write_error

SUFFIXES = (".zip", ".cbz", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_CLOSED = (".rar", ".cbr", ".7z", ".cb7", ".tar.zst")
CLOSED_ARCHIVE = "Archives of this kind can't be opened."
# Pictures hardly shrink; what unpacks to far more than its size was made to fill the disk.
LARGEST_RATIO = 200
HARMLESS_BYTES = 1 << 30
HARMLESS_ENTRY_BYTES = 64 << 20
MOST_ENTRIES = 500_000
UNPACK_BY_HAND = "Unpack it by hand, then import the folder."
_NO_FILE = "A link or device inside an archive is not followed."
_GET_AGAIN = "Get the archive again."
_FAULTS = (
    gzip.BadGzipFile,
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,  # a compression method that zipfile does not know
    RuntimeError,  # zipfile's word for a missing password
    ValueError,
    OverflowError,
)
_PACKED: tuple[tuple[bytes, Callable[[Path], io.BufferedIOBase]], ...] = (
    (b"\x1f\x8b", lambda path: gzip.GzipFile(path)),
    (b"BZh", lambda path: bz2.BZ2File(path)),
    (b"\xfd7zXZ\0", lambda path: lzma.LZMAFile(path)),  # noqa: SIM115
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file inside an archive. `refused`: why it isn't taken; no `hint` when that is no loss."""

    name: str
    size: int
    position: int
    refused: str = ""
    hint: str = ""


class Archive(Protocol):
    """An open archive; `open` may be called from several threads."""

    def entries(self) -> Iterator[Entry]: ...
    def open(self, entry: Entry) -> BinaryIO: ...
    def close(self) -> None: ...


def is_archive_name(name: str) -> bool:
    """Whether a name is one that archives have which can be opened here."""
    return name.casefold().endswith(SUFFIXES)


def is_closed_archive(name: str) -> bool:
    """Whether a name is one of archives that can't be opened here."""
    return name.casefold().endswith(_CLOSED)


def open_archive(path: Path, scratch: Callable[[], Path]) -> Archive | None:
    """The archive that a file is, by its content; None when it is none.

    A compressed tar is unpacked into the plain tar `scratch()`, since it can't be read in any
    order but its own. Raises UserError when it is damaged or a bomb.
    """
    try:
        with path.open("rb") as file:
            head = file.read(tarfile.BLOCKSIZE)
        with _explained():
            if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
                return _Zip(path)
            if head[257:262] == b"ustar":
                return _Tar(path)
            return _packed_tar(path, head, scratch)
    except OSError as error:
        raise read_error(error, path) from error


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        raise UserError("The archive is damaged.", UNPACK_BY_HAND) from error


class _Zip:
    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        self._infos = self._zip.infolist()
        _refuse_bomb(
            sum(info.file_size for info in self._infos), path.stat().st_size, len(self._infos)
        )

    def entries(self) -> Iterator[Entry]:
        for position, info in enumerate(self._infos):
            if not info.is_dir():
                refused, hint = _zip_refusal(info)
                yield Entry(info.filename, info.file_size, position, refused, hint)

    def open(self, entry: Entry) -> BinaryIO:
        with _explained():
            return cast(BinaryIO, _Explained(self._zip.open(self._infos[entry.position])))

    def close(self) -> None:
        self._zip.close()


def _zip_refusal(info: zipfile.ZipInfo) -> tuple[str, str]:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return _NO_FILE, ""
    if info.flag_bits & 1:
        return "It is locked with a password.", UNPACK_BY_HAND
    if info.file_size > HARMLESS_ENTRY_BYTES + LARGEST_RATIO * info.compress_size:
        return "It unpacks to far more than a picture needs.", UNPACK_BY_HAND
    return "", ""


class _Tar:
    """A plain tar, of which what can be read is taken; an `owned` file is deleted with it."""

    def __init__(self, path: Path, owned: bool = False) -> None:
        self._path, self._owned = path, owned
        self._members: list[tarfile.TarInfo] = []
        with tarfile.open(path, "r:") as tar:
            self._cut_off = not _read_members(tar, self._members)

    def entries(self) -> Iterator[Entry]:
        for position, member in enumerate(self._members):
            if not member.isdir():
                taken = member.isreg() and not member.issparse()
                yield Entry(member.name, member.size, position, "" if taken else _NO_FILE)
        if self._cut_off:
            lost = "The archive is cut off; what followed is lost."
            yield Entry("", 0, len(self._members), lost, _GET_AGAIN)

    def open(self, entry: Entry) -> BinaryIO:
        member = self._members[entry.position]
        file = self._path.open("rb")
        file.seek(member.offset_data)
        return cast(BinaryIO, io.BufferedReader(_Slice(file, member.size)))

    def close(self) -> None:
        if self._owned:
            self._path.unlink(missing_ok=True)


def _read_members(tar: tarfile.TarFile, members: list[tarfile.TarInfo]) -> bool:
    """Read all headers; whether the archive ends as one should, with a block of zeros."""
    try:
        for member in tar:
            members.append(member)
            _refuse_bomb(0, 0, len(members))
    except tarfile.ReadError:
        return False
    end = members[-1].offset_data + _in_blocks(members[-1].size) if members else 0
    file = cast(BinaryIO, tar.fileobj)
    file.seek(end)
    return file.read(tarfile.BLOCKSIZE) == bytes(tarfile.BLOCKSIZE)


def _in_blocks(size: int) -> int:
    return -(-size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE


def _packed_tar(path: Path, head: bytes, scratch: Callable[[], Path]) -> Archive | None:
    opener = next((opener for magic, opener in _PACKED if head.startswith(magic)), None)
    if opener is None:
        return None
    with opener(path) as packed:
        first = packed.read(tarfile.BLOCKSIZE)
        if first[257:262] != b"ustar":
            return None
        plain = scratch()
        try:
            _unpack(first, packed, plain, path.stat().st_size)
            return _Tar(plain, owned=True)
        except BaseException:
            plain.unlink(missing_ok=True)
            raise


def _unpack(first: bytes, packed: io.BufferedIOBase, plain: Path, packed_bytes: int) -> None:
    written = 0
    with plain.open("xb") as file:
        for block in _blocks(first, packed):
            written += len(block)
            _refuse_bomb(written, packed_bytes, 0)
            try:
                file.write(block)
            except OSError as error:
                raise write_error(error, plain) from error


def _blocks(first: bytes, packed: io.BufferedIOBase) -> Iterator[bytes]:
    """All of an unpacked stream; where it is cut off it ends, as the tar inside it then does."""
    yield first
    with suppress(EOFError):
        while block := packed.read1(BLOCK_BYTES):
            yield block


def _refuse_bomb(unpacked_bytes: int, packed_bytes: int, entries: int) -> None:
    if unpacked_bytes > HARMLESS_BYTES + LARGEST_RATIO * packed_bytes:
        raise UserError("The archive unpacks to far more than pictures need.", UNPACK_BY_HAND)
    if entries > MOST_ENTRIES:
        raise UserError(f"The archive holds more than {MOST_ENTRIES:,} files.", UNPACK_BY_HAND)


class _Slice(io.RawIOBase):
    """The next `size` bytes of a file, which it closes."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        super().__init__()
        self._file, self._left = file, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._file.read(min(len(buffer), self._left))
        if not data and self._left:
            raise UserError("The archive ends in the middle of it.", _GET_AGAIN)
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Explained(io.RawIOBase):
    """A zip entry whose faults are told in a sentence."""

    def __init__(self, file: zipfile.ZipExtFile | object) -> None:
        super().__init__()
        self._file = cast(BinaryIO, file)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(size)
        except _FAULTS as error:
            raise UserError("It is damaged inside the archive.", _GET_AGAIN) from error

    def close(self) -> None:
        self._file.close()
        super().close()
