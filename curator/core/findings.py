"""What the user should know about a dataset before it is trained on, and what it is about.

Each can say what to type against it; a window has buttons instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """What a finding is about."""

    NOTHING_RATED = "nothing rated"
    NO_PRIMARY = "no primary"
    OUTWEIGHED = "outweighed"
    NOT_DOUBLE = "not double"
    UNCAPTIONED = "uncaptioned"
    NO_TRIGGER = "no trigger"
    ENLARGED = "enlarged"
    REG_UNUSED = "reg unused"
    HELD_OUT = "held out"
    LEFT_OUT = "left out"
    STRANGERS = "strangers"
    COPIES_ACROSS = "copies across sets"
    TOO_HEAVY = "too heavy"
    LINT = "captions to look at"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a sentence, and as text what to type on the command line too.

    `images` are the ids of the pictures that it is about, if any, and `query` finds them where they
    are worth a look together. `fixable`: the balance can be mended by
    `balance_rules.fix_outweighed`.
    """

    about: About
    text: str
    command: str = ""
    images: tuple[int, ...] = ()
    query: str = ""
    fixable: bool = False

    def __str__(self) -> str:
        return f"{self.text} {self.command}".strip()
