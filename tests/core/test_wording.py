"""The words that the command line and the window share."""

from __future__ import annotations

import pytest

from curator.core.wording import duration, size


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (45, "45 s"), (150, "2 min"), (5400, "90 min"), (7500, "2 h 05 min")],
)
def test_durations_are_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (34_400_000, "34 MB"),
        (999_600_000, "1.0 GB"),
        (3_140_000_000, "3.1 GB"),
        (10**16, "10000 TB"),
    ],
)
def test_sizes_are_in_words(size_bytes: int, words: str) -> None:
    assert size(size_bytes) == words
