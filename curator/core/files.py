"""Files that never bear their name half-written, and names that every system can hold."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from curator.core.errors import UserError

# A file system writes what several threads wait for in one go: 200 files in a fifth of the time.
_SYNCS_AT_ONCE = 16
TEMP_PREFIX = ".curator-tmp-"
BLOCK_BYTES = 1 << 20
# Room for ".txt", ".xmp" or a number beside it within the 255 bytes that file systems grant a name
# and the 143 of an encrypted home folder.
NAME_BYTES = 120
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}$")
_FORBIDDEN = frozenset('<>:"/\\|?*')  # by Windows
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"]
)
_REASONS = {
    errno.ENOSPC: ("the disk is full", "Free some space, then try again."),
    errno.EDQUOT: ("your disk quota is used up", "Free some space, then try again."),
    errno.EROFS: ("the disk is read-only", "Choose a folder on a disk that can be written to."),
    errno.EACCES: ("permission is denied", "Change the permissions, or choose another folder."),
    errno.EPERM: ("permission is denied", "Change the permissions, or choose another folder."),
    errno.ENAMETOOLONG: ("the name is too long", "Choose a shorter name or folder."),
    errno.ENOENT: ("the folder does not exist", "Create it, or choose another one."),
    errno.ENOTDIR: ("its folder is a file", "Choose another folder."),
    errno.EISDIR: ("a folder of that name is in the way", "Choose another name."),
    errno.EFBIG: ("it is too big for this disk", "Choose another disk."),
    errno.EIO: ("the disk reports an error", "Check the disk, then try again."),
}


def write_error(error: OSError, path: Path) -> UserError:
    """The sentence for a failed write to `path`."""
    reason, hint = _REASONS.get(error.errno or 0, (error.strerror or str(error), ""))
    return UserError(f"{path} could not be written: {reason}.", hint)


def read_error(error: OSError, path: Path) -> UserError:
    """The sentence for a failed read of `path`."""
    if error.errno == errno.ENOENT:
        return UserError(f"{path} does not exist.", "It may have been moved or deleted.")
    reason, hint = _REASONS.get(error.errno or 0, (error.strerror or str(error), ""))
    hint = "Change the permissions of the file." if "permission" in reason else hint
    return UserError(f"{path} could not be read: {reason}.", hint)


def write_atomic(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write `data` as `path`, replacing what was there: whole or not at all, also when killed.

    Not `durable`, for caches: a power cut may leave an empty file, but nothing waits for the disk.
    Raises UserError when the disk is full, read-only or forbids it.
    """
    with _replacing(path, durable) as file:
        file.write(data)


def write_all(files: Mapping[Path, bytes]) -> None:
    """`write_atomic` for many files, which share the waits for the disk. Raises UserError."""
    temps = {path: temp_path(path.parent) for path in files}
    path = Path()
    try:
        for path, data in files.items():
            temps[path].write_bytes(data)
        sync_files(list(temps.values()))
        for path, temp in temps.items():
            temp.replace(path)
        for folder in {path.parent for path in files}:
            sync_folder(folder)
    except OSError as error:
        raise write_error(error, path) from error
    finally:
        for temp in temps.values():
            temp.unlink(missing_ok=True)


def sync_files(paths: Sequence[Path]) -> None:
    """Wait until these files are on the disk; many at once share its waits. Raises OSError."""
    with ThreadPoolExecutor(min(len(paths), _SYNCS_AT_ONCE) or 1) as pool:
        list(pool.map(_sync_file, paths))


def _sync_file(path: Path) -> None:
    with path.open("r+b") as file:  # Windows syncs only what is open for writing
        os.fsync(file.fileno())


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes as hex. Raises UserError when it can't be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
    except OSError as error:
        raise read_error(error, path) from error
    return digest.hexdigest()


def temp_path(folder: Path, suffix: str = "") -> Path:
    """A new temporary name in `folder`, which tells whose it is."""
    return folder / f"{_own_prefix()}{secrets.token_hex(8)}{suffix}"


def _own_prefix() -> str:
    return f"{TEMP_PREFIX}{os.getpid()}-"


def remove_leftovers(folder: Path) -> int:
    """Delete the temporary files that killed processes left under `folder`; returns how many.

    This process's own stay, for other threads may be writing them. Only for folders that no other
    process writes to, such as a project's own while its lock is held. Raises UserError.
    """
    own = _own_prefix()
    found = [
        Path(parent, name)
        for parent, _folders, names in os.walk(folder)
        for name in names
        if name.startswith(TEMP_PREFIX) and not name.startswith(own)
    ]
    for path in found:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise write_error(error, path) from error
    return len(found)


@contextmanager
def _replacing(path: Path, durable: bool = True) -> Iterator[BinaryIO]:
    """A new file beside `path` that takes its place if the block ends well, else vanishes."""
    temp = temp_path(path.parent)
    try:
        with temp.open("xb") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temp.replace(path)
        if durable:
            sync_folder(path.parent)
    except BaseException as error:
        with suppress(OSError):  # where it could not even be made, it can't be deleted either
            temp.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise write_error(error, path) from error
        raise


def sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def safe_name(name: str, taken: set[str]) -> str:
    """A name like `name` that every system holds and no other file bears; it is added to `taken`.

    At most 120 bytes with its extension; no separators, control or direction characters, leading
    dash or dot, or names that Windows reserves; emoji and other scripts stay. `taken` holds folded
    names (see `folded_name`): names equal but for case or normalisation never meet in one folder.
    """
    extension = match[0] if (match := _EXTENSION.search(name)) else ""
    stem = _clean(name.removesuffix(extension))
    free = _fitting(stem, "", extension)
    if folded_name(free) in taken:
        free = _numbered(stem, extension, taken)
    taken.add(folded_name(free))
    return free


def folded_name(name: str) -> str:
    """What two names share that a file system may take for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _clean(stem: str) -> str:
    """Dashes instead of what some system forbids; never empty."""
    text = unicodedata.normalize("NFC", stem)
    text = "".join("-" if _is_forbidden(char) else char for char in text)
    text = text.strip(" .").lstrip("-. ") or "unnamed"
    return f"{text}-file" if text.split(".")[0].strip().casefold() in _RESERVED else text


def _is_forbidden(char: str) -> bool:
    return (
        char in _FORBIDDEN
        or char in _BIDI
        or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")  # Cs: bytes that were no text
    )


def _fitting(stem: str, suffix: str, extension: str) -> str:
    """The three joined, the stem cut where they would be too long."""
    room = NAME_BYTES - len((suffix + extension).encode())
    if len(stem.encode()) > room:
        stem = stem.encode()[:room].decode(errors="ignore")
        while unicodedata.combining(stem[-1]) or stem[-1] in "\u200d\ufe0f. ":
            stem = stem[:-1]  # half an emoji or accent, or an end that Windows drops
    return stem + suffix + extension


def _numbered(stem: str, extension: str, taken: set[str]) -> str:
    """The first free of name-2, name-3 ...; thousands of equal names stay cheap by halving."""

    def nth(number: int) -> str:
        return _fitting(stem, f"-{number}", extension)

    used, free = 1, 2
    while folded_name(nth(free)) in taken:
        used, free = free, free * 2
    while free - used > 1:
        middle = (used + free) // 2
        if folded_name(nth(middle)) in taken:
            used = middle
        else:
            free = middle
    return nth(free)
