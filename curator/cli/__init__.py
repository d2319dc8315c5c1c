"""The window's tasks without the window: `curator COMMAND`, each with `--json` for programs."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

from curator.cli.app import run_command
from curator.cli.output import BUG, DONE, INTERRUPTED, USERS_PROBLEM, prepare_streams, tell
from curator.core.errors import UserError
from curator.core.jobs import Cancelled


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 the user's problem, 2 usage, 70 a bug.

    130 means: stopped by the user.
    """
    prepare_streams()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        run_command(arguments or ["--help"])
    except SystemExit as end:
        _flush()
        return end.code if isinstance(end.code, int) else DONE
    except UserError as error:
        tell(str(error))
        return USERS_PROBLEM
    except (Cancelled, KeyboardInterrupt):
        tell("Stopped.")
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - the command line's one handler: a bug is shown whole
        tell(traceback.format_exc())
        return BUG
    return DONE


def _flush() -> None:
    """Write out what is left; a reader who has gone away, as `head` does, is no fault."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at exit
