"""Names: the order people expect of them, as text that SQLite can sort; what they may not hold."""

from __future__ import annotations

import re
import unicodedata

from curator.core.errors import UserError

_DIGITS = re.compile(r"\d+")
_NO_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})  # Cs: half a surrogate pair, or bytes of no text


def natural_key(name: str) -> str:
    """Text whose plain order is the natural order of `name`: "img 2" before "IMG 10".

    Each run of digits follows its length without leading zeros, as three digits, so that
    longer numbers sort after shorter ones; case is folded. SQL sorts by a stored key, so one key
    serves folders and database (natsort's keys are tuples, which no column holds).
    """
    return _DIGITS.sub(_sized, name.casefold())


def _sized(match: re.Match[str]) -> str:
    digits = "".join(str(int(digit)) for digit in match[0]).lstrip("0")
    return f"{len(digits):03d}{digits}"


def check_line(what: str, text: str) -> None:
    """Refuse what can't stand in one line of text. Raises UserError; `what` begins its sentence."""
    if any(unicodedata.category(char) in _NO_LINE for char in text):
        raise UserError(
            f"{''.join(c if c.isprintable() else '?' for c in what)} holds a line break or another "
            "character that no line of text can hold.",
            "Type it in one line.",
        )
