"""Starts Curator's command line, and the trainer of a frozen app (`--trainer run.toml`)."""

from __future__ import annotations

import os
import sys

TRAINER_FLAG = "--trainer"


def main(arguments: list[str]) -> int:
    """Run what the arguments ask for and return the exit code."""
    # Read once, when torch's OpenMP starts: idle training threads sleep instead of spinning.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    if arguments[:1] == [TRAINER_FLAG]:
        from trainer.__main__ import main as train

        return train(arguments[1:])
    from curator.cli import main as command_line

    return command_line(arguments or ["--help"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
