"""Learning-rate schedules as functions of the step."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.schedules import SCHEDULES, constant, cosine


@given(
    st.sampled_from(sorted(SCHEDULES)), st.integers(0, 500), st.integers(0, 50), st.integers(1, 500)
)
def test_a_share_is_never_below_0_or_above_1(name: str, step: int, warmup: int, total: int) -> None:
    assert 0 <= SCHEDULES[name](step, warmup, total) <= 1


def test_constant_stays_at_the_whole_rate() -> None:
    assert {constant(step, 0, 100) for step in range(100)} == {1.0}


def test_a_warm_up_rises_evenly_from_nothing() -> None:
    assert [constant(step, 4, 100) for step in range(6)] == [0, 0.25, 0.5, 0.75, 1, 1]


def test_cosine_falls_from_1_through_a_half_to_0() -> None:
    assert cosine(0, 0, 100) == 1
    assert cosine(50, 0, 100) == pytest.approx(0.5)
    assert cosine(100, 0, 100) == pytest.approx(0)


def test_cosine_begins_to_fall_after_its_warm_up() -> None:
    shares = [cosine(step, 10, 110) for step in (5, 10, 60, 110)]
    assert shares == [0.5, 1.0, pytest.approx(0.5), pytest.approx(0)]
