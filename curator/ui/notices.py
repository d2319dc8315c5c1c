"""What the window tells the person, in plain words, and how errors become that."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass

from curator.core.errors import UserError

Button = tuple[str, Callable[[], object]]
FAULT = "Something went wrong inside Curator. What was saved is safe."
FAULT_HINT = "Going on is possible; if it happens again, start Curator anew."


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. `details` are for whoever unfolds them; errors stay until closed."""

    text: str
    hint: str = ""
    details: str = ""
    is_error: bool = False
    buttons: tuple[Button, ...] = ()


def error_notice(error: BaseException, doing: str = "") -> Notice:
    """An error as a notice: the user's in its own words, a bug's with its traceback folded away."""
    start = f"{doing}: " if doing else ""
    if isinstance(error, UserError):
        return Notice(start + error.message, error.hint, is_error=True)
    trace = "".join(traceback.format_exception(error))
    return Notice(start + FAULT, FAULT_HINT, trace, is_error=True)
