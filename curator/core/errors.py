"""The one error that is meant for the user's eyes; anything else that is raised is a bug."""

from __future__ import annotations


class UserError(Exception):
    """Something the user can understand and mend.

    `message` says in one sentence what is wrong, `hint` what to do about it (may be empty), and
    `command` what to type on the command line; a window, which has buttons, leaves that out.
    """

    def __init__(self, message: str, hint: str = "", command: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.command = command

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.hint, self.command) if part)
