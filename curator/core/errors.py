"""The one error that is meant for the user's eyes; anything else that is raised is a bug."""

from __future__ import annotations


class UserError(Exception):
    """Something the user can understand and mend.

    `message` says in one sentence what is wrong, `hint` what to do about it (may be empty).
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()
