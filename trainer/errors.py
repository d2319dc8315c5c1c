"""The one error that tells whoever started a run what to mend; anything else raised is a bug."""

from __future__ import annotations


class TrainerError(Exception):
    """A run that cannot go on for a reason its owner can understand and mend.

    `message` is one sentence that names the thing, `hint` says what to do about it (may be empty).
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()
