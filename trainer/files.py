"""Files and folders that are whole or not there: written beside, then renamed."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from uuid import uuid4

from trainer.errors import TrainerError

_REASONS = {
    errno.ENOSPC: ("the disk is full", "Free some space and start again; nothing was lost."),
    errno.EDQUOT: ("the disk quota is used up", "Free some space and start again."),
    errno.EROFS: ("the disk is read-only", "Choose a folder on a disk that can be written."),
    errno.EACCES: ("writing there is not allowed", "Choose a folder that you may write to."),
    errno.EPERM: ("writing there is not allowed", "Choose a folder that you may write to."),
}


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """Give a path beside `target` to write a file to; it takes the place of `target` at the end.

    Nothing is left behind when the block fails. Raises TrainerError when the disk refuses.
    """
    with _beside(target) as temporary:
        yield temporary
        _sync(temporary)
        temporary.replace(target)
        _sync_folder(target.parent)


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """Give a new folder to fill; it gets the name `target` at the end.

    When there is a folder of that name by then, that one stays and the new one is dropped.
    """
    with _beside(target) as temporary:
        temporary.mkdir()
        yield temporary
        for path in temporary.rglob("*"):
            if path.is_file():
                _sync(path)
        _rename_folder(temporary, target)
        _sync_folder(target.parent)


def _rename_folder(temporary: Path, target: Path) -> None:
    try:
        temporary.rename(target)
    except OSError:
        if not target.is_dir():  # else another process has just made the same
            raise


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    temporary = target.with_name(f".{target.name}.{os.getpid()}.{uuid4().hex[:8]}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
    except OSError as error:
        raise disk_error(target, error) from error
    finally:
        with suppress(OSError):
            if temporary.is_dir():
                shutil.rmtree(temporary)
            else:
                temporary.unlink(missing_ok=True)


def claim_folder(folder: Path, name: str) -> None:
    """Make sure, before hours of work, that files named `name`... can be written into `folder`.

    Clears away what a killed process left half written under such names. Raises TrainerError.
    """
    claim = folder / f"{name}-step00000000.safetensors.claim"  # longer than any name to come
    with replaced(claim) as beside:
        beside.touch()
    with suppress(OSError):  # another run may have just taken it, or it may be open (Windows)
        claim.unlink()
        for left in folder.glob(f".{escape(name)}[-.]*.tmp"):
            left.unlink(missing_ok=True)


def disk_error(target: Path, error: OSError) -> TrainerError:
    """The sentence for a file that could not be written."""
    reason, hint = _REASONS.get(error.errno or 0, (error.strerror or str(error), ""))
    return TrainerError(f"{target} could not be written: {reason}.", hint)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    """Make the rename itself durable where the system lets folders be synced."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
