"""The folder a project lives in: what belongs to it, whether one is there, and whose it is now."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from curator.core.errors import UserError
from curator.core.files import write_error
from curator.core.view import DATABASE

LOCK = "project.lock"
FOLDERS = ("images", "cache", "dataset", "checkpoints", "samples", "logs", "runs", "backups")


class ProjectInUse(UserError):
    """Another window or command holds the project for writing."""


def own_places(root: Path) -> list[Path]:
    """The folders and files that belong to the project in `root`."""
    database = (root / f"{DATABASE}{end}" for end in ("", "-wal", "-shm"))
    return [*(root / name for name in (*FOLDERS, LOCK)), *database]


def is_unfinished(root: Path) -> bool:
    """Whether a folder is empty, or holds no more than a `create` that was cut off."""
    ours = [root / LOCK, *(root / name for name in FOLDERS)]
    return all(
        path in ours and (path.is_file() or not list(path.iterdir())) for path in [*root.iterdir()]
    )


def is_emptied(root: Path) -> bool:
    """Whether a damaged disk left a database without a byte beside what belonged to one."""
    folders = [folder for name in ("images", "backups") if (folder := root / name).is_dir()]
    return (root / DATABASE).stat().st_size == 0 and any(any(f.iterdir()) for f in folders)


def make_folders(root: Path) -> None:
    """Make those of the project's folders that are not there. Raises UserError."""
    for folder in (root / name for name in FOLDERS):
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise write_error(error, folder) from error


def take_away(root: Path) -> None:
    """Undo a `create` that failed, so that it can be tried again; the folder held nothing else."""
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", LOCK):
        (root / name).unlink(missing_ok=True)
    for name in FOLDERS:
        with suppress(OSError):
            (root / name).rmdir()


def locked(root: Path) -> FileLock:
    lock = FileLock(root / LOCK, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise ProjectInUse(
            f"{root} is open in another window or command.", "Close that one first."
        ) from None
    except OSError as error:
        raise UserError(
            f"{root} can't be written: {error.strerror or error}.",
            "Check the rights of the folder, or open a copy.",
        ) from error
    return lock
