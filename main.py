"""Starts Curator: the window, a command, or the trainer of a frozen app (`--trainer run.toml`)."""

from __future__ import annotations

import os
import sys

TRAINER_FLAG = "--trainer"
OPEN = "open"  # the window on a project


def main(arguments: list[str]) -> int:
    """Run what the arguments ask for and return the exit code."""
    # Read once, when torch's OpenMP starts: idle training threads sleep instead of spinning.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    if arguments[:1] == [TRAINER_FLAG]:
        from trainer.__main__ import main as train

        return train(arguments[1:])
    if not arguments or (arguments[0] == OPEN and len(arguments) == 2 and arguments[1][:1] != "-"):
        from curator.ui.app import run

        return run(arguments[1:])
    from curator.cli import main as command_line

    return command_line(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
