"""How this program was called, for hints that say what to type."""

from __future__ import annotations

import os

# Set by packaging/bootstrap.py, which knows the script that the user called.
VARIABLE = "CURATOR_COMMAND"


def command(otherwise: str = "curator") -> str:
    """What the user types to start the program; `otherwise` when it was called by no script."""
    return os.environ.get(VARIABLE) or otherwise


def typed(words: str) -> str:
    """A whole command for a hint, such as "./run.sh set DIR trigger=WORD"."""
    return f"{command()} {words}"
