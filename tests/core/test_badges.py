"""Badges: the few words upon a picture, what matters most first."""

from __future__ import annotations

import pytest

from curator.core.badges import MOST, badges_of, fit_percent
from curator.core.measures import Measures
from tests.helpers.projects import record

LARGE = record(1, width=1024, height=1024)
GOOD = Measures(sharpness=70, jpeg_quality=92, blocking=2, upscaled=1, text=0, page=0)


@pytest.mark.parametrize(
    ("measures", "words"),
    [
        (GOOD, []),
        (Measures(), []),
        (Measures(sharpness=12), ["soft"]),
        (Measures(sharpness=12, upscaled=3.0), ["soft"]),
        (Measures(sharpness=60, upscaled=3.04), ["enlarged 3.0x"]),
        (Measures(jpeg_quality=31), ["JPEG 31"]),
        (Measures(blocking=80), ["JPEG blocks"]),
        (Measures(text=70), ["text?"]),
        (Measures(page=80), ["page?"]),
        (Measures(sharpness=12, jpeg_quality=20, text=90, page=90), ["soft", "JPEG 20"]),
    ],
)
def test_what_is_wrong_has_a_badge(measures: Measures, words: list[str]) -> None:
    badges = badges_of(LARGE, measures, 512)
    assert [badge.words for badge in badges] == words
    assert len(badges) <= MOST
    assert all(badge.meaning.endswith(".") for badge in badges)


def test_a_small_picture_has_one_before_it_is_measured() -> None:
    small = record(1, width=300, height=300)
    assert [badge.words for badge in badges_of(small, None, 512)] == ["small"]
    assert badges_of(small, None, 256) == ()
    assert fit_percent(small, 600) == 50
