"""The order people expect of file names, as text that SQLite can keep and sort."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"\d+")


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
