"""The words that the command line and the window share."""

from __future__ import annotations

import pytest

from curator.core.wording import duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (45, "45 s"), (150, "2 min"), (5400, "90 min"), (7500, "2 h 05 min")],
)
def test_durations_are_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words
