"""Which checkpoints a run keeps, by sd-scripts' rules, and where the others go."""

from __future__ import annotations

from pathlib import Path

from trainer.errors import TrainerError
from trainer.headers import read_header

_SESSION = "ss_session_id"


def outlived_epoch(epoch: int, every: int, last: int) -> int | None:
    """The epoch whose checkpoint goes when that of `epoch` is saved; None where all stay.

    e - every * last (sd-scripts, get_remove_epoch_no); `last` 0 keeps all.
    """
    gone = epoch - every * last
    return gone if last and gone > 0 else None


def outlived_step(step: int, every: int, last: int) -> int | None:
    """The step whose checkpoint goes when that of `step` is saved; `last` is in steps, not files.

    The largest multiple of every up to s - last - 1 (sd-scripts, get_remove_step_no).
    """
    gone = (step - last - 1) // every * every
    return gone if last and gone > 0 else None


def is_own(path: Path, session: str) -> bool:
    """Whether a checkpoint was written by this run, as it says itself."""
    try:
        return not path.is_symlink() and read_header(path).metadata.get(_SESSION) == session
    except TrainerError:  # there is none any more, or another one took its place
        return False


def put_away(path: Path, where: str) -> str:
    """Delete a file, or put it into the system's trash ("delete", "trash").

    Gives why it stays where it is, in a sentence, or "".
    """
    try:
        if where == "delete":
            path.unlink(missing_ok=True)
            return ""
        from send2trash import send2trash  # the app brings it; a rented machine may lack it
    except ImportError:
        return f"{path.name} was kept: the package send2trash for the trash is not installed."
    except OSError as error:
        return f"{path.name} was kept: it could not be deleted ({error.strerror or error})."
    try:
        send2trash(path)
    except OSError as error:
        return f"{path.name} was kept: the trash did not take it ({error.strerror or error})."
    return ""
