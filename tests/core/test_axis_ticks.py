"""The numbers of an axis."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.axis_ticks import ticks


@given(low=st.floats(-1e6, 1e6), width=st.floats(1e-6, 1e6), most=st.integers(2, 12))
def test_ticks_are_few_rise_evenly_and_lie_on_the_axis(low: float, width: float, most: int) -> None:
    found = ticks(low, low + width, most)
    slack = 1e-6 * (abs(low) + width)
    assert len(found) <= most
    assert all(low - slack <= one <= low + width + slack for one in found)
    gaps = [b - a for a, b in pairwise(found)]
    assert all(gap > 0 for gap in gaps)
    assert not gaps or max(gaps) - min(gaps) <= slack


def test_ticks_are_round_numbers() -> None:
    assert ticks(0.08, 0.31, 5) == [0.1, 0.2, 0.3]
    assert ticks(1, 2712, 5) == [1000, 2000]


def test_where_there_is_no_axis_that_is_said() -> None:
    with pytest.raises(ValueError, match="no axis"):
        ticks(1, 1, 5)
    with pytest.raises(ValueError, match="no axis"):
        ticks(0, float("nan"), 5)
