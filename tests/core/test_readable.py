"""Numbers and moments in the words that people read."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core import readable


def at(text: str) -> float:
    """A local moment."""
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (45, "45 s"), (150, "2 min"), (5400, "90 min"), (7500, "2 h 05 min")],
)
def test_durations_are_in_words(seconds: float, words: str) -> None:
    assert readable.duration(seconds) == words


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
    assert readable.size(size_bytes) == words


def test_one_is_not_many() -> None:
    assert readable.count(1, "picture") == "1 picture"
    assert readable.count(2000, "picture") == "2,000 pictures"
    assert readable.count(2, "copy", "copies") == "2 copies"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((3000, 2000), "3:2"),
        ((667, 1000), "2:3"),
        ((512, 512), "1:1"),
        ((1080, 1920), "9:16"),
        ((687, 500), "1.37:1"),
    ],
)
def test_a_ratio_is_simple_where_one_comes_near(size: tuple[int, int], words: str) -> None:
    assert readable.ratio(*size) == words


@given(st.integers(1, 100_000), st.integers(1, 100_000))
def test_every_picture_has_a_ratio_that_is_nearly_its_own(width: int, height: int) -> None:
    over, under = readable.ratio(width, height).split(":")
    assert float(over) / float(under) == pytest.approx(width / height, rel=0.011, abs=0.006)


def test_megapixels_and_shares() -> None:
    assert readable.megapixels(4000, 3100) == "12.4 MP"
    assert readable.megapixels(200, 150) == "0.03 MP"
    assert readable.percent(Fraction(16, 25)) == "64 %"
    assert readable.percent(Fraction(3, 1000)) == "0.3 %"
    assert readable.percent(0) == "0 %"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-03-01 12:00:30", "just now"),
        ("2026-03-01 11:56:00", "5 min ago"),
        ("2026-03-01 00:10:00", "today 00:10"),
        ("2026-02-28 23:59:00", "yesterday 23:59"),
        ("2026-01-09 08:05:00", "9 Jan 08:05"),
        ("2024-12-31 08:05:00", "31 Dec 2024"),
        ("2026-03-01 12:05:00", "today 12:05"),
    ],
)
def test_a_moment_is_told_in_as_few_words_as_tell_it(moment: str, words: str) -> None:
    assert readable.when(at(moment), at("2026-03-01 12:01:00")) == words


def test_a_moment_in_full() -> None:
    assert readable.moment(at("2026-11-23 14:02:09")) == "23 Nov 2026 14:02"
